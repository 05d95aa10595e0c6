"""P11: the front page on a phone with a slow line, against a page with one button.

Bytes are those on the wire until nothing more is asked for. The first useful click is the first
moment at which the page's own button can be tapped and the tap is answered: for the shop that
needs the shelves, so the socket and the database; the bare page's button needs neither.
Lighthouse comes from npm into a folder of its own; without it its rows are left as they were.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from _apps import App, bare, build_shop, seeded, shop
from _browser import FLAGS, browser, chromium, phone
from _harness import CACHE, Row, environment, record, turns
from playwright.async_api import Browser, CDPSession, Page

ROUNDS = 9
MOST_BYTES = 215 * 1024
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
ATTEMPTS = 4
LIGHTHOUSE = CACHE / "lighthouse"
MUST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
BUTTON = {
    "shop": "document.querySelector('main button[aria-label^=Agregar]')",
    "bare": "document.querySelector('#tap')",
}
ANSWER = {
    "shop": "document.querySelector('[role=status] .cu-toast')",
    "bare": "document.querySelector('#tap').innerText.includes('Taps: 1')",
}
# React keeps an element's handlers beside it once the page is alive.
TAP = """(() => {
  const tapped = () => {
    const button = %s;
    const props = button && Object.keys(button).find((key) => key.startsWith("__reactProps$"));
    if (!props || !button[props].onClick) return setTimeout(tapped, 10);
    window.tappedAt = performance.now();
    button.click();
    answered();
  };
  const answered = () => {
    if (!(%s)) return setTimeout(answered, 10);
    window.answeredAt = performance.now();
  };
  addEventListener("DOMContentLoaded", tapped);
})()"""


def main() -> None:
    build_shop()
    with seeded() as data, shop(data.folder) as cuenty, bare() as least:
        record(*asyncio.run(measure(cuenty, least)))
        record(*lighthouse(cuenty))


async def measure(cuenty: App, least: App) -> list[Row]:
    async with browser() as launched:
        ours, theirs = await weight(launched, cuenty), await weight(launched, least)
        apps = (("shop", cuenty), ("bare", least))
        for kind, app in apps:
            await visit(launched, kind, app)  # warm
        taken: dict[str, list[tuple[float, float, float]]] = {"shop": [], "bare": []}
        for order in turns(ROUNDS):
            for kind, app in (apps[which] for which in order):
                taken[kind].append(await visit(launched, kind, app))
    rows = [
        Row(
            "P11.1",
            "Home over the wire, everything until the network is idle",
            f"≤ {MOST_BYTES // 1024} KB",
            f"{ours / 1024:.0f} KB; bare {theirs / 1024:.0f} KB",
            ours / theirs,
            reached=ours <= MOST_BYTES,
        )
    ]
    named = (("first paint", 1.5), ("first useful click", 1.3), ("the click's answer", None))
    for number, (what, most) in enumerate(named):
        pair = [statistics.median(times[number] for times in taken[k]) for k in ("shop", "bare")]
        rows.append(
            Row(
                f"P11.{number + 2}",
                f"Home on a throttled phone: {what}",
                f"≤ {most} × the one-button page" if most else "",
                f"{pair[0]:.0f} ms; bare {pair[1]:.0f} ms",
                pair[0] / pair[1],
                reached=pair[0] / pair[1] <= most if most else None,
            )
        )
    return rows


async def weight(launched: Browser, app: App) -> int:
    """Bytes as they came, headers included, of a first visit."""
    total = 0

    def add(finished: dict[str, Any]) -> None:
        nonlocal total
        total += int(finished["encodedDataLength"])

    async with phone(launched, app.origin) as context:
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        session.on("Network.loadingFinished", add)
        await session.send("Network.enable")
        await page.goto(app.url(), wait_until="networkidle")
        await page.wait_for_timeout(1000)
    assert total > 10_000
    return total


async def visit(launched: Browser, kind: str, app: App) -> tuple[float, float, float]:
    """Milliseconds to the first paint, to the first tap that is answered, and to its answer."""
    async with phone(launched, app.origin) as context:
        page = await context.new_page()
        await throttle(await context.new_cdp_session(page))
        await page.add_init_script(TAP % (BUTTON[kind], ANSWER[kind]))
        await page.goto(app.url(), wait_until="commit")
        await page.wait_for_function("window.answeredAt", timeout=45_000, polling=100)
        return (await painted(page), *await page.evaluate("[tappedAt, answeredAt]"))


async def throttle(session: CDPSession) -> None:
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", LINE)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


async def painted(page: Page) -> float:
    asked = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    return float(await page.evaluate(asked))


def lighthouse(cuenty: App) -> list[Row]:
    """The median of three runs, each category for itself."""
    if not installed():
        print("lighthouse cannot be installed here: its rows stay as they were", file=sys.stderr)
        return []
    reports = [scores(cuenty, CACHE / f"lighthouse-{number}.json") for number in range(3)]
    rows = []
    for number, (category, least) in enumerate(MUST.items()):
        score = statistics.median(report[category] for report in reports)
        rows.append(
            Row(
                f"P11.{number + 5}",
                f"Lighthouse mobile on the home: {category}",
                f"≥ {least}" if least < 100 else "100",
                f"{score:.0f}",
                reached=score >= least,
            )
        )
    return rows


def scores(cuenty: App, report: Path) -> dict[str, float]:
    flags = " ".join(FLAGS)
    command: Sequence[str] = (
        str(Path(sys.executable).parent / "node"),
        str(LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"),
        cuenty.url(),
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--chrome-flags={flags}",
    )
    env = environment(CHROME_PATH=chromium())
    for _ in range(ATTEMPTS):  # a trace is lost now and then; Lighthouse asks to be run again
        done = subprocess.run(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            check=False,
            capture_output=True,
            timeout=120,
        )
        if done.returncode == 0:
            found = json.loads(report.read_text(encoding="utf-8"))["categories"]
            return {name: 100 * found[name]["score"] for name in MUST}
    raise SystemExit(f"Lighthouse did not finish:\n{done.stderr.decode()[-2000:]}")


def installed() -> bool:
    if (LIGHTHOUSE / "node_modules" / "lighthouse").is_dir():
        return True
    LIGHTHOUSE.mkdir(parents=True, exist_ok=True)
    (LIGHTHOUSE / "package.json").write_text('{"private": true}', encoding="ascii")
    npm = str(Path(sys.executable).parent / "npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "lighthouse@13"]
    done = subprocess.run(command, cwd=LIGHTHOUSE, env=environment(), check=False, timeout=300)
    return done.returncode == 0


if __name__ == "__main__":
    main()
