"""Pictures of strangers are drawn anew, or refused; their reader is lost before we are."""

from __future__ import annotations

import io
import struct
import sys
import zlib

import pytest
from PIL import Image

from infra import picture_process, pictures
from tests.pictures import opened, receipt, saved

GPS_TAG = 0x8825
ORIENTATION_TAG = 0x0112


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "PDF"])
async def test_every_format_of_a_phone_becomes_a_jpeg_of_bounded_size(kind: str) -> None:
    drawn = await pictures.read(saved(receipt(), kind))
    picture = opened(drawn.content)
    assert picture.format == "JPEG"
    assert picture.width <= 1600
    assert picture.height <= 4800
    assert len(drawn.look) == 96 * 128


async def test_a_photo_loses_where_it_was_taken_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6
    exif[GPS_TAG] = {1: "N", 2: (19.0, 25.0, 42.0), 3: "W", 4: (99.0, 7.0, 39.0)}
    lying = Image.new("RGB", (400, 200), "white")
    lying.paste("black", (0, 0, 100, 200))
    content = saved(lying, exif=exif.tobytes())
    assert opened(content).getexif().get_ifd(GPS_TAG), "the control: it says where"
    picture = opened((await pictures.read(content)).content)
    assert not picture.getexif()
    assert b"Exif" not in (await pictures.read(content)).content
    assert picture.size == (200, 400)
    assert picture.convert("L").getpixel((100, 20)) < 40, "its left side is on top"


async def test_the_first_pages_of_a_document_stand_below_each_other() -> None:
    pages = [Image.new("RGB", (600, 800), color) for color in ("red", "green", "blue", "black")]
    content = io.BytesIO()
    pages[0].save(content, "PDF", save_all=True, append_images=pages[1:])
    picture = opened((await pictures.read(content.getvalue())).content)
    tops = [picture.getpixel((10, picture.height * n // 6)) for n in (1, 3, 5)]
    assert [max(range(3), key=pixel.__getitem__) for pixel in tops] == [0, 1, 2]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("quality", "size"), [(60, (1080, 2340)), (25, (1080, 2340)), (70, (540, 1170))]
)
async def test_a_picture_saved_again_is_known_again(quality: int, size: tuple[int, int]) -> None:
    first = await pictures.read(saved(receipt(), "PNG"))
    again = await pictures.read(saved(receipt(size=size), quality=quality))
    assert first.original_hash != again.original_hash
    assert set(first.marks) & set(again.marks)
    assert pictures.alike(first.look, again.look)


async def test_another_receipt_of_the_same_bank_is_another_picture() -> None:
    first = await pictures.read(saved(receipt("$150.00"), "PNG"))
    other = await pictures.read(saved(receipt("$153.00"), quality=70))
    assert not pictures.alike(first.look, other.look)


def png_bomb() -> bytes:
    """A hundred kilobytes that unpack to 900 million pixels; written row by row, never whole."""
    side, packer = 30_000, zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n"
    for kind, data in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")):
        check = struct.pack(">I", zlib.crc32(kind + data))
        content += struct.pack(">I", len(data)) + kind + data + check
    assert len(content) < 200_000
    return content


def pdf_bomb() -> bytes:
    """A page whose drawing unpacks to gigabytes."""
    stream = zlib.compressobj(9)
    drawn = b"".join(stream.compress(b"0 0 m 9 9 l S " * 100_000) for _ in range(1000))
    drawn += stream.flush()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    ]
    body = b"%PDF-1.4\n"
    for number, one in enumerate(objects, 1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    return body + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF"


HOSTILE = {
    "nothing": lambda: b"",
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "gif": lambda: saved(Image.new("L", (8, 8)), "GIF"),
    "a gif that calls itself a jpeg": lambda: b"\xff\xd8\xff" + saved(receipt(), "GIF"),
    "half a png": lambda: saved(receipt(), "PNG")[:2000],
    "a zip": lambda: b"PK\x03\x04" + b"\x00" * 100,
    "a broken pdf": lambda: b"%PDF-1.7\n" + b"\x00" * 1000,
    "a broken heic": lambda: b"\x00\x00\x00\x18ftypheic" + b"\x00" * 1000,
    "a webp of 268 million pixels": lambda: saved(Image.new("L", (16383, 16383)), "WEBP"),
    "png bomb": png_bomb,
    "pdf bomb": pdf_bomb,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_no_picture_or_too_much_of_one_is_refused(name: str) -> None:
    with pytest.raises(pictures.PictureError) as refused:
        await pictures.read(HOSTILE[name]())
    assert refused.value.reason in {"unreadable", "large"}


async def test_of_a_file_of_two_kinds_only_the_picture_is_left() -> None:
    content = saved(receipt()) + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in (await pictures.read(content)).content


async def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WITHIN", 0.0)
    with pytest.raises(pictures.PictureError):
        await pictures.read(saved(receipt()))


def test_the_shop_itself_never_loads_what_reads_pictures() -> None:
    script = (
        "import sys, infra.pictures, domain.receipts;"
        "print([m for m in sys.modules if m.split('.')[0] in ('PIL', 'pypdfium2', 'pillow_heif')])"
    )
    import subprocess  # noqa: PLC0415  # only here

    said = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
    assert picture_process.__doc__
