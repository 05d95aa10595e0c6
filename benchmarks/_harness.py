"""What the benchmarks share: rows of the table, percentiles, processes, a shop and a bare app.

A row run alone renews only itself: rows are kept in `results.json`, from which `results.md` is
made. A benchmark fails when what it timed was wrong, never because it was slow.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import platform
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parent.parent
CACHE = PROJECT / ".web-bench"  # what is built for the benchmarks alone
sys.path.insert(0, str(PROJECT))  # before a package of that name that a dependency brings
RESULTS = PROJECT / "benchmarks" / "results.json"
TABLE = RESULTS.with_suffix(".md")
READY_WITHIN = 90.0
LOOPBACK = "127.0.0.1"

HEADER = """# What was measured

Each figure is the shop against the least that could do the same, both taken in one run, in turns,
with the load generator on the same machine. `make bench` renews the table; `make bench ROW=p08`
renews one row. Figures of different dates or machines must not be compared; ratios may.

| # | What | Must reach | Measured | Ratio | Reached | Command | Date | Machine |
|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `reached` is None for a figure that only explains another."""

    id: str
    what: str
    must: str
    measured: str
    ratio: float | None = None
    reached: bool | None = None


def record(*rows: Row) -> None:
    """Keep these rows, in place of older ones of the same id, and print them."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    command = f"make bench ROW={Path(sys.argv[0]).stem.partition('_')[0]}"
    taken = {"command": command, "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M}"}
    for row in rows:
        kept[row.id] = {**asdict(row), **taken, "machine": machine()}
        print(_line(kept[row.id]), flush=True)
    ordered = dict(sorted(kept.items(), key=lambda item: _order(item[0])))
    _replace(RESULTS, json.dumps(ordered, ensure_ascii=False, indent=1) + "\n")
    _replace(TABLE, HEADER + "".join(f"{_line(entry)}\n" for entry in ordered.values()))


def machine() -> str:
    memory = round(psutil.virtual_memory().total / 2**30)
    return f"{os.cpu_count()} cores, {memory} GB, Python {platform.python_version()}"


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Iterable[float]) -> float:
    return percentile(values, 0.5)


def turns(rounds: int) -> Iterable[tuple[int, int]]:
    """Who goes first and second: 0 1, 1 0, 0 1 …, so that a drift of the machine meets both."""
    return [(0, 1) if number % 2 == 0 else (1, 0) for number in range(rounds)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path
) -> Generator[psutil.Process]:
    """A process for the time of the block; it and its children are ended by their ids."""
    with log.open("ab") as output:
        started = subprocess.Popen(
            command, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        process = psutil.Process(started.pid)
        try:
            yield process
        finally:
            family = [*process.children(recursive=True)] if started.poll() is None else []
            started.terminate()
            try:
                started.wait(30)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()
            for left in psutil.wait_procs(family, timeout=5)[1]:
                left.kill()


def wait_until_200(url: str, process: psutil.Process, log: Path) -> float:
    """When the first 200 came, on the monotonic clock."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(url, timeout=5) as answer,  # noqa: S310  # always our own
        ):
            answer.read()
            return time.monotonic()
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.005)
    raise SystemExit(f"{url} did not answer:\n{log.read_text(errors='replace')[-4000:]}")


def worker_of(process: psutil.Process) -> psutil.Process:
    """The process that serves: the one Granian spawned."""
    for child in process.children():
        if "spawn_main" in " ".join(child.cmdline()):
            return child
    raise SystemExit("the serving process has no worker")


def environment(**values: str) -> dict[str, str]:
    """This process's, without settings of another shop, and with these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CUENTY_", "REFLEX_"))}
    for name in ("DATABASE_URL", "REDIS_URL", "PORT"):
        kept.pop(name, None)
    programs = Path(sys.executable).parent
    path = f"{programs}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, "PATH": path, "PYTHONPATH": str(PROJECT), **values}


def _line(entry: Mapping[str, object]) -> str:
    ratio = entry["ratio"]
    reached = {True: "yes", False: "**no**", None: ""}[entry["reached"]]  # type: ignore[index]
    cells = [
        entry["id"],
        entry["what"],
        entry["must"],
        entry["measured"],
        f"{ratio:.2f}" if isinstance(ratio, float) else "",
        reached,
        f"`{entry['command']}`",
        entry["date"],
        entry["machine"],
    ]
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _order(row_id: str) -> tuple[int, str]:
    number = re.match(r"P(\d+)", row_id)
    return (int(number[1]) if number else 999, row_id)


def _replace(file: Path, text: str) -> None:
    draft = file.with_name(f".{file.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
