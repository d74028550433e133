"""A storage that answers anything: bounded, never unpacked, never followed, and none of its words comes out."""

import asyncio
import gzip
import json
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.exports.errors import ExportMissingError, StorageDeniedError, StorageRefusedError, StorageUnavailableError
from gateway.exports.path import check_storage_path
from gateway.exports.supabase import SupabaseExports
from gateway.exports.supabase_answers import answer_in, judge
from tests.fakes.supabase_storage import KEY

PATH = "user-imports/u/raw-1.json"
SECRET = "the-key-that-they-quote"


@asynccontextmanager
async def answering(answer: bytes, *, for_ever: bytes = b"") -> AsyncIterator[tuple[str, list[bytes]]]:
    """A service that answers so to everything, its address, and the request lines that it saw."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            seen.append((await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")[0])
            writer.write(answer)
            while for_ever:
                writer.write(for_ever)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen
    finally:
        server.close()


def answer(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


QUOTES = json.dumps({"statusCode": "500", "error": f"Bearer {SECRET}", "message": f"key {SECRET}"}).encode()
ANSWERS = [
    answer("500 No", QUOTES),
    answer("400 No", QUOTES.replace(b"500", b"418")),
    answer("502 No", SECRET.encode() * 1000),
    answer("400 No", b"[" * 50_000),
    answer("400 No", b'{"statusCode": ' + b"9" * 5000 + b', "error": 1, "message": {}}'),
    answer("206 Part", b"x" * 10),
    answer("204 Nothing", b""),
    answer("201 Made", b"{}"),
    answer("302 Elsewhere", b"", "Location: /storage/v1/object/evil"),
    answer("200 OK", gzip.compress(b"x" * 1_000_000), "Content-Encoding: gzip"),
    answer("500 No", gzip.compress(b"x" * 1_000_000), "Content-Encoding: gzip"),
]


@pytest.mark.parametrize("told", ANSWERS, ids=range(len(ANSWERS)))
async def test_whatever_the_storage_answers_is_bounded_and_none_of_its_words_come_out(
    told: bytes, tmp_path: Path
) -> None:
    (tmp_path / "source").write_bytes(b"[]")
    async with answering(told) as (url, seen), SupabaseExports(url, KEY, delays=()) as store:
        for call in (
            lambda: store.fetch(PATH, tmp_path / "to"),
            lambda: store.exists(PATH),
            lambda: store.put(PATH, tmp_path / "source"),
        ):
            with pytest.raises((StorageUnavailableError, StorageRefusedError)) as caught:
                await call()
            printed = "".join(traceback.format_exception(caught.value))
            assert SECRET not in printed
            assert KEY not in printed
        assert not any(b"evil" in line for line in seen)
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("status", ["200 OK", "500 No"])
async def test_an_answer_without_end_is_read_to_a_limit(status: str, tmp_path: Path) -> None:
    head = f"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n".encode()
    async with (
        asyncio.timeout(180),
        answering(head, for_ever=b"x" * 65536) as (url, _),
        SupabaseExports(url, KEY, delays=(), max_bytes=3_000_000) as store,
    ):
        with pytest.raises((StorageUnavailableError, StorageRefusedError)):
            await store.fetch(PATH, tmp_path / "to")
        with pytest.raises(StorageUnavailableError):
            await store.exists(PATH)
        with pytest.raises(StorageUnavailableError):
            await store.check_access()


@given(
    st.binary()
    | st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=3).map(
        lambda value: json.dumps({"statusCode": value, "error": value, "message": value}).encode()
    )
)
def test_any_error_body_is_an_answer(body: bytes) -> None:
    failure = judge(check_storage_path(PATH), answer_in(body, 400))
    kinds = StorageUnavailableError | StorageRefusedError | StorageDeniedError | ExportMissingError
    assert isinstance(failure, kinds)


async def test_the_client_is_imported_where_a_project_is_configured_and_nowhere_else() -> None:
    code = (
        "import gateway.server.process, sys; print([name for name in ('supabase', 'storage3') if name in sys.modules])"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out.strip() == b"[]"
