"""The pages follow the address they are served from, and a build that was killed is redone."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cuenty_app import frontend

NODE = Path(sys.executable).parent / "node"
MODULE = (
    "var e={PING:`http://build.invalid/ping`,EVENT:`ws://build.invalid/_event`,TEST:!1};"
    "export{e as t};"
)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    script = tmp_path / "assets" / "reflex-env-abc.mjs"
    script.parent.mkdir()
    written = script.with_suffix(".js")
    written.write_text(MODULE, encoding="utf-8")
    written.with_name(f"{written.name}.gz").write_bytes(gzip.compress(MODULE.encode()))
    return written


@pytest.mark.parametrize(
    ("page", "ping", "event"),
    [
        ("http://localhost:3100", "http://localhost:3100/ping", "ws://localhost:3100/_event"),
        ("https://tienda.mx", "https://tienda.mx/ping", "wss://tienda.mx/_event"),
        ("https://192.168.1.7:8443", "https://192.168.1.7:8443/ping", None),
        (None, "http://build.invalid/ping", "ws://build.invalid/_event"),
    ],
)
def test_addresses_are_those_of_the_page(
    script: Path, page: str | None, ping: str, event: str | None
) -> None:
    frontend.follow_the_page(script.parent.parent)
    module = script.rename(script.with_suffix(".mjs"))
    place = f"globalThis.location={{origin:{json.dumps(page)}}};" if page else ""
    program = f"{place}import({json.dumps(str(module))}).then(m=>console.log(JSON.stringify(m.t)))"
    output = subprocess.run(  # noqa: S603
        [str(NODE), "-e", program], capture_output=True, text=True, check=True
    )
    found = json.loads(output.stdout)
    assert found["PING"] == ping
    assert found["EVENT"] == (event or "wss://192.168.1.7:8443/_event")


def test_the_compressed_twin_says_the_same(script: Path) -> None:
    frontend.follow_the_page(script.parent.parent)
    packed = script.with_name(f"{script.name}.gz")
    assert gzip.decompress(packed.read_bytes()) == script.read_bytes()
    assert b"location.origin" in script.read_bytes()


def test_an_address_that_cannot_follow_stops_the_build(script: Path) -> None:
    script.write_text("fetch(`http://build.invalid/${name}`)", encoding="utf-8")
    with pytest.raises(frontend.FrontendError, match="cannot follow"):
        frontend.follow_the_page(script.parent.parent)


def test_a_bundle_without_the_sockets_address_stops_the_build(script: Path) -> None:
    script.write_text("export{}", encoding="utf-8")
    with pytest.raises(frontend.FrontendError, match="no script"):
        frontend.follow_the_page(script.parent.parent)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, whose pages are "built" in no time."""
    web = tmp_path / ".web"
    monkeypatch.setattr(frontend, "PROJECT", tmp_path)
    monkeypatch.setattr(frontend, "WEB", web)
    monkeypatch.setattr(frontend, "CLIENT", web / "build" / "client")
    monkeypatch.setattr(frontend, "MARK", web / "cuenty-build.sha256")
    monkeypatch.setattr(frontend, "SITEMAP", web / "cuenty-sitemap.xml")
    monkeypatch.setattr(frontend, "NOTES", tmp_path / ".cuenty")
    page = tmp_path / "pages" / "home.py"
    page.parent.mkdir()
    page.write_text("first", encoding="utf-8")

    def export() -> None:
        frontend.CLIENT.mkdir(parents=True, exist_ok=True)
        (frontend.CLIENT / "env.js").write_text(MODULE, encoding="utf-8")
        (frontend.CLIENT / "sitemap.xml").write_text("http://build.invalid/", encoding="utf-8")

    monkeypatch.setattr(frontend, "_export", export)
    return tmp_path


def test_pages_are_built_again_only_when_a_source_changed(project: Path) -> None:
    assert not frontend.is_current()
    frontend.build()
    assert frontend.is_current()
    (project / "pages" / "home.py").write_text("second", encoding="utf-8")
    assert not frontend.is_current()
    frontend.build()
    (project / "pages" / "new.py").write_text("", encoding="utf-8")
    assert not frontend.is_current()


def test_a_killed_build_is_not_taken_for_a_finished_one(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontend.build()
    (project / "pages" / "home.py").write_text("second", encoding="utf-8")

    def die() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(frontend, "_export", die)
    with pytest.raises(KeyboardInterrupt):
        frontend.build()
    (project / "pages" / "home.py").write_text("first", encoding="utf-8")
    assert not frontend.is_current()


@pytest.mark.usefixtures("project")
def test_the_sitemap_names_the_shops_own_address() -> None:
    frontend.build()
    for origin in ("https://tienda.mx", "https://otra.mx"):
        frontend.address_sitemap(origin)
        assert (frontend.CLIENT / "sitemap.xml").read_text(encoding="utf-8") == f"{origin}/"
