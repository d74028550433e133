"""A small flag server that can fall ill in every way, over loopback."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

Mood = Literal[
    "well", "hangs", "drips", "garbage", "not_flags", "unauthorized", "forbidden", "limited", "error", "cut", "moved",
    "missing", "unchanged", "zipped",
]  # fmt: skip
ILL: tuple[Mood, ...] = ("hangs", "drips", "garbage", "not_flags", "unauthorized", "error", "cut", "moved", "missing")

CANNED: dict[Mood, tuple[int, bytes, str]] = {
    "garbage": (200, b"\x00\xff<html>", ""),
    "not_flags": (200, b'{"features": [{"name": 7}]}', ""),
    "unauthorized": (401, b"{}", ""),
    "forbidden": (403, b"{}", ""),
    "limited": (429, b"{}", "Retry-After: 30\r\n"),
    "error": (500, b"oops", ""),
    "moved": (301, b"", "Location: /api/client/features\r\n"),  # to itself
    "missing": (404, b"{}", ""),
    "unchanged": (304, b"", ""),  # whatever is asked
}


class BadServer:
    """Serves `document` while it is well."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.mood: Mood = "well"
        self.url = ""
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.not_modified = 0
        self.asked = 0  # polls, well or ill

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                (int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")), 0
            )
            body = await reader.readexactly(length)
            await self._answer(head, body, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        method, path, _ = head.split(" ", 2)
        self.asked += method == "GET" and path == "/api/client/features"
        match self.mood:
            case "hangs":
                await asyncio.sleep(3600)
            case "drips":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while True:
                    writer.write(b" ")
                    await writer.drain()
                    await asyncio.sleep(0.05)
            case "cut":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
            case "zipped" if path == "/api/client/features":
                body = gzip.compress(json.dumps(self.document).encode(), mtime=0)
                tag = f'W/"{hash(body)}"'
                self.not_modified += tag in head
                headers = f"ETag: {tag}\r\nContent-Encoding: gzip\r\n"
                await (_send(writer, 304, b"") if tag in head else _send(writer, 200, body, headers))
            case "well" | "zipped":
                if method == "POST":
                    self.posts.append((path, json.loads(body)))
                    await _send(writer, 202, b"")
                else:
                    await self._flags(head, path, writer)
            case mood:
                await _send(writer, *CANNED[mood])

    async def _flags(self, head: str, path: str, writer: asyncio.StreamWriter) -> None:
        document = json.dumps(self.document).encode()
        etag = f'"{hash(document)}"'
        name = path.removeprefix("/api/client/features").strip("/")
        if name:
            found = [feature for feature in self.document["features"] if feature["name"] == name]
            await _send(writer, 200 if found else 404, json.dumps(found[0] if found else {}).encode())
        elif etag in head:
            self.not_modified += 1
            await _send(writer, 304, b"")
        else:
            await _send(writer, 200, document, f"ETag: {etag}\r\n")


async def _send(writer: asyncio.StreamWriter, status: int, body: bytes, headers: str = "") -> None:
    head = f"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


@asynccontextmanager
async def running(server: BadServer) -> AsyncIterator[BadServer]:
    """Listen on a free port; connections that still hang at the end are cut."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await server.handle(reader, writer)
        finally:
            tasks.discard(task)

    listener = await asyncio.start_server(handle, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
