"""Requests that nobody would send, as bytes, to every route: huge integers, odd types, first and last years, trailers.

`make test` sends a few hundred; `make fuzz` goes on for FUZZ_SECONDS.
"""

import asyncio
import os
import random
import time
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.live_gateway import LiveGateway
from tests.security.conftest import OPERATOR

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
BATCH = 250
AT_ONCE = 8
ODD = (
    "9" * 400, "-" + "9" * 4299, "9" * 4301, "9" * 20_000, "1e400", "-0.0", "1e308", "-1", "0", "2147483648",
    "9223372036854775808", "true", "null", "[]", "{}", '""', '"\\u0000"', '"\\ud83d"', '"NaN"', "NaN", "Infinity",
    '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999+14:00"', '"0000-00-00"', "-62135596800", "253402300799",
    '"12"', '"x"', '"v2"', '"v99999999999999999999"', '"user-imports/u/raw-1.json"',
    '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"',
    "[" * 2000 + "]" * 2000, '{"a":' * 2000 + "1" + "}" * 2000, "[1,[2,[{}]]]", '{"role":"user","content":[1]}',
    '[{"id":1,"mapping":{"a":{"message":{"create_time":' + "9" * 400 + "}}}}]", '[{"create_time":-1e400,"mapping":[]}]',
)  # fmt: skip
IN_PATHS = (
    "u", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "9" * 5000, "-1", "%00", "%ED%A0%BD", "%FF", "%2e%2e", "v2", "true",
    "0001-01-01", "9999-12-31T23:59:59Z", "a%2Fb", "%0d%0aX-A:%201", "1e400", "%20", "'%22;--",
)  # fmt: skip
FIELDS = (
    "X-API-Key: x", "X-Forwarded-For: 1.2.3.4", "Content-Length: 5", "Transfer-Encoding: chunked", "Host: evil.example",
    "X-Request-Id: \t", "traceparent: 00-" + "f" * 32 + "-" + "f" * 16 + "-01", "Accept: */*;q=9e999",
    "Cookie: a=" + "b" * 9000,
    "Authorization: Bearer " + "z" * 5000, "Connection: close, X-API-Key", "Expect: 100-continue", "Upgrade: h2c",
    "Retry-After: " + "9" * 5000, "X-" + "n" * 3000 + ": 1", "Trailer: X-API-Key", "Content-Encoding: gzip",
    "Range: bytes=0-",
)  # fmt: skip
TYPES = (
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "multipart/form-data",
    "application/x+json",
    "",
)
Drawn = st.DrawFn


class Route(NamedTuple):
    """A documented operation."""

    method: str
    path: str
    queries: tuple[str, ...]


@st.composite
def objects(draw: Drawn, names: list[str]) -> str:
    """JSON text whose fields are those of our bodies, and whose values are not."""
    value = st.sampled_from(ODD) | st.integers().map(str)
    fields = draw(st.lists(st.tuples(st.sampled_from(names), value), max_size=8))
    known = draw(st.sampled_from(['"user_id":"u"', '"user_id":"u","message":"m"', '"why":"x","percent":1', '"x":1']))
    return "{" + ",".join([known, *(f'"{name}":{text}' for name, text in fields)]) + "}"


@st.composite
def requests(draw: Drawn, routes: list[Route], names: list[str]) -> bytes:
    """One request, framed as its head says, or with trailers, or as it comes."""
    route = draw(st.sampled_from(routes))
    path = "/".join(draw(st.sampled_from(IN_PATHS)) if "{" in part else part for part in route.path.split("/"))
    asked = draw(st.lists(st.tuples(st.sampled_from(route.queries or ("q",)), st.sampled_from(IN_PATHS)), max_size=3))
    target = path + ("?" + "&".join(f"{name}={value}" for name, value in asked) if asked else "")
    body = draw(st.one_of(objects(names), objects(names), st.sampled_from(ODD), st.text(max_size=50)))
    data = body.encode("utf-8", "surrogatepass")
    method = draw(st.sampled_from([route.method] * 6 + ["OPTIONS", "HEAD", "PATCH", "TRACE"]))
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {draw(st.sampled_from(TYPES))}"]
    if draw(st.integers(0, 3)):
        lines.append(f"Authorization: Bearer {OPERATOR}")
    lines += draw(st.lists(st.sampled_from(FIELDS), max_size=2))
    if draw(st.booleans()):
        head = "\r\n".join([*lines, f"Content-Length: {len(data)}", "", ""])
        return head.encode() + data
    size = draw(st.integers(1, max(1, len(data))))
    parts = [data[at : at + size] for at in range(0, min(len(data), size * 50), size)]
    trailers = draw(st.lists(st.sampled_from(FIELDS), max_size=4))
    head = "\r\n".join([*lines, "Transfer-Encoding: chunked", "", ""])
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return head.encode() + chunks + b"0\r\n" + "".join(f"{one}\r\n" for one in trailers).encode() + b"\r\n"


def drawn(count: int, number: int, routes: list[Route], names: list[str]) -> list[bytes]:
    """So many requests."""
    made: list[bytes] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(routes, names))
    def collect(request: bytes) -> None:
        made.append(request)

    collect()
    return made


async def documented(gateway: LiveGateway) -> tuple[list[Route], list[str]]:
    """Our operations, and the names of all fields of all bodies."""
    document: dict[str, Any] = (await gateway.client.get("/openapi.json")).json()
    routes = [
        Route(method.upper(), path, tuple(one["name"] for one in said.get("parameters", ()) if one["in"] == "query"))
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]
    names = {name for schema in document["components"]["schemas"].values() for name in schema.get("properties", {})}
    return routes, sorted(names)


async def send(gateway: LiveGateway, request: bytes, turn: asyncio.Semaphore) -> int:
    """The status that is answered, 0 where the connection was closed without."""
    async with turn:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        try:
            writer.write(request)
            async with asyncio.timeout(180):
                line = await reader.readline()
                if line.startswith(b"HTTP/1.1 100 "):
                    line = (await reader.readuntil(b"HTTP/1.1 "))[:0] + b"HTTP/1.1 " + await reader.readline()
            return int(line.split()[1]) if line else 0
        except (ConnectionError, asyncio.IncompleteReadError):
            return 0
        finally:
            writer.close()


@pytest.mark.timeout(SECONDS + 180)
async def test_no_request_whatever_makes_an_error_of_ours(guarded: LiveGateway) -> None:
    routes, names = await documented(guarded)
    turn, end = asyncio.Semaphore(AT_ONCE), time.monotonic() + SECONDS
    number, sent = (random.randrange(2**32) if SECONDS else 7), 0
    while not sent or time.monotonic() < end:
        batch = await asyncio.to_thread(drawn, BATCH, number, routes, names)
        answers = await asyncio.gather(*(send(guarded, request, turn) for request in batch))
        wrong = [
            (one[:3000], status) for one, status in zip(batch, answers, strict=True) if status >= 500 and status != 503
        ]
        assert wrong == [], f"of batch {number}"
        for place in ("http", "database"):
            assert guarded.counted("gateway_unexpected_errors_total", place=place) == 0, f"batch {number}"
        assert (await guarded.client.get("/health")).status_code == 200
        number, sent = number + 1, sent + len(batch)
    print(f"{sent} requests")
