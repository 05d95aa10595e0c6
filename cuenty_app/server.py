"""Serve pages, socket and API on one port, as `reflex run --env prod` does once it has compiled.

Reflex would compile again on every start; the pages are on disk, so the app is told to skip that
and to mount them. Access is not logged: the socket's address carries the visitor's token.
"""

from __future__ import annotations

import errno
import gc
import importlib
import multiprocessing
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from typing import Any

import click

from cuenty_app import frontend
from infra.settings import PROJECT, settings

APP = "cuenty_app.server:app"
STOPPED_WITHIN = 10  # seconds a worker gets for the events under way
READY_WITHIN = 120.0


class ServingError(Exception):
    """The shop cannot be served; the message says what to change."""


def check_port() -> None:
    """Refuse a taken port before anything else is done."""
    shop = settings()
    family = socket.AF_INET6 if ":" in shop.listen else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((shop.listen, shop.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ServingError(f"Cannot listen on {shop.listen}:{shop.port}: {error}") from None
            raise ServingError(
                f"Port {shop.port} is taken: stop the other program, or choose another port, "
                f"for example PORT={shop.port + 100} make run"
            ) from None


def serve() -> None:
    """Serve until SIGTERM or Ctrl-C; the app's own shutdown has ended when this returns."""
    from granian.constants import Interfaces, Loops  # noqa: PLC0415  # only serving needs it
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415
    from reflex_base.constants import Env  # noqa: PLC0415
    from reflex_base.environment import environment  # noqa: PLC0415

    check_port()
    if not frontend.is_built():
        raise ServingError("The pages are not built yet: run `cuenty build`")
    shop = settings()
    frontend.address_sitemap(shop.origin)
    os.chdir(PROJECT)
    environment.REFLEX_ENV_MODE.set(Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    # The worker begins afresh: a fork would inherit the database's lock and watcher.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        target=APP,
        factory=True,
        address=shop.listen,
        port=shop.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=1,
        workers_kill_timeout=STOPPED_WITHIN,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.on_startup(lambda: threading.Thread(target=_announce, daemon=True).start())
    server.serve()


def app() -> Any:
    """What a worker serves. It ends with the process that started it, even a killed one."""
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    # What is imported stays: looking through it for garbage would take a fifth of the start, and
    # later a fifth of a second, with every visitor waiting, at each full collection.
    gc.disable()
    module: Any = importlib.import_module("cuenty_app.cuenty_app")
    served = module.app()
    gc.freeze()
    gc.enable()
    return served


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _announce() -> None:
    """One line, once the shop really answers."""
    shop = settings()
    here = "127.0.0.1" if shop.listen in {"0.0.0.0", "::"} else shop.listen  # noqa: S104
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{here}:{shop.port}/ping", timeout=5):
                mode = "demo: admin / admin123" if shop.demo else "production"
                click.echo(f"Cuenty is ready at {shop.origin} ({mode}). Ctrl-C stops it.")
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
