"""Serve the built bare app as the shop is served: the same server, loop and single worker."""

import multiprocessing
import os

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server
from reflex_base.constants import Env
from reflex_base.environment import environment


def main() -> None:
    environment.REFLEX_ENV_MODE.set(Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    multiprocessing.set_start_method("spawn", force=True)
    Server(
        target="bare.bare:app",
        factory=True,
        address="127.0.0.1",
        port=int(os.environ["PORT"]),
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=1,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
