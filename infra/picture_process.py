"""Draws anew what somebody sent as a picture, in a process of its own that may be lost.

Run by `infra.pictures` with nothing in its environment, bounded in memory and time. The content
comes in on stdin, whatever it calls itself; out go the look and the JPEG, or an exit code.
"""

# ruff: noqa: PLC0415  # libraries are loaded by the one format that needs them
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

UNREADABLE, TOO_LARGE, LOCKED = 2, 3, 4
MEMORY, SECONDS = 1 << 30, 10
MOST_PIXELS = 40_000_000
MOST_DRAFT_PIXELS = 120_000_000  # of a JPEG, which is decoded at a fraction of its size
MOST_WIDTH, MOST_HEIGHT = 1600, 4800
MOST_PAGES = 3
PAGE = (1200, 1600)
LOOK = (96, 128)
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
QUALITY = 85


class RefusedError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def draw(content: bytes) -> Picture:
    """Upright, without transparency, of bounded size; nothing but pixels is left of the file."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # each format is held to our own limit, before it is decoded
    picture = _reader(content)(content)
    picture.thumbnail((MOST_WIDTH * 2, MOST_HEIGHT * 2), Image.Resampling.BOX)
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((MOST_WIDTH, MOST_HEIGHT), Image.Resampling.LANCZOS)
    if upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGBA")
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright.getchannel("A"))
        return paper
    return upright.convert("RGB")


def _reader(content: bytes) -> Callable[[bytes], Picture]:
    """By its first bytes alone."""
    if content.startswith(b"\xff\xd8\xff"):
        return lambda found: _open(found, "JPEG", MOST_DRAFT_PIXELS)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return lambda found: _open(found, "PNG", MOST_PIXELS)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return lambda found: _open(found, "WEBP", MOST_PIXELS)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return _open_heic
    if content.startswith(b"%PDF-"):
        return _draw_pages
    raise RefusedError(UNREADABLE)


def _open(content: bytes, kind: str, most: int) -> Picture:
    from PIL import Image

    picture = Image.open(io.BytesIO(content), formats=[kind])
    if picture.width * picture.height > most:
        raise RefusedError(TOO_LARGE)
    picture.draft("RGB", (MOST_WIDTH, MOST_WIDTH))  # a JPEG's decoder can do so, no other
    if picture.width * picture.height > MOST_PIXELS:
        raise RefusedError(TOO_LARGE)
    picture.load()
    return picture


def _open_heic(content: bytes) -> Picture:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    return _open(content, "HEIF", MOST_PIXELS)


def _draw_pages(content: bytes) -> Picture:
    """The first pages of a document below each other."""
    import pypdfium2
    from PIL import Image

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise RefusedError(LOCKED if "password" in str(error).lower() else UNREADABLE) from error
    pages: list[Picture] = []
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        width, height = page.get_size()
        scale = min(PAGE[0] / max(width, 1), PAGE[1] / max(height, 1), 4)
        pages.append(page.render(scale=scale).to_pil().convert("RGB"))
    if not pages:
        raise RefusedError(UNREADABLE)
    size = max(page.width for page in pages), sum(page.height for page in pages)
    paper, top = Image.new("RGB", size, "white"), 0
    for page in pages:
        paper.paste(page, (0, top))
        top += page.height
    return paper


def look_of(picture: Picture) -> bytes:
    """The marks that find it (8 × 4 bytes), then its small grey copy.

    A mark is 32 comparisons of neighbours; a picture saved again keeps at least one of them.
    """
    from PIL import Image

    grey = picture.convert("L")
    cells = grey.resize((17, 16), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(16):
        for left, right in zip(
            cells[row * 17 : row * 17 + 16], cells[row * 17 + 1 : row * 17 + 17], strict=True
        ):
            bits = bits << 1 | (left > right + 4)
    small = grey.resize(LOOK, Image.Resampling.BILINEAR).tobytes()
    return bits.to_bytes(32) + small


def main() -> int:
    _limit()
    content = sys.stdin.buffer.read()
    try:
        picture = draw(content)
        drawn = io.BytesIO()
        picture.save(drawn, "JPEG", quality=QUALITY, optimize=True)
        sys.stdout.buffer.write(look_of(picture) + drawn.getvalue())
    except RefusedError as refusal:
        return refusal.code
    except Exception:  # noqa: BLE001  # decoders of hostile bytes raise whatever they like
        return UNREADABLE
    return 0


def _limit() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    sys.exit(main())
