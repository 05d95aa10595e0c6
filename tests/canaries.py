"""Known secrets, looked for in everything the shop wrote."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping

from infra.embedded_engine import programs


def hits(secrets: Mapping[str, str], texts: Iterable[str]) -> list[str]:
    """The names of the secrets that stand in one of the texts, plain or as a dump writes bytes."""
    said = "\n".join(texts)
    return sorted(
        name
        for name, secret in secrets.items()
        if re.search(rf"(?<![0-9A-Za-z.]){re.escape(secret)}(?![0-9A-Za-z])", said)
        or secret.encode().hex() in said
    )


def dump(database: str) -> str:
    """Every row of the database, as a backup has it."""
    done = subprocess.run(  # noqa: S603  # the one that comes with the embedded database
        [str(programs() / "pg_dump"), "--data-only", "--inserts", database],
        capture_output=True,
        check=True,
    )
    return done.stdout.decode(errors="replace")
