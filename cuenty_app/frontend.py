"""The built pages: made when a source changed, served from whatever address the visitor typed.

A build takes half a minute, so its fingerprint is kept beside it and written last: a build that
was killed has none and is made again. Reflex writes one fixed address into the bundle; the build
replaces it by the page's own, so port, domain and HTTPS may change without a build.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from infra.settings import PROJECT, settings

WEB = PROJECT / ".web"
CLIENT = WEB / "build" / "client"
MARK = WEB / "cuenty-build.sha256"
NOTES = PROJECT / ".cuenty"  # Reflex empties its own folder at will
LOG = NOTES / "build.log"
SITEMAP = WEB / "cuenty-sitemap.xml"
SOURCES = ("rxconfig.py", "uv.lock", "pages", "state", "assets", "cuenty_app")
BUILD_ORIGIN = "http://build.invalid"  # reserved by RFC 2606: it can be no part of any real text

_ADDRESS = re.compile(r"""([`"'])(http|ws)(://build\.invalid)([^`"'$\\]*)\1""")
_OF_THE_PAGE = {
    "http": "location.origin",
    "ws": 'location.origin.replace(/^http/,"ws")',  # https becomes wss
}


class FrontendError(Exception):
    """The pages cannot be built; the message holds the end of the build's log."""


def is_current() -> bool:
    """Whether the pages on disk were built, to the end, from the sources as they are now."""
    return MARK.is_file() and MARK.read_text(encoding="ascii") == fingerprint()


def is_built() -> bool:
    return MARK.is_file()


def fingerprint() -> str:
    """Of everything that shapes the pages; `reflex.lock` apart, for a build may write it."""
    return f"{_sources_fingerprint()} {_digest(_files('reflex.lock'))}"


def build() -> None:
    """Build the pages; of two processes that want to, the second finds the work done."""
    NOTES.mkdir(exist_ok=True)
    with (NOTES / "build.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current():
            return
        MARK.unlink(missing_ok=True)
        sources = _sources_fingerprint()
        _export()
        follow_the_page(CLIENT)
        paint_first(CLIENT)
        _keep_sitemap()
        draft = MARK.with_suffix(".new")
        draft.write_text(f"{sources} {_digest(_files('reflex.lock'))}", encoding="ascii")
        draft.replace(MARK)


def follow_the_page(client: Path) -> None:
    """Replace the build's address in the scripts by the address of the page that runs them."""
    changed = 0
    for script in client.rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        if BUILD_ORIGIN.partition("://")[2] not in text:
            continue
        followed = _ADDRESS.sub(_expression, text)
        if BUILD_ORIGIN.partition("://")[2] in _ADDRESS_KEPT.sub("", followed):
            raise FrontendError(f"{script.name} holds an address that cannot follow the page")
        _write(script, followed)
        changed += 1
    if not changed:
        raise FrontendError("no script of the build holds the socket's address")


def paint_first(client: Path) -> None:
    """Let the style sheet pass the scripts: the page is drawn without them, and none is late."""
    for page in client.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        _write(page, text.replace(_PRELOADED, f'{_PRELOADED} fetchpriority="low"'))


def address_sitemap(origin: str) -> None:
    """A sitemap needs whole addresses: they are the shop's own from the start of each serving."""
    if SITEMAP.is_file() and os.access(CLIENT, os.W_OK):
        text = SITEMAP.read_text(encoding="utf-8").replace(BUILD_ORIGIN, origin)
        _write(CLIENT / "sitemap.xml", text)


_PRELOADED = '<link rel="modulepreload"'

# What the rewriting itself leaves: the value outside a browser.
_ADDRESS_KEPT = re.compile(r"""typeof location=="undefined"\?"(http|ws)://build\.invalid":""")


def _expression(found: re.Match[str]) -> str:
    _quote, scheme, host, path = found.groups()
    outside = f'typeof location=="undefined"?"{scheme}{host}":'
    return f'(({outside}{_OF_THE_PAGE[scheme]})+"{path}")'


def _write(file: Path, text: str) -> None:
    """With its compressed twin, which is what browsers are sent."""
    content = text.encode()
    packed = file.with_name(f"{file.name}.gz")
    twins = ((file, content), (packed, gzip.compress(content, mtime=0)))
    for target, data in twins:
        if target is file or packed.exists():
            draft = target.with_name(f".{target.name}.{os.getpid()}.new")  # others may start, too
            draft.write_bytes(data)
            draft.replace(target)


def _keep_sitemap() -> None:
    SITEMAP.unlink(missing_ok=True)
    if (made := CLIENT / "sitemap.xml").is_file():
        SITEMAP.write_bytes(made.read_bytes())


def _export() -> None:
    command = [sys.executable, "-m", "reflex", "export"]
    options = ["--frontend-only", "--no-zip", "--env", "prod"]
    with LOG.open("wb") as log:
        done = subprocess.run(  # noqa: S603  # a fixed command
            [*command, *options],
            cwd=PROJECT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0 or not (CLIENT / "index.html").is_file():
        tail = LOG.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-25:]
        raise FrontendError("the pages cannot be built:\n" + "\n".join(tail))


def _environment() -> dict[str, str]:
    programs = Path(sys.executable).parent  # node and npm come with the Python packages
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {
        **os.environ,
        "PATH": path,
        "REFLEX_USE_NPM": "1",
        "REFLEX_API_URL": BUILD_ORIGIN,
        "REFLEX_DEPLOY_URL": BUILD_ORIGIN,
        "NPM_CONFIG_REGISTRY": _registry(programs, path),
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        # The committed lock names no registry: the owner's npm decides where packages come from.
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        "NO_COLOR": "1",
    }


def _registry(programs: Path, path: str) -> str:
    """The one npm is configured for; left to itself, Reflex measures two and picks the faster."""
    if given := os.environ.get("NPM_CONFIG_REGISTRY"):
        return given
    asked = subprocess.run(  # noqa: S603  # a fixed command
        [str(programs / "npm"), "config", "get", "registry"],
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()


def _sources_fingerprint() -> str:
    """The mode counts too: the first state of a page says whether it is a demo."""
    extra = f"{version('reflex')} {settings().env}"
    return _digest((file for source in SOURCES for file in _files(source)), extra)


def _files(source: str) -> Iterator[Path]:
    root = PROJECT / source
    if root.is_file():
        yield root
    for file in sorted(root.rglob("*")):
        hidden = file.suffix == ".pyc" or file.relative_to(root).parts[0] == "external"
        if file.is_file() and not hidden:
            yield file


def _digest(files: Iterator[Path], extra: str = "") -> str:
    digest = hashlib.sha256(extra.encode())
    for file in files:
        digest.update(f"\0{file.relative_to(PROJECT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
