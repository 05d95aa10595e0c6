"""A look at the server from outside: its pid file, its processes and its log."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

PROC = Path("/proc")
LOG_LIMIT = 8 * 1024 * 1024
LOG_KEPT = 1024 * 1024


def postmaster(cluster: Path) -> list[str]:
    """The server's own pid file: pid, data, start, port, socket folder, address, memory, state."""
    try:
        return (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def server_pid(cluster: Path) -> int | None:
    """The process in the pid file, if it lives and is this data folder's own server."""
    lines = postmaster(cluster)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    return pid if works_in(cluster, pid) else None


def socket_in_use(cluster: Path) -> Path | None:
    lines = postmaster(cluster)
    return Path(lines[4]) if len(lines) > 4 and lines[4] else None  # noqa: PLR2004  # fifth line


def is_ready(cluster: Path, pid: int) -> bool:
    lines = postmaster(cluster)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004


def works_in(cluster: Path, pid: int) -> bool:
    """Whether a process belongs to this cluster; a number may have been given away since."""
    try:
        os.kill(pid, 0)
        return not PROC.exists() or (PROC / str(pid) / "cwd").readlink() == cluster
    except PermissionError:  # root without ptrace rights, as in most containers
        return os.fsencode(cluster) in _command(pid)
    except OSError:
        return False


def clear_remains(cluster: Path) -> None:
    """Make way for a new server after a hard kill; call it with the old one known to be dead.

    Sessions that outlived it hold its shared memory: they are ended. With none left, a pid file
    whose number now belongs to a stranger (the usual case after a container restart) is removed;
    while any other PostgreSQL cannot be told apart from a session of ours, the file stays.
    """
    if not PROC.exists():
        return
    others = [int(entry.name) for entry in PROC.glob("[0-9]*")]
    left = [pid for pid in others if works_in(cluster, pid)]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
    if not left and not any(_is_opaque_postgres(pid) for pid in others):
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _is_opaque_postgres(pid: int) -> bool:
    try:
        (PROC / str(pid) / "cwd").readlink()
    except PermissionError:
        return b"postgres" in _command(pid)
    except OSError:
        return False
    return False


def _command(pid: int) -> bytes:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""


def trim(log: Path) -> None:
    """Keep the end of a log grown too long; the server appends, so it can be cut under its pen."""
    if not log.exists() or log.stat().st_size <= LOG_LIMIT:
        return
    with log.open("r+b") as file:
        file.seek(-LOG_KEPT, os.SEEK_END)
        kept = file.read()
        file.seek(0)
        file.write(kept)
        file.truncate()
