"""The attacks, each over raw sockets; it returns what was answered, in a word or two."""

import json
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from types import MappingProxyType
from typing import Final

from gateway.server.http_protocol import MOST_AHEAD

MIB: Final = 1024 * 1024
JSON: Final = b"Host: 127.0.0.1\r\nContent-Type: application/json\r\n"
CHUNKED: Final = b"Transfer-Encoding: chunked\r\n\r\n"
SECONDS: Final = 60.0
Attack = Callable[[int], str]


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), SECONDS)


def send(connection: socket.socket, parts: Iterable[bytes]) -> str:
    """All parts, or as many as are taken; the status of the answer."""
    try:
        for part in parts:
            connection.sendall(part)
        return connection.recv(64 * 1024)[9:12].decode() or "closed"
    except OSError:
        return answered(connection)


def answered(connection: socket.socket) -> str:
    """The status of an answer that came before all was sent."""
    try:
        return connection.recv(64 * 1024)[9:12].decode() or "closed"
    except OSError:
        return "closed"


def post(port: int, path: str, body: bytes) -> str:
    with closing(connect(port)) as connection:
        head = b"POST %s HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n" % (path.encode(), JSON, len(body))
        return send(connection, [head, body])


def told(answers: Iterable[str]) -> str:
    return ", ".join(f"{status} x {count}" if count > 1 else status for status, count in Counter(answers).items())


def trailers(port: int, line: bytes) -> str:
    """60 MiB of trailers behind a body that is over."""
    with closing(connect(port)) as connection:
        body = b'{"user_id":"u1"}'
        start = b"POST /process-full HTTP/1.1\r\n" + JSON + CHUNKED + b"%x\r\n%s\r\n0\r\n" % (len(body), body)
        return send(connection, [start, *(line * (MIB // len(line)) for _ in range(60))])


def small_chunks(port: int) -> str:
    """5 MiB of a body, a byte a chunk."""
    with closing(connect(port)) as connection:
        start = b"POST /process-full HTTP/1.1\r\n" + JSON + CHUNKED
        return send(connection, [start, *(b"1\r\n \r\n" * 10_000 for _ in range(500)), b"0\r\n\r\n"])


def unread_answers(port: int) -> str:
    """400 connections that ask for all metrics as often as one may, and read none of them."""
    held = [connect(port) for _ in range(400)]
    for connection in held:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * MOST_AHEAD)
    time.sleep(5)
    for connection in held:
        connection.close()
    return "not read"


def large_head(port: int) -> str:
    with closing(connect(port)) as connection:
        return send(connection, [b"GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"])


def unfinished_heads(port: int) -> str:
    """400 connections, each with most of a head that never ends."""
    held = [connect(port) for _ in range(400)]
    for connection in held:
        connection.sendall(b"GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 60_000)
    answers = told(answered(connection) for connection in held)
    for connection in held:
        connection.close()
    return answers


def many_bodies(port: int) -> str:
    """40 bodies of 60 MiB at once, none of which ends."""
    held = [connect(port) for _ in range(40)]
    part = b"100000\r\n" + b" " * MIB + b"\r\n"
    for connection in held:
        connection.settimeout(5)
        connection.sendall(b"POST /create-soulprint HTTP/1.1\r\n" + JSON + CHUNKED)
    refused: dict[socket.socket, str] = {}
    for _ in range(60):
        for connection in held:
            if connection not in refused:
                try:
                    connection.sendall(part)
                except OSError:
                    refused[connection] = answered(connection)
    answers = told([*refused.values(), *("held" for _ in range(len(held) - len(refused)))])
    for connection in held:
        connection.close()
    return answers


def requests_ahead(port: int) -> str:
    """200,000 requests that wait for no answer, on each of 20 connections."""
    held = [connect(port) for _ in range(20)]
    many = b"GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 10_000
    answers = told(send(connection, [many] * 20) for connection in held)
    for connection in held:
        connection.close()
    return answers


def many_connections(port: int) -> str:
    """600 from one address."""
    held = [connect(port) for _ in range(600)]
    for connection in held[-50:]:
        connection.settimeout(2)
    answers = told(answered(connection) for connection in held[-50:])
    for connection in held:
        connection.close()
    return answers


def conversations(value: str, size: int) -> Iterator[str]:
    yield '{"user_id": "u", "message": "m", "conversations": ['
    yield ",".join([value] * (size // (len(value) + 1)))
    yield "]}"


def large(path: str, value: str, size: int = 60 * MIB) -> Attack:
    """Conversations, or turns, that are all this."""

    def attack(port: int) -> str:
        text = "".join(conversations(value, size))
        if path == "/process-import":
            text = json.dumps({"user_id": "u", "conversations_json": text})
        if path == "/chat":
            text = text.replace("conversations", "history", 1)
        return post(port, path, text.encode())

    return attack


def nobody(port: int) -> str:
    """A megabyte of values in a body whose user is missing: an error that repeats them would be slow."""
    return told(post(port, path, b'{"x": [' + b"1," * 490_000 + b"1]}") for path in ("/chat", "/query", "/analyze"))


def long_integer(port: int) -> str:
    paths = ("/process-full", "/create-soulprint", "/chat", "/process-import")
    return told(
        post(port, path, b'{"user_id": "u", "message": %s, "conversation_count": %s}' % (digits, digits))
        for path in paths
        for digits in (b"9" * 400, b"9" * 5_000, b"9" * 900_000)
    )


ATTACKS: Final[Mapping[str, Attack]] = MappingProxyType(
    {
        "60 MiB of trailers, 8 KB each": lambda port: trailers(port, b"X-T: " + b"a" * 8_000 + b"\r\n"),
        "60 MiB of trailers, 5 bytes each": lambda port: trailers(port, b"a:b\r\n"),
        "a head of 100 KB in one piece": large_head,
        "5 MiB, a byte a chunk": small_chunks,
        "400 times as many answers as may be asked for ahead, which nobody reads": unread_answers,
        "400 heads of 60 KB that do not end": unfinished_heads,
        "40 bodies of 60 MiB at once": many_bodies,
        "200,000 requests ahead on each of 20 connections": requests_ahead,
        "600 connections": many_connections,
        "/create-soulprint, 60 MiB of {}": large("/create-soulprint", "{}"),
        "/create-soulprint, 60 MiB of 1": large("/create-soulprint", "1"),
        "/process-import, 60 MiB of {}": large("/process-import", "{}"),
        "/process-full, 60 MiB of 1": large("/process-full", "1"),
        "/process-full, 900 KB of 1": large("/process-full", "1", 900_000),
        "/chat, 1 MB of {}": large("/chat", "{}", 1_000_000),
        "/chat, 60 MiB": large("/chat", "{}"),
        "1 MB and no user": nobody,
        "integers of up to 900,000 digits": long_integer,
    }
)
