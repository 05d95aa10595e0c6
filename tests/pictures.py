"""Receipts as banks' apps draw them, in the formats phones save."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

SIZE = (1080, 2340)


def receipt(amount: str = "$150.00", *, size: tuple[int, int] = SIZE) -> Image.Image:
    """The screenshot of a transfer; those of one bank differ in what they say alone."""
    picture = Image.new("RGB", SIZE, "#f4f6fa")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, SIZE[0], 300), fill="#072146")
    font = ImageFont.load_default(48)
    draw.text((60, 120), "Banco de prueba", fill="white", font=font)
    for row, text in enumerate(("Transferencia exitosa", amount, "Cuenta destino 1234")):
        draw.text((60, 420 + row * 160), text, fill="#111111", font=font)
    return picture.resize(size)


def saved(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    """As a file; `HEIF` is what iPhones take photos in."""
    if kind == "HEIF":
        import pillow_heif  # noqa: PLC0415  # only where it is asked for

        pillow_heif.register_heif_opener()
    content = io.BytesIO()
    picture.save(content, kind, **how)
    return content.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
