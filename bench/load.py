"""A short HTTP load on the accept route: wrk where it is installed, else a small client of our own."""

import argparse
import asyncio
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

WRK_SCRIPT = """
local n, start = 0, START
function request()
  n = n % USERS + 1
  local user = string.format("%08x-0000-4000-8000-%012x", start, n)
  return wrk.format("POST", "/process-full", {["Content-Type"] = "application/json"}, string.format(
    '{"user_id": "%s", "storage_path": "user-imports/%s/raw-17.json", "conversation_count": 412, "message_count": 98}',
    user, user))
end
function done(summary, latency)
  local errors = summary.errors
  print(string.format("RESULT %f %f %d", summary.requests / summary.duration * 1e6, latency:percentile(99) / 1000,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""
NEVER_AGAIN = 10**11
RESULT = re.compile(r"RESULT (\S+) (\S+) (\d+)")


@dataclass(frozen=True, slots=True)
class Round:
    """One load: requests per second, 99th percentile in milliseconds, requests that were not answered with 2xx."""

    rate: float
    p99: float
    errors: int


def load(port: int, connections: int, seconds: float, users: int = NEVER_AGAIN) -> Round:
    """Load the route on this machine's last core for some seconds.

    Its users are nobody else's. After so many `users` it asks for the first one's again: requests repeat.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(wrk_script(users))
        script.flush()
        url = f"http://127.0.0.1:{port}"
        wrk = ["wrk", "-t1", f"-c{connections}", f"-d{round(seconds)}s", "-s", script.name, url]
        own = [sys.executable, str(Path(__file__)), str(port), str(connections), str(seconds), str(users)]
        process = subprocess.Popen(wrk if shutil.which("wrk") else own, stdout=subprocess.PIPE, text=True)
        pin(process.pid, (os.cpu_count() or 1) - 1)
        output, _ = process.communicate()
    found = RESULT.search(output)
    if found is None:
        raise RuntimeError(f"the load failed: {output}")
    return Round(float(found[1]), float(found[2]), int(found[3]))


def wrk_script(users: int) -> str:
    """A load of its own users: no two scripts share one, whenever and in whichever process they are made."""
    return WRK_SCRIPT.replace("START", str(secrets.randbits(31))).replace("USERS", str(users))


def pin(pid: int, core: int) -> None:
    """Keep a process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {core})


async def run_client(port: int, connections: int, seconds: float, users: int) -> Round:
    """Our own load: each connection asks, waits for the answer, asks again."""
    took: list[float] = []
    errors = [0]
    stop_at = time.perf_counter() + seconds
    first = secrets.randbits(31)  # no two loads share users
    each = -(-users // connections)

    def bodies(connection: int) -> Iterator[str]:
        for n in count():
            user = f"{first:08x}-{connection:04x}-4000-8000-{n % each:012x}"
            path = f"user-imports/{user}/raw-17.json"
            yield f'{{"user_id": "{user}", "storage_path": "{path}", "conversation_count": 412}}'

    await asyncio.gather(*(one_connection(port, bodies(n), stop_at, took, errors) for n in range(connections)))
    return Round(len(took) / seconds, statistics.quantiles(took, n=100)[98] * 1000, errors[0])


async def one_connection(
    port: int, bodies: Iterator[str], stop_at: float, took: list[float], errors: list[int]
) -> None:
    """Ask until `stop_at`, on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (sent := time.perf_counter()) < stop_at:
        body = next(bodies)
        head = f"POST /process-full HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}"
        writer.write(f"{head}\r\nContent-Type: application/json\r\n\r\n{body}".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
        errors[0] += not answer.startswith(b"HTTP/1.1 2")
        took.append(time.perf_counter() - sent)
    writer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("connections", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("users", type=int)
    asked = parser.parse_args()
    result = asyncio.run(run_client(asked.port, asked.connections, asked.seconds, asked.users))
    print(f"RESULT {result.rate} {result.p99} {result.errors}")
