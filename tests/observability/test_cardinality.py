"""However many paths, methods, users and bodies callers invent, the number of series stays what it is."""

import asyncio
import json
import random
import string
from urllib.parse import quote

from prometheus_client import CollectorRegistry
from prometheus_client.samples import Sample

from gateway.config.settings import Settings
from tests.live_gateway import LiveGateway, running_gateway

REQUESTS = 10_000
BATCH, AHEAD = 250, 8  # requests in all, and down one connection at once
METHODS = ("GET", "POST", "PUT", "DELETE", "PROPFIND", "PURGE")  # the parser itself refuses words that are none


def series(registry: CollectorRegistry) -> int:
    return sum(len(metric.samples) for metric in registry.collect())


def invent(rng: random.Random) -> bytes:
    """One request that nobody foresaw."""
    word = "".join(rng.choices(string.printable, k=rng.randint(1, 40)))
    path = rng.choice(["/", "/jobs/", "/process-full", "/process-full-v2", "/embedding-status/", "/x/"]) + quote(word)
    if rng.random() < 0.2:
        path = "/process-full"
    body = json.dumps({"user_id": word, "storage_path": rng.choice([None, word]), "reason": word}).encode()
    head = f"{rng.choice(METHODS)} {path} HTTP/1.1\r\nHost: x\r\nX-Request-Id: {quote(word)}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def send_all(gateway: LiveGateway, requests: list[bytes]) -> int:
    """Send them down connections, as many behind one another as one may; returns how many were answered."""
    parts = [requests[start : start + AHEAD] for start in range(0, len(requests), AHEAD)]
    return sum([await send_ahead(gateway, part) for part in parts])


async def send_ahead(gateway: LiveGateway, requests: list[bytes]) -> int:
    """Send them down one connection, one behind the other; returns how many were answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    goodbye = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    writer.write(b"".join(requests) + goodbye)
    answers = await reader.read(-1)
    writer.close()
    return answers.count(b"HTTP/1.1 ") - 1


async def test_series_do_not_grow_with_what_callers_invent(settings: Settings) -> None:
    rng = random.Random(7)
    async with running_gateway(settings) as gateway:
        registry = gateway.services.metrics.registry
        await send_all(gateway, [invent(rng) for _ in range(BATCH)])
        before = series(registry)
        for _ in range(REQUESTS // BATCH):
            assert await send_all(gateway, [invent(rng) for _ in range(BATCH)]) == BATCH
        after = series(registry)
        # What can still appear: a status or a reason that the first few hundred did not meet.
        routes = len({sample.labels["route"] for sample in samples(registry)})
        assert after <= before + 15 * 20
        assert after < 4_000
        assert routes < 60


def samples(registry: CollectorRegistry) -> list[Sample]:
    (family,) = (metric for metric in registry.collect() if metric.name == "gateway_http_request_duration_seconds")
    return list(family.samples)
