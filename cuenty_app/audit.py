"""What `cuenty audit verify` reads and says."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from domain import audit_chain
from domain.audit_chain import MOST, Head, Verification
from infra import audit_anchors
from infra import database as databases
from infra.clock import local

ANCHOR = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def anchors_of(written: Sequence[str]) -> list[Head]:
    """Those of the command line and of this machine's file."""
    heads = [Head(*one) for one in audit_anchors.kept()]
    for one in written:
        found = ANCHOR.fullmatch(one.strip().lower())
        if found is None:
            raise click.BadParameter("write NUMBER:HASH, as a verification prints it")
        heads.append(Head(int(found[1]), found[2]))
    return heads


async def verified(anchors: Sequence[Head]) -> tuple[str, bool]:
    async with databases.reading() as session:
        done = await audit_chain.verify(session, anchors)
    await databases.close()
    return report(done), not done.findings


def report(done: Verification) -> str:
    """What an owner reads in a terminal. The last line is an anchor to keep elsewhere."""
    lines = [f"Bitácora: {done.head.chain_no} anotaciones en la cadena, {done.waiting} por entrar."]
    if done.waiting_since:
        lines.append(f"La más antigua espera desde el {local(done.waiting_since):%d/%m/%Y %H:%M}.")
    if not done.anchors:
        lines.append("Sin anclas de fuera: lo que se corte junto con sus sellos no se nota.")
    lines += [f"  - {finding.said}" for finding in done.findings]
    if done.findings:
        more = " o más" if len(done.findings) >= MOST else ""
        lines.append(f"No cuadra: {len(done.findings)}{more}.")
    else:
        lines.append("Todo cuadra.")
    if done.head.chain_no:
        lines.append(f"Cabeza: {done.head.chain_no}:{done.head.hash}")
    return "\n".join(lines)
