// Posts a file, or the lines that were pasted, and goes to its preview: `next` with the id it got.
// What was typed stays as it is when it is refused.
import { createElement as h, useRef, useState } from "react";

const FAILED = "No pudimos enviar el archivo. Revisa tu conexión e intenta de nuevo.";

export function StockUpload({ action, next, label, busyLabel, children, className }) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const sending = useRef(false);

  const refuse = (text) => {
    sending.current = false;
    setBusy(false);
    setWrong(text);
  };

  const submit = async (event) => {
    event.preventDefault();
    if (sending.current) return;
    const form = new FormData(event.currentTarget);
    const file = form.get("file");
    const text = String(form.get("text") ?? "");
    const chosen = file instanceof File && file.size > 0;
    if (!chosen && !text.trim()) {
      return refuse(form.has("text") ? "Elige un archivo o pega las líneas." : "Elige un archivo.");
    }
    if (chosen && text.trim()) return refuse("Elige un archivo o pega las líneas, no las dos cosas.");
    sending.current = true;
    setBusy(true);
    setWrong("");
    const asked = new URLSearchParams();
    if (chosen) asked.set("nombre", file.name.slice(0, 120));
    if (form.get("service_id")) asked.set("servicio", String(form.get("service_id")));
    try {
      const answer = await fetch(`${action}?${asked}`, {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream" },
        body: chosen ? file : new Blob([text]),
      });
      const said = await answer.json().catch(() => ({}));
      if (answer.status === 201) return window.location.assign(`${next}${said.id}`);
      refuse(said.errors?.file ?? said.detail ?? FAILED);
    } catch {
      refuse(FAILED);
    }
  };

  return h(
    "form",
    { onSubmit: submit, className, noValidate: true },
    children,
    h(
      "div",
      { role: "alert", className: "empty:hidden" },
      wrong && h("div", { className: "cu-alert", "data-tone": "error" }, h("p", null, wrong)),
    ),
    h(
      "button",
      { type: "submit", className: "btn btn-primary btn-block", disabled: busy },
      busy ? busyLabel : label,
    ),
  );
}
