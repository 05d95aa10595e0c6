"""The two apps that are compared: the shop, and a bare Reflex app, each served as it is shipped."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil
from _harness import (
    CACHE,
    LOOPBACK,
    PROJECT,
    environment,
    free_port,
    running,
    wait_until_200,
    worker_of,
)

BARE = PROJECT / "benchmarks" / "bare"
BUILT = CACHE / "bare"
MARK = BUILT / "built.sha256"
BUILD_ORIGIN = "http://build.invalid"
CUENTY = (sys.executable, "-m", "cuenty_app.cli")
EXPORT = ("--frontend-only", "--no-zip", "--env", "prod")


@dataclass(frozen=True, slots=True)
class App:
    """A served app; `main` is the process that was started, `worker` the one that serves."""

    origin: str
    main: psutil.Process
    worker: psutil.Process
    log: Path

    def url(self, path: str = "/") -> str:
        return f"{self.origin}{path}"


@dataclass(frozen=True, slots=True)
class Data:
    """A shop's data folder with an empty or seeded database, and how to reach it."""

    folder: Path
    url: str


@contextlib.contextmanager
def folder() -> Generator[Path]:
    """A short path, for sockets; root's database server, another user, must pass through it."""
    made = Path(tempfile.mkdtemp(prefix="cuenty-"))
    if os.geteuid() == 0:
        made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def seeded(*, keep_running: bool = True) -> Generator[Data]:
    """A seeded shop on its own embedded database, into which this process may look, too.

    Without `keep_running` the database is down, and its address empty.
    """
    with folder() as base:
        data = base / "shop"
        point_at(data)
        seed = [*CUENTY, "seed"]
        if not keep_running:
            subprocess.run(seed, cwd=PROJECT, env=shop_environment(data), check=True)
            yield Data(data, "")
            return
        from infra.embedded import EmbeddedServer  # noqa: PLC0415  # after the settings point there

        with EmbeddedServer(data) as url:
            point_at(data, url)
            subprocess.run(seed, cwd=PROJECT, env=shop_environment(data), check=True)
            yield Data(data, url)


def point_at(data: Path, url: str = "") -> None:
    """Make this process's own settings those of the shop that is measured."""
    from infra.settings import settings  # noqa: PLC0415

    os.environ.update({"CUENTY_ENV": "demo", "CUENTY_DATA_DIR": str(data), "DATABASE_URL": url})
    settings.cache_clear()


def shop_environment(data: Path, port: int = 3000, **more: str) -> dict[str, str]:
    return environment(CUENTY_ENV="demo", CUENTY_DATA_DIR=str(data), PORT=str(port), **more)


def build_shop() -> None:
    """The pages, if a source changed."""
    with folder() as base:
        env = shop_environment(base)
        subprocess.run([*CUENTY, "build"], cwd=PROJECT, env=env, check=True)


@contextlib.contextmanager
def shop(data: Path, **more: str) -> Generator[App]:
    """The built shop on this data, as `cuenty serve` serves it."""
    port = free_port()
    log = data.parent / "shop.log"
    with running(
        [*CUENTY, "serve"], cwd=PROJECT, env=shop_environment(data, port, **more), log=log
    ) as main:
        wait_until_200(f"http://{LOOPBACK}:{port}/", main, log)
        yield App(f"http://localhost:{port}", main, worker_of(main), log)


@contextlib.contextmanager
def bare(database_url: str = "", **more: str) -> Generator[App]:
    """The built bare app, on the shop's own database when it is to read a row."""
    build_bare()
    port = free_port()
    log = CACHE / "bare.log"
    log.unlink(missing_ok=True)
    env = bare_environment(port, BARE_DATABASE_URL=database_url, **more)
    with running([sys.executable, "serve.py"], cwd=BUILT, env=env, log=log) as main:
        wait_until_200(f"http://{LOOPBACK}:{port}/", main, log)
        yield App(f"http://localhost:{port}", main, worker_of(main), log)


def bare_environment(port: int, **more: str) -> dict[str, str]:
    return environment(PORT=str(port), **more)


def build_bare() -> None:
    """With the settings of the shop's build; kept until its source or Reflex changes."""
    from cuenty_app.frontend import follow_the_page  # noqa: PLC0415

    sources = sorted(file for file in BARE.rglob("*.py") if "__pycache__" not in file.parts)
    texts = [version("reflex").encode(), *(file.read_bytes() for file in sources)]
    fingerprint = hashlib.sha256(b"\0".join(texts)).hexdigest()
    if MARK.is_file() and MARK.read_text(encoding="ascii") == fingerprint:
        return
    print("Building the bare app …", file=sys.stderr)
    MARK.unlink(missing_ok=True)
    shutil.copytree(BARE, BUILT, dirs_exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "reflex", "export", *EXPORT],
        cwd=BUILT,
        env=environment(
            REFLEX_USE_NPM="1",
            REFLEX_API_URL=BUILD_ORIGIN,
            REFLEX_DEPLOY_URL=BUILD_ORIGIN,
            NPM_CONFIG_UPDATE_NOTIFIER="false",
            NPM_CONFIG_REGISTRY=os.environ.get("NPM_CONFIG_REGISTRY") or _registry(),
            NO_COLOR="1",
        ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    client = BUILT / ".web" / "build" / "client"
    if done.returncode != 0 or not (client / "index.html").is_file():
        raise SystemExit(f"the bare app cannot be built:\n{(done.stdout + done.stderr)[-4000:]}")
    follow_the_page(client)
    MARK.write_text(fingerprint, encoding="ascii")


def _registry() -> str:
    """The one npm is configured for, since Reflex would else measure two public ones."""
    npm = Path(sys.executable).parent / "npm"
    asked = subprocess.run(
        [str(npm), "config", "get", "registry"], env=environment(), capture_output=True, check=True
    )
    return asked.stdout.decode().strip()
