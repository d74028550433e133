"""Ports for servers that are started here."""

import random
import socket
from contextlib import suppress
from typing import Final

# Below those that systems give to connections which go out: such a one would take a port before its server listens.
LISTENING: Final = range(20_000, 32_000)


def free_port() -> int:
    """A port of this machine that was free a moment ago. Raises OSError where none is."""
    for port in random.sample(LISTENING, len(LISTENING)):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError(f"no port from {LISTENING.start} to {LISTENING.stop - 1} is free")
