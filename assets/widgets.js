// The few things a page does without asking the server.
import { createElement as h, Fragment, useEffect, useRef, useState } from "react";

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text);
  }
  // Plain http on a local network has no clipboard API.
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.className = "sr-only";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy refused");
}

export function CopyButton({ value, label, done, failed, description, className, children }) {
  const [said, say] = useState("");
  const timer = useRef();
  useEffect(() => () => clearTimeout(timer.current), []);
  const press = async () => {
    const result = await copy(String(value)).then(() => done, () => failed);
    say(result);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => say(""), 2500);
  };
  return h(
    Fragment,
    null,
    h(
      "button",
      { type: "button", className, onClick: press, "aria-label": description || undefined },
      children,
      h("span", { "aria-hidden": description ? true : undefined }, said || label),
    ),
    h("span", { role: "status", className: "sr-only" }, said),
  );
}

export function ShareButton({ title, text, label, done, className, children }) {
  const [said, say] = useState("");
  const press = async () => {
    if (navigator.share) {
      // Closing the sheet is no failure.
      return navigator.share({ title, text }).catch(() => {});
    }
    await copy(text);
    say(done);
    setTimeout(() => say(""), 2500);
  };
  return h(
    Fragment,
    null,
    h("button", { type: "button", className, onClick: press }, children, said || label),
    h("span", { role: "status", className: "sr-only" }, said),
  );
}

const two = (n) => String(n).padStart(2, "0");

export function remaining(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [d, hours, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  if (d > 0) return `${d} ${d === 1 ? "día" : "días"} ${hours} h`;
  if (hours > 0) return `${hours} h ${two(m)} min`;
  return `${m} min ${two(s % 60)} s`;
}

export function Countdown({ until, now, ended, className, onEnd }) {
  const end = Date.parse(until);
  // The phone's clock may be wrong: the server's instant, when given, corrects it.
  const [skew] = useState(() => (now ? Date.parse(now) - Date.now() : 0));
  const [left, setLeft] = useState(null);
  const over = useRef(false);
  useEffect(() => {
    over.current = false;
    if (Number.isNaN(end)) return setLeft(null);
    let timer;
    const tick = () => {
      const ms = end - (Date.now() + skew);
      setLeft(ms);
      if (ms > 0) {
        timer = setTimeout(tick, ms > 3600000 ? 15000 : 1000);
      } else if (!over.current) {
        over.current = true;
        onEnd?.();
      }
    };
    tick();
    return () => clearTimeout(timer);
  }, [end, skew]);
  const text = left === null ? "" : left > 0 ? remaining(left) : ended;
  return h("time", { dateTime: until, role: "timer", className }, text);
}

export function Stepper({ value = 1, min = 1, max = 10, name, label, less, more, disabled, onChange }) {
  const [count, setCount] = useState(value);
  useEffect(() => setCount(value), [value]);
  const go = (next) => {
    const held = Math.min(max, Math.max(min, Number.parseInt(next, 10) || min));
    setCount(held);
    if (held !== value) onChange?.(held);
  };
  const sign = (path) => h("svg", { viewBox: "0 0 24 24", className: "cu-icon", "aria-hidden": true }, h("path", { d: path }));
  const button = (text, step, path) =>
    h(
      "button",
      {
        type: "button",
        "aria-label": text,
        disabled: disabled || (step < 0 ? count <= min : count >= max),
        onClick: () => go(Number(count) + step),
      },
      sign(path),
    );
  return h(
    "div",
    { className: "cu-stepper", role: "group", "aria-label": label },
    button(less, -1, "M5 12h14"),
    h("input", {
      type: "number",
      inputMode: "numeric",
      name,
      min,
      max,
      value: count,
      disabled,
      "aria-label": label,
      onChange: (event) => setCount(event.target.value),
      onBlur: (event) => go(event.target.value),
    }),
    button(more, 1, "M5 12h14M12 5v14"),
  );
}

// 32 signs that a remote control types and nobody takes for others: 16 of them are 80 bits.
const SIGNS = "abcdefghijkmnpqrstuvwxyz23456789";

export function strongPassword() {
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const said = Array.from(bytes, (byte) => SIGNS[byte % SIGNS.length]).join("");
    // Services ask for a capital, a number and a sign.
    if (/^[a-z]/.test(said) && /[2-9]/.test(said)) {
      return (said[0].toUpperCase() + said.slice(1)).match(/.{4}/g).join("-");
    }
  }
}

// What is typed or made here stays here until its form is sent, and goes when its dialog closes.
export function NewPassword({ make, copy: label, done, failed, ...field }) {
  const [value, setValue] = useState("");
  const input = useRef();
  useEffect(() => {
    const around = input.current.closest("dialog");
    const forget = () => setValue("");
    around?.addEventListener("close", forget);
    return () => around?.removeEventListener("close", forget);
  }, []);
  return h(
    Fragment,
    null,
    h("input", {
      ...field,
      ref: input,
      type: "text",
      autoComplete: "off",
      autoCapitalize: "none",
      spellCheck: false,
      value,
      onChange: (event) => setValue(event.target.value),
    }),
    h(
      "div",
      { className: "flex flex-wrap items-center gap-2" },
      h("button", { type: "button", className: "btn btn-outline btn-sm", onClick: () => setValue(strongPassword()) }, make),
      value && h(CopyButton, { value, label, done, failed, className: "btn btn-ghost btn-copy btn-sm" }),
    ),
  );
}

// Runs only while something secret is on screen, and forgets it when its time or its page ends.
// A gentle one ends by time alone: it bounds a wait that something else should end.
export function Fuse({ seconds = 60, gentle = false, onEnd }) {
  const end = useRef(onEnd);
  const leaving = useRef();
  end.current = onEnd;
  useEffect(() => {
    clearTimeout(leaving.current);
    const burn = () => end.current?.();
    const timer = setTimeout(burn, seconds * 1000);
    if (gentle) return () => clearTimeout(timer);
    window.addEventListener("pagehide", burn);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pagehide", burn);
      // Deferred: React's development mode mounts every effect twice.
      leaving.current = setTimeout(burn, 0);
    };
  }, [seconds, gentle]);
  return gentle ? null : h("div", { className: "cu-fuse", "aria-hidden": true, style: { "--cu-fuse": `${seconds}s` } });
}
