"""The keys of the vault are right, or the shop does not open.

A canary per key is sealed at the first start. A ring that lacks a key some data was sealed with, or
holds another key under its name, is refused before anything is written.
"""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch, run
from infra.settings import SettingsError
from infra.vault import Place, Secret, VaultError, ring

CANARY = Secret("cuenty-canary-1")


async def check_keys(session: AsyncSession) -> None:
    """Raises `SettingsError` naming the key ids that are missing or wrong."""
    keys = ring()
    known: dict[str, bytes] = {
        row.key_id: row.sealed for row in await fetch(session, "SELECT * FROM vault_canaries")
    }
    missing = sorted(known.keys() - keys.keys.keys())
    wrong: list[str] = []
    for name in known.keys() & keys.keys.keys():
        try:
            opened = keys.unseal(known[name], Place("vault_canaries", "sealed", name))
        except VaultError:
            wrong.append(name)
        else:
            if opened != CANARY:
                wrong.append(name)
    if missing or wrong:
        raise SettingsError(
            "CUENTY_KEYS does not open this database: "
            f"missing keys {missing or 'none'}, wrong keys {sorted(wrong) or 'none'}"
        )
    for name in keys.keys.keys() - known.keys():
        await run(
            session,
            """INSERT INTO vault_canaries (key_id, sealed) VALUES (%(id)s, %(sealed)s)
               ON CONFLICT DO NOTHING""",
            id=name,
            sealed=keys.seal(CANARY, Place("vault_canaries", "sealed", name), key_id=name),
        )
