"""The guides as PDF: the same words and pictures as on the screen, made without another host."""

import importlib.util
import re
import unicodedata
from pathlib import Path
from types import ModuleType

import pytest
from playwright.async_api import Browser
from pypdf import PdfReader

from infra.settings import PROJECT

DOCS = PROJECT / "docs"


@pytest.fixture
def pdf() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_pdf", DOCS / "pdf.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def headings(name: str) -> list[str]:
    text = re.sub(
        r"```.*?```", "", (DOCS / f"{name}.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    found = re.findall(r"^#{1,3} (.+)$", text, re.MULTILINE)
    return [plain(heading.replace("`", "")) for heading in found]


def plain(text: str) -> str:
    """Without spaces and ligatures, which a PDF has where it likes."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


async def test_each_guide_is_whole_with_its_pictures(
    chromium: Browser, pdf: ModuleType, tmp_path: Path
) -> None:
    made = await pdf.make(chromium, tmp_path)
    assert [file.stem for file in made] == ["setup", "api", "admin"]
    for file in made:
        reader = PdfReader(file)
        text = plain("".join(page.extract_text() for page in reader.pages))
        assert [heading for heading in headings(file.stem) if heading not in text] == []
        assert reader.outline
        for page in reader.pages:
            for note in page.get("/Annots") or []:
                assert "file:" not in str(note.get_object().get("/A"))
        pictures = sum(len(page.images) for page in reader.pages)
        asked = len(re.findall(r"<img", pdf.page_of(file.stem)))
        assert pictures >= asked, file.stem


def test_no_guide_asks_another_host_for_anything(pdf: ModuleType) -> None:
    for name in pdf.GUIDES:
        page = pdf.page_of(name)
        for source in re.findall(r'<(?:img|script|link)[^>]+(?:src|href)="([^"]+)"', page):
            assert (DOCS / source).is_file(), source
