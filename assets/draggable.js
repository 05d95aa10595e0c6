// Rows that are dragged by a mouse to where another one stands.
import { createElement as h, useState } from "react";

let dragged = null;

export function Draggable({ row, fixed, onArrive, className, children }) {
  const [under, setUnder] = useState(false);
  const leave = () => setUnder(false);
  if (fixed) return h("li", { className }, children);
  return h(
    "li",
    {
      className: `${className} cu-drag ${under ? "cu-dropping" : ""}`,
      draggable: true,
      onDragStart: (event) => {
        dragged = row;
        event.dataTransfer.effectAllowed = "move";
      },
      onDragOver: (event) => {
        if (dragged === null || dragged === row) return;
        event.preventDefault();
        setUnder(true);
      },
      onDragLeave: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) leave();
      },
      onDrop: (event) => {
        event.preventDefault();
        leave();
        if (dragged !== null && dragged !== row) onArrive(dragged);
      },
      onDragEnd: () => {
        dragged = null;
        leave();
      },
    },
    children,
  );
}
