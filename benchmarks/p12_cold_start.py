"""P12: from the command to the first page, of an already built app whose processes are all down.

`cuenty serve` starts its embedded database, checks its keys and serves; the bare app only serves.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from _apps import BUILT, CUENTY, bare_environment, build_bare, build_shop, seeded, shop_environment
from _harness import (
    LOOPBACK,
    PROJECT,
    Row,
    free_port,
    median,
    percentile,
    record,
    running,
    turns,
    wait_until_200,
)

ROUNDS = 6
MOST, MORE = 1.3, 1.0


def main() -> None:
    build_shop()
    build_bare()
    taken: tuple[list[float], list[float]] = ([], [])
    with seeded(keep_running=False) as data:
        for order in turns(ROUNDS):
            for which in order:
                port = free_port()
                if which == 0:
                    env = shop_environment(data.folder, port)
                    took = started([*CUENTY, "serve"], PROJECT, env, port, data.folder.parent)
                else:
                    env = bare_environment(port)
                    command = [sys.executable, "serve.py"]
                    took = started(command, BUILT, env, port, data.folder.parent)
                taken[which].append(took)
    ours, theirs = median(taken[0]), median(taken[1])
    allowed = MOST * theirs + MORE
    slowest = percentile(taken[0], 1)
    record(
        Row(
            "P12",
            f"Cold start to the first 200, embedded database included, median of {ROUNDS}",
            f"≤ {MOST} × the bare app + {MORE:.0f} s",
            f"{ours:.2f} s (slowest {slowest:.2f} s); bare {theirs:.2f} s, so {allowed:.2f} s",
            ours / theirs,
            reached=ours <= allowed,
        )
    )


def started(
    command: Sequence[str], cwd: Path, env: Mapping[str, str], port: int, folder: Path
) -> float:
    """Seconds until the front page came; everything is down again afterwards."""
    log = folder / "start.log"
    began = time.monotonic()
    with running(command, cwd=cwd, env=env, log=log) as process:
        return wait_until_200(f"http://{LOOPBACK}:{port}/", process, log) - began


if __name__ == "__main__":
    main()
