"""Pictures that strangers send: read in a process of their own and drawn anew.

What comes in may be made to harm its reader: a file of two kinds, a few bytes that unpack to
gigabytes, a flaw of a decoder. The reader has nothing to lose: no secret, no connection, little
memory and a few seconds. Its libraries are never loaded here.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import struct
import sys
from dataclasses import dataclass

from infra.picture_process import LOCKED, LOOK, TOO_LARGE

WITHIN = 15.0  # seconds
AT_ONCE = 2
MARKS = 8 * 4
GREYS = LOOK[0] * LOOK[1]
SAME = 12  # levels of grey, of 255
REASONS = {TOO_LARGE: "large", LOCKED: "locked"}


class PictureError(Exception):
    """`reason` is `unreadable`, `large` or `locked`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """`content` is a JPEG of ours; `original_hash` names the file it was drawn from."""

    content: bytes
    original_hash: str
    look: bytes
    marks: tuple[int, ...]


class _Readers:
    """At most so many at once, per event loop; the others wait their turn."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._room = asyncio.Semaphore(AT_ONCE)

    def room(self) -> asyncio.Semaphore:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._room = loop, asyncio.Semaphore(AT_ONCE)
        return self._room


_readers = _Readers()


async def read(content: bytes) -> Picture:
    """Raises `PictureError`."""
    async with _readers.room():
        code, answer = await _ask(content)
    look = MARKS + GREYS
    if code or len(answer) <= look:
        raise PictureError(REASONS.get(code, "unreadable"))
    return Picture(
        content=answer[look:],
        original_hash=hashlib.sha256(content).hexdigest(),
        look=answer[MARKS:look],
        marks=struct.unpack(">8i", answer[:MARKS]),
    )


async def _ask(content: bytes) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "infra.picture_process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        async with asyncio.timeout(WITHIN):
            answer, _ = await process.communicate(content)
    except TimeoutError:
        return TOO_LARGE, b""
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode or 0, answer


def alike(one: bytes, other: bytes) -> bool:
    """Whether two looks are of one picture: saving it anew changes every spot a little.

    Two receipts of one bank's app differ in a few figures, which change some spots a lot.
    """
    pairs = zip(one, other, strict=True)
    return not any(abs(here - there) > SAME for here, there in pairs)
