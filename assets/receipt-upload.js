// Sends a receipt: a photo or a file, what is written beside it, or both. What was typed stays as
// it is when it is refused; the page itself learns of what was taken from the server.
import { createElement as h, useRef, useState } from "react";

const FAILED = "No pudimos enviarlo. Revisa tu conexión e intenta de nuevo.";
const TAKEN = "Recibimos tu comprobante. Te avisamos aquí en cuanto lo revisemos.";
const MOST_BYTES = 8_000_000;
const HEAVY = "El archivo pesa más de 8 MB. Envía una captura de pantalla o una foto más ligera.";
const LIGHT_BYTES = 2_500_000;
const LONGEST_SIDE = 2400;
const KINDS = "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf";

// A phone's photo of many megabytes says no more than one of some hundred kilobytes.
async function lighter(file) {
  if (file.size <= LIGHT_BYTES || !file.type.startsWith("image/")) return file;
  try {
    const drawn = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(drawn.width * scale);
    canvas.height = Math.round(drawn.height * scale);
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return small && small.size < file.size ? small : file;
  } catch {
    return file;
  }
}

function post(action, form, onProgress) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", action);
    request.responseType = "json";
    request.upload.onprogress = (event) =>
      event.lengthComputable && onProgress(Math.round((100 * event.loaded) / event.total));
    request.onload = () => done({ status: request.status, said: request.response ?? {} });
    request.onerror = request.onabort = fail;
    request.send(form);
  });
}

const weight = (bytes) =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

function Wrong({ id, children }) {
  return children ? h("p", { id, className: "cu-error", role: "alert" }, children) : null;
}

function Field({ name, label, hint, wrong, ...input }) {
  const told = [hint && `receipt-${name}-hint`, wrong && `receipt-${name}-error`].filter(Boolean);
  return h(
    "div",
    { className: "cu-field" },
    h("label", { htmlFor: `receipt-${name}` }, label),
    h("input", {
      id: `receipt-${name}`,
      name,
      className: "input",
      "aria-invalid": Boolean(wrong),
      "aria-describedby": told.join(" ") || undefined,
      autoComplete: "off",
      ...input,
    }),
    hint && h("p", { id: `receipt-${name}-hint`, className: "cu-muted cu-small" }, hint),
    h(Wrong, { id: `receipt-${name}-error` }, wrong),
  );
}

export function ReceiptUpload({ action, today, amount, camera, folder, className }) {
  const [file, setFile] = useState(null);
  const [wrong, setWrong] = useState({});
  const [said, setSaid] = useState("");
  const [progress, setProgress] = useState(null);
  const [open, setOpen] = useState(false);
  const sending = useRef(false);

  const choose = (event) => {
    const [chosen] = event.currentTarget.files;
    event.currentTarget.value = "";
    if (!chosen) return;
    setFile(chosen);
    setSaid("");
    setWrong({});
  };

  const refuse = (errors, notice = "") => {
    setWrong({ ...errors, notice });
    if (errors.tracking_key || errors.bank || errors.paid_on || errors.amount) setOpen(true);
  };

  const submit = async (event) => {
    event.preventDefault();
    if (sending.current) return;
    const page = event.currentTarget;
    const form = new FormData(page);
    if (!file && !String(form.get("tracking_key")).trim()) {
      return refuse({ file: "Elige una foto o un PDF, o escribe la clave de rastreo." });
    }
    sending.current = true;
    setProgress(0);
    setWrong({});
    setSaid("");
    try {
      if (file) {
        const content = await lighter(file);
        if (content.size > MOST_BYTES) return refuse({ file: HEAVY });
        form.set("file", content, "comprobante");
      }
      const answer = await post(action, form, setProgress);
      if (answer.status === 201) {
        setFile(null);
        setOpen(false);
        page.reset();
        return setSaid(TAKEN);
      }
      const errors = answer.status === 413 ? { file: HEAVY } : (answer.said.errors ?? {});
      refuse(errors, Object.keys(errors).length ? "" : (answer.said.detail ?? FAILED));
    } catch {
      refuse({}, FAILED);
    } finally {
      sending.current = false;
      setProgress(null);
    }
  };

  const busy = progress !== null;
  const pick = (label, look, drawing, more) =>
    h(
      "label",
      { className: `btn ${look}` },
      drawing,
      label,
      h("input", { type: "file", className: "sr-only", onChange: choose, disabled: busy, ...more }),
    );

  return h(
    "form",
    { onSubmit: submit, className, noValidate: true },
    h(
      "div",
      { className: "cu-field", role: "group", "aria-label": "Foto o archivo del comprobante" },
      h(
        "div",
        { className: "cu-picks" },
        pick("Tomar foto", "btn-outline cu-camera", camera, {
          accept: "image/*",
          capture: "environment",
        }),
        pick("Elegir foto o PDF", "btn-outline", folder, { accept: KINDS }),
      ),
      file &&
        h(
          "p",
          { className: "cu-picked" },
          h("span", null, file.name),
          h("span", { className: "cu-muted cu-small cu-num" }, weight(file.size)),
          !busy &&
            h(
              "button",
              { type: "button", className: "btn btn-ghost btn-sm", onClick: () => setFile(null) },
              "Quitar",
            ),
        ),
      h(Wrong, { id: "receipt-file-error" }, wrong.file),
    ),
    h(
      "details",
      { open, onToggle: (event) => setOpen(event.currentTarget.open), className: "cu-more" },
      h("summary", null, "Escribir la clave de rastreo"),
      h(
        "div",
        { className: "cu-stack" },
        h(Field, {
          name: "tracking_key",
          label: "Clave de rastreo",
          hint: "Viene en el detalle de tu transferencia.",
          wrong: wrong.tracking_key,
          maxLength: 40,
          autoCapitalize: "characters",
          spellCheck: false,
        }),
        h(Field, {
          name: "bank",
          label: "Banco desde el que transferiste",
          wrong: wrong.bank,
          maxLength: 60,
        }),
        h(Field, {
          name: "paid_on",
          label: "Día de la transferencia",
          type: "date",
          max: today,
          defaultValue: today,
          wrong: wrong.paid_on,
        }),
        h(Field, {
          name: "amount",
          label: "Cuánto transferiste (opcional)",
          placeholder: amount,
          inputMode: "decimal",
          wrong: wrong.amount,
        }),
      ),
    ),
    h(
      "div",
      { role: "alert", className: "empty:hidden" },
      wrong.notice &&
        h("div", { className: "cu-alert", "data-tone": "error" }, h("p", null, wrong.notice)),
    ),
    h(
      "div",
      { role: "status", className: "empty:hidden" },
      said && h("div", { className: "cu-alert", "data-tone": "success" }, h("p", null, said)),
    ),
    busy && h("progress", { className: "cu-sending", max: 100, value: progress, "aria-label": "Envío" }),
    h(
      "button",
      { type: "submit", className: "btn btn-primary btn-block", disabled: busy },
      busy ? (progress < 100 ? `Enviando… ${progress} %` : "Revisando el archivo…") : "Enviar comprobante",
    ),
  );
}
