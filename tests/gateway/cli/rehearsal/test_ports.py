"""A port for a server is one that no outgoing connection of this machine takes before the server listens."""

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.cli.rehearsal.stage import ports

GOING_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_a_port_is_below_those_of_outgoing_connections_and_can_be_listened_on() -> None:
    port = ports.free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert port in ports.LISTENING
    if GOING_OUT.exists():
        assert ports.LISTENING.stop <= int(GOING_OUT.read_text().split()[0])


def test_one_that_is_taken_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ports.free_port()
    with ExitStack() as taken:
        taken.enter_context(socket.create_server(("127.0.0.1", first)))
        monkeypatch.setattr(ports, "LISTENING", range(first, first + 1))
        with pytest.raises(OSError, match=f"no port from {first} to {first} is free"):
            ports.free_port()
