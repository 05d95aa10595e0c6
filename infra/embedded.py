"""The PostgreSQL that Cuenty brings along: started, shared, watched and stopped by its users.

Every process that uses one data folder holds a shared lock on it. The first starts the server, the
others join it, and the last to leave stops it, whoever started it; a killed process gives up its
lock by dying. Starting and stopping happen under a second, exclusive lock, so two never race.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

import psycopg

from infra.embedded_engine import (
    PORT,
    SYSTEM_USER,
    VERSION,
    EmbeddedServerError,
    Engine,
    find_engine,
    initialise,
    make_data_folder,
    socket_folder,
)
from infra.embedded_process import (
    clear_remains,
    is_ready,
    server_pid,
    socket_in_use,
    trim,
    works_in,
)

__all__ = ["EmbeddedServer", "EmbeddedServerError"]

DATABASE = "cuenty"
LOCK = "postgres.lock"  # held, alone, while the server starts or stops
USERS = "postgres.users"  # held, shared, by every process that uses the server
PAUSES = (0.05, 0.1, 0.3, 0.6, 0.9, 1.2, 1.4, 1.5)  # eight tries over six seconds
READY_WITHIN = 120.0  # replaying the log of a big database after a power cut takes its time
STOPPED_WITHIN = 20.0
# What a server killed a moment ago leaves behind; each passes by itself.
PASSING = ("lock file", "shared memory", "another postmaster", "in use")

logger = logging.getLogger(__name__)


class EmbeddedServer:
    """One shop's server. `durable=False` (tests) trades safety after a power cut for speed."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self.cluster = self.data_dir / "postgres"
        self.log = self.data_dir / "postgres.log"
        self._durable = durable
        self._engine: Engine | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._held: IO[bytes] | None = None
        self._holder = 0
        self._watcher: threading.Thread | None = None
        self._leaving = threading.Event()

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> str:
        """Start or join the server and return its URL; the same process may call it again."""
        if self._held is None:
            make_data_folder(self.data_dir)
            for file in (self.log, self.data_dir / LOCK, self.data_dir / USERS):
                file.touch(mode=0o600)
            with self._alone():
                self._ensure_running()
                self._held = (self.data_dir / USERS).open("ab")
                fcntl.flock(self._held, fcntl.LOCK_SH)
                self._holder = os.getpid()
            atexit.register(self.stop)
            self._leaving.clear()
            self._watcher = threading.Thread(target=self._watch, name="postgres", daemon=True)
            self._watcher.start()
        return self.url()

    def url(self, database: str = DATABASE) -> str:
        """For libpq, psycopg and SQLAlchemy (as `postgresql+psycopg://`)."""
        folder = socket_in_use(self.cluster)
        if folder is None:
            raise EmbeddedServerError(f"no embedded PostgreSQL is running in {self.data_dir}")
        return (
            f"postgresql://{SYSTEM_USER}@/{quote(database)}?host={quote(str(folder))}&port={PORT}"
        )

    def is_running(self) -> bool:
        """Whether this data folder's own server answers a query, whoever started it."""
        folder = socket_in_use(self.cluster)
        if folder is None:
            return False
        try:
            with _connect(folder, "postgres") as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.Error:
            return False
        return row is not None and Path(str(row[0])) == self.cluster

    def stop(self) -> None:
        """Leave; the last to leave stops the server and waits until its data is on disk."""
        if self._held is None or self._holder != os.getpid():  # a fork inherits, it does not hold
            return
        atexit.unregister(self.stop)
        self._leaving.set()
        if self._watcher is not None:
            self._watcher.join()
        with self._alone():
            held, self._held = self._held, None
            with held:
                fcntl.flock(held, fcntl.LOCK_UN)
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._shut_down()
        if self._process is not None:
            self._process.returncode = self._process.poll() or 0  # others may still use our child
            self._process = None

    @contextlib.contextmanager
    def _alone(self) -> Generator[None]:
        """Only one process at a time changes whether the server runs."""
        deadline = time.monotonic() + READY_WITHIN + STOPPED_WITHIN
        with (self.data_dir / LOCK).open("ab") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise EmbeddedServerError(
                            f"another process has been starting or stopping {self.cluster} too long"
                        ) from None
                    time.sleep(0.02)
            yield

    def _ensure_running(self) -> None:
        if self.is_running():
            return
        trim(self.log)
        self._engine = engine = self._engine or find_engine(self.data_dir)
        if not self.cluster.exists():
            initialise(engine, self.cluster, durable=self._durable)
        self._check_version()
        self._launch(engine)
        self._ensure_database()

    def _check_version(self) -> None:
        mark = self.cluster / "PG_VERSION"
        found = mark.read_text(encoding="ascii").strip() if mark.is_file() else "nothing"
        if found != VERSION:
            raise EmbeddedServerError(
                f"{self.cluster} holds {found}, not a PostgreSQL {VERSION} database: "
                "restore a backup there or move it away"
            )

    def _launch(self, engine: Engine) -> None:
        folder = socket_folder(engine, self.data_dir)
        unsafe = () if self._durable else ("-F", "-c", "full_page_writes=off")
        arguments = ("-D", str(self.cluster), "-k", str(folder), "-p", str(PORT), *unsafe)
        command = engine.command("postgres", *arguments, "-c", "listen_addresses=")
        said = ""
        for attempt, pause in enumerate(PAUSES):
            with self.log.open("ab") as log:
                mark = log.tell()
                process = engine.spawn(command, log)
            if self._becomes_ready(process):
                self._process = process
                return
            said = self.log.read_bytes()[mark:].decode(errors="replace").strip()
            if not any(sign in said for sign in PASSING):
                break
            if self.is_running():
                return
            if attempt > 1:
                clear_remains(self.cluster)
            time.sleep(pause)
        last = " / ".join(said.splitlines()[-5:]) or "it wrote nothing"
        raise EmbeddedServerError(
            f"PostgreSQL did not start in {self.cluster}: {last} ({self.log})"
        )

    def _becomes_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + READY_WITHIN
        while process.poll() is None:
            if is_ready(self.cluster, process.pid):
                return True
            if time.monotonic() > deadline:
                process.send_signal(signal.SIGINT)
                process.wait()
                raise EmbeddedServerError(f"PostgreSQL was not ready in time: see {self.log}")
            time.sleep(0.01)
        return False

    def _ensure_database(self) -> None:
        folder = socket_in_use(self.cluster)
        assert folder is not None  # noqa: S101  # it has just become ready
        with _connect(folder, "postgres") as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, (DATABASE,)).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _shut_down(self) -> None:
        """Fast shutdown: sessions end, everything committed is written; then the hard way."""
        if (pid := server_pid(self.cluster)) is None:
            return
        for order in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, order)
            deadline = time.monotonic() + STOPPED_WITHIN
            while time.monotonic() < deadline:
                if self._process is not None:
                    self._process.poll()
                if not works_in(self.cluster, pid):
                    return
                time.sleep(0.01)
        raise EmbeddedServerError(f"PostgreSQL (process {pid}) does not stop: see {self.log}")

    def _watch(self) -> None:
        """A server killed under a running shop is started again; its log stays bounded."""
        while not self._leaving.wait(0.5):
            trim(self.log)
            if self._process is not None:
                self._process.poll()
            if server_pid(self.cluster) is not None:
                continue
            logger.warning("The embedded PostgreSQL ended unexpectedly; starting it again")
            try:
                with self._alone():
                    self._ensure_running()
            except (EmbeddedServerError, psycopg.Error):
                logger.exception("The embedded PostgreSQL cannot be started again yet")


def _connect(folder: Path, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(folder),
        port=PORT,
        user=SYSTEM_USER,
        dbname=database,
        connect_timeout=3,
        autocommit=True,
    )
