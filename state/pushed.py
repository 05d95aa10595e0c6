"""Give a value to one browser and to nothing else: no State holds it, and neither does Reflex.

`ClientStateVar.push` writes the value into a table that the process keeps for as long as it runs,
and takes some texts inside it for markup of its own. What is pushed here is a password or a code.
"""

from __future__ import annotations

import json
from typing import Any

from reflex.experimental.client_state import ClientStateVar
from reflex_base.event import EventSpec, run_script


def push(slot: ClientStateVar, value: Any) -> EventSpec:
    """The event that sets `slot` in the browser that asked; a value is anything JSON can write.

    Before a component shows the slot there is no setter, and the value waits where the first one
    looks.
    """
    setter = f"refs['_client_state_{slot._setter_name}']"  # noqa: SLF001  # no other way to it
    waiting = f"refs['_client_state_{slot._getter_name}']"  # noqa: SLF001
    written = json.dumps(value).replace("<", "\\u003c")  # ASCII, and nothing that looks like a tag
    return run_script(f"({setter} ?? ((pushed) => {{ {waiting} = pushed; }}))({written})")
