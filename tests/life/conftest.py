from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.life.world import World


@pytest.fixture
def world(postgres: str, timeless_template: str, tmp_path: Path) -> Generator[World]:
    with World(postgres, timeless_template, tmp_path).opened() as opened:
        yield opened
