"""Stands between a client and a real Postgres on a unix socket, and can hang, or be away."""

import asyncio
import contextlib
from pathlib import Path
from typing import Self


class DatabaseProxy:
    """Passes bytes both ways until told otherwise. `folder` is its own; `target` is the server's socket."""

    def __init__(self, folder: Path, target: Path, database: str) -> None:
        self.url = f"postgresql://postgres@/{database}?host={folder}"
        self._path = folder / ".s.PGSQL.5432"
        self._target = target
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        await self.come_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._flowing.set()
        await self.go_away()

    def hang(self) -> None:
        """Take connections and bytes, and pass nothing on."""
        self._flowing.clear()

    def resume(self) -> None:
        """Pass on what was held, and what comes."""
        self._flowing.set()

    async def go_away(self) -> None:
        """Cut every connection and refuse new ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._path.unlink(missing_ok=True)
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def come_back(self) -> None:
        """Take connections again."""
        self._server = await asyncio.start_unix_server(self._serve, self._path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_unix_connection(str(self._target))
            self._writers |= {writer, back}
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer), return_exceptions=True)
            self._writers -= {writer, back}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()
