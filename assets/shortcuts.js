// A letter presses the button that names it, unless somebody types, a dialog asks or a key of the
// browser's own is meant.
import { useEffect } from "react";

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

export function Shortcuts() {
  useEffect(() => {
    const press = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
      const letter = event.key.toLowerCase();
      if (!/^[a-z]$/.test(letter)) return;
      const button = document.querySelector(`[data-shortcut="${letter}"]:not(:disabled)`);
      if (!button) return;
      event.preventDefault();
      button.click();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return null;
}
