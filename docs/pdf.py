"""Make the guides as PDF: the very Markdown that is read here, printed by the system's Chromium.

`make docs` runs it; the files go to `build/docs`. Nothing is loaded from another host. Pictures are
in the file; a link to another document would lead to this machine, so only its words stay.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

from markdown_it import MarkdownIt
from playwright.async_api import Browser, async_playwright

DOCS = Path(__file__).resolve().parent
PROJECT = DOCS.parent
BUILT = PROJECT / "build" / "docs"
GUIDES = ("setup", "api", "admin")
STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm }
body { font: 10.5pt/1.5 system-ui, "DejaVu Sans", sans-serif; color: #1e293b }
h1 { font-size: 22pt; margin: 0 0 6mm } h2 { font-size: 15pt; margin: 9mm 0 3mm }
h1, h2, h3 { line-height: 1.2; break-after: avoid; color: #0f172a }
img { max-width: 100%; max-height: 130mm; border: .3mm solid #cbd5e1; break-inside: avoid }
pre, code { font: 9pt/1.45 "DejaVu Sans Mono", monospace }
code { background: #f1f5f9; border-radius: 1mm; padding: 0 1mm; overflow-wrap: anywhere }
pre { background: #f1f5f9; border-radius: 1.5mm; padding: 3mm; white-space: pre-wrap }
pre code { background: none; padding: 0 }
table { border-collapse: collapse; width: 100%; font-size: 9pt }
td, th { border-bottom: .2mm solid #cbd5e1; padding: 1.2mm 2mm; text-align: left }
td { vertical-align: top }
tr { break-inside: avoid }
a { color: #1d4ed8; text-decoration: none }
"""
FOOTER = """<div style="font-size:7pt;width:100%;text-align:center;color:#64748b">
<span class="title"></span> · <span class="pageNumber"></span>/<span class="totalPages"></span>
</div>"""


def page_of(name: str) -> str:
    """A guide as one HTML page; what is in the repository is trusted."""
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    title = text.partition("\n")[0].removeprefix("# ")
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    body = re.sub(r'<p>(<img[^>]+>)\n<a href="[^"]+">On a phone</a></p>', r"<p>\1</p>", body)
    body = re.sub(r'<a href="(?!https?:|#)[^"]*">(.*?)</a>', r"\1", body)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><base href="{DOCS.as_uri()}/">'
        f"<title>Cuenty · {title}</title><style>{STYLE}</style><body>{body}</body></html>"
    )


async def make(browser: Browser, folder: Path) -> list[Path]:
    """The guides in a folder that is there."""
    context = await browser.new_context(offline=True)
    page = await context.new_page()
    made = []
    for name in GUIDES:
        source, target = folder / f"{name}.html", folder / f"{name}.pdf"
        source.write_text(page_of(name), encoding="utf-8")
        await page.goto(source.as_uri())
        await page.pdf(
            path=target,
            prefer_css_page_size=True,
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            outline=True,
            tagged=True,
        )
        source.unlink()
        made.append(target)
    await context.close()
    return made


async def main() -> None:
    from tests.browser.conftest import FLAGS  # noqa: PLC0415  # after the path

    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    BUILT.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        for file in await make(browser, BUILT):
            print(f"{file.relative_to(PROJECT)}: {file.stat().st_size / 1024:.0f} KB")  # noqa: T201
        await browser.close()


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    asyncio.run(main())
