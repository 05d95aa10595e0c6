"""A shop for one simulation: a server, an environment and a clock that leave nothing behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path

from cuenty_app.simulation.scenario import OPENING
from infra import simulated_clock
from infra.clock import MEXICO
from infra.embedded import EmbeddedServer
from infra.schema import upgrade
from infra.settings import settings
from infra.simulated_clock import SimulatedClock

# The shop's rules stay in force; its secrets, its addresses and whatever could send do not.
OWN = (
    "CUENTY_KEYS",
    "CUENTY_JWT_SECRET",
    "CUENTY_PEPPER",
    "CUENTY_PUBLIC_URL",
    "CUENTY_TWILIO_ACCOUNT_SID",
    "CUENTY_TWILIO_AUTH_TOKEN",
    "REDIS_URL",
)


@contextmanager
def throwaway_shop() -> Generator[SimulatedClock]:
    """Migrated and empty. Messages are kept, as in the demo: nothing leaves this machine."""
    with tempfile.TemporaryDirectory(prefix="cuenty-") as folder:
        if os.geteuid() == 0:
            Path(folder).chmod(0o711)  # root's server runs as another user
        with EmbeddedServer(Path(folder) / "shop", durable=False) as url:
            for name in OWN:
                os.environ.pop(name, None)
            os.environ |= {
                "CUENTY_ENV": "demo",
                "CUENTY_DATA_DIR": folder,
                "DATABASE_URL": url,
            }
            settings.cache_clear()
            simulated_clock.prepare(url)
            upgrade(url)
            clock = SimulatedClock(url, datetime.combine(OPENING, time(), MEXICO))
            with clock.running():
                yield clock
