"""Stand-ins of outside services that answer on a loopback port of their own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol, TypeVar
from urllib.parse import parse_qs


class Fake(Protocol):
    """`over` is set at its end, so that no answer still waits."""

    url: str
    over: threading.Event


F = TypeVar("F", bound=Fake)


@contextlib.contextmanager
def answering(fake: F, kind: type[BaseHTTPRequestHandler]) -> Generator[F]:
    """Listens for as long as the block runs; its handlers know it as `fake`."""
    handler = type("Handler", (kind,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield fake
    finally:
        fake.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def single(form: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(form, keep_blank_values=True).items()}
