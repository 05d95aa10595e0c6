"""A program of the owner's that takes webhooks on loopback, and may be down, slow or rude.

with receiver() as program:
    program.says(500)                # from now on; `program.says(200)` again afterwards
    program.url                      # where to send
    program.got                      # what came, with its headers and body
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Got:
    path: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def type(self) -> str:
        return str(self.told["type"])

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass(slots=True)
class Receiver:
    url: str
    got: list[Got] = field(default_factory=list[Got])
    status: int = 200
    answer: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    refuses: str = ""

    def says(self, status: int, answer: bytes = b"ok", **headers: str) -> None:
        self.status, self.answer, self.headers = status, answer, headers

    @property
    def types(self) -> list[str]:
        return [one.type for one in self.got]


@contextlib.contextmanager
def receiver() -> Generator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name http.server looks for
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            program.got.append(Got(self.path, headers, body))
            refused = program.refuses and f'"{program.refuses}"' in body
            self.send_response(422 if refused else program.status)
            for name, value in program.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(program.answer)))
            self.end_headers()
            self.wfile.write(program.answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    program = Receiver(f"http://127.0.0.1:{server.server_port}/avisos")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield program
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
