"""docs/api.md is a session that works: its commands run, and what they say is what it shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import Any

import pytest

from domain.inventory import login_hash
from domain.sql import scalar
from infra.database import reading
from infra.settings import PROJECT
from infra.vault import Secret
from tests.browser.backdoor import inside
from tests.browser.conftest import Served

DOCUMENT = PROJECT / "docs" / "api.md"
BLOCK = re.compile(r"^```(sh|json|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
END = "--- end of a block ---"


def session() -> list[tuple[str, str | None, str]]:
    """Each command of the document, with the kind and the text of the answer it shows."""
    blocks = BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))
    found = []
    for at, (kind, text) in enumerate(blocks):
        if kind == "sh":
            after = blocks[at + 1] if at + 1 < len(blocks) else ("sh", "")
            shown = after if after[0] != "sh" else (None, "")
            found.append((text, *shown))
    return found


def shape(value: Any) -> Any:
    """Names and kinds without what differs each time."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def alike(one: Any, other: Any) -> bool:
    """Of one shape, but for what either does not say: another account may have no day it ends."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return not (one and other) or alike(one[0], other[0])
    return one == other or "NoneType" in (one, other)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the document speaks curl")
async def test_the_session_of_the_document_ends_with_a_credential_of_the_stock(
    served: Served,
) -> None:
    steps = session()
    script = "set -euo pipefail\n" + "".join(f"{text}\necho '{END}'\n" for text, *_ in steps)
    done = subprocess.run(  # noqa: ASYNC221, S603  # the commands of our own document
        [shutil.which("bash") or "bash", "-c", script],
        env={**os.environ, "SHOP": served.origin, "PHONE": "5598761234"},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said = [text.strip() for text in done.stdout.split(END)]
    for (text, kind, shown), answer in zip(steps, said, strict=False):
        if kind == "json":
            assert alike(shape(json.loads(answer)), shape(json.loads(shown))), text
        elif kind == "text":
            assert answer == shown.strip(), text
    opened = next(json.loads(a) for a in said if '"password"' in a)
    async with inside(served), reading() as database:
        known = await scalar(
            database,
            "SELECT count(*) FROM accounts WHERE login_hash = %(hash)s",
            hash=login_hash(Secret(opened[0]["login"])),
        )
    assert known
    assert opened[0]["password"]


def test_control_an_answer_with_another_field_would_be_noticed() -> None:
    assert not alike(shape({"a": [{"b": 1}]}), shape({"a": [{"c": 1}]}))
    assert not alike(shape({"a": "1.00"}), shape({"a": 1.0}))
    assert alike(shape({"a": "1.00"}), shape({"a": None}))
