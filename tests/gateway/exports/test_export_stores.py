"""One behaviour for every place that exports are kept in."""

# ruff: noqa: ASYNC240  (files of a few bytes)

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.config.settings import Settings
from gateway.exports import (
    ExportMissingError,
    ExportStore,
    FolderExports,
    StorageDeniedError,
    StoragePathError,
    StorageRefusedError,
    StorageUnavailableError,
    check_storage_path,
    open_exports,
)
from gateway.exports.supabase import SupabaseExports
from gateway.exports.supabase_answers import answer_in, judge
from pipelines.contract import ExportError
from tests.fakes.supabase_storage import ANON_KEY, FOREIGN_KEY, KEY, FakeStorage, running_storage

PATH = "user-imports/u/raw-1.json"


@pytest.fixture
def storage() -> Iterator[FakeStorage]:
    with running_storage("user-imports", "imports") as running:
        yield running


@pytest.fixture
async def supabase(storage: FakeStorage) -> AsyncIterator[SupabaseExports]:
    async with SupabaseExports(storage.url, KEY, delays=(0.0, 0.0)) as store:
        yield store


@pytest.fixture(params=["folder", "supabase"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, storage: FakeStorage) -> AsyncIterator[ExportStore]:
    if request.param == "folder":
        yield FolderExports(tmp_path / "exports")
    else:
        async with SupabaseExports(storage.url, KEY, delays=()) as store:
            yield store


async def test_what_was_put_is_fetched(store: ExportStore, source: Path, tmp_path: Path) -> None:
    source.write_bytes(os.urandom(3_000_000))
    await store.put(PATH, source)
    await store.fetch(PATH, tmp_path / "to")
    assert (tmp_path / "to").read_bytes() == source.read_bytes()
    assert await store.exists(PATH)


async def test_compressed_bytes_stay_as_they_are(store: ExportStore, source: Path, tmp_path: Path) -> None:
    source.write_bytes(b"\x1f\x8b\x08\x00 and so on")
    await store.put("user-imports/u/all.json.gz", source)
    await store.fetch("user-imports/u/all.json.gz", tmp_path / "to")
    assert (tmp_path / "to").read_bytes() == source.read_bytes()


async def test_a_later_put_replaces(store: ExportStore, source: Path, tmp_path: Path) -> None:
    await store.put(PATH, source)
    source.write_bytes(b"[2]")
    await store.put(PATH, source)
    await store.fetch(PATH, tmp_path / "to")
    assert (tmp_path / "to").read_bytes() == b"[2]"


async def test_names_with_blanks_and_accents(store: ExportStore, source: Path, tmp_path: Path) -> None:
    name = "imports/My caf\u00e9 (2) #1? +100% & more.zip"
    await store.put(name, source)
    assert await store.exists(name)
    await store.fetch(name, tmp_path / "to")
    assert (tmp_path / "to").read_bytes() == b"[1]"


@pytest.mark.parametrize("path", [PATH, "no-such-bucket/u/x.json"])
async def test_what_is_not_there_is_missing_and_not_worth_a_retry(
    store: ExportStore, tmp_path: Path, path: str
) -> None:
    assert not await store.exists(path)
    with pytest.raises(ExportMissingError, match=r"There is no (export|bucket) at") as failure:
        await store.fetch(path, tmp_path / "to")
    assert isinstance(failure.value, ExportError)
    assert not failure.value.retryable
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(
    "path", ["user-imports/../x", "/etc/passwd", "user-imports/a\x00b", "user-imports/%2e%2e/x", "x"]
)
async def test_paths_that_are_none_are_refused_everywhere(store: ExportStore, source: Path, path: str) -> None:
    for call in (store.fetch(path, source), store.put(path, source), store.exists(path)):
        with pytest.raises(StoragePathError):
            await call
    assert source.read_bytes() == b"[1]"


# Supabase only


@pytest.mark.parametrize("fault", [500, 502, 503, 429, "drop"])
async def test_a_passing_fault_is_tried_again(
    storage: FakeStorage, supabase: SupabaseExports, tmp_path: Path, fault: int | str
) -> None:
    storage.objects["user-imports", "u/raw-1.json"] = b"[1]"
    storage.faults = [fault, fault]
    await supabase.fetch(PATH, tmp_path / "to")
    assert (tmp_path / "to").read_bytes() == b"[1]"
    assert len(storage.requests) == 3


@pytest.mark.parametrize("fault", [500, "drop"])
async def test_a_lasting_fault_is_retryable_and_leaves_no_file(
    storage: FakeStorage, supabase: SupabaseExports, tmp_path: Path, fault: int | str
) -> None:
    storage.faults = [fault] * 9
    with pytest.raises(StorageUnavailableError) as failure:
        await supabase.fetch(PATH, tmp_path / "to")
    assert failure.value.retryable
    assert len(storage.requests) == 3
    assert list(tmp_path.iterdir()) == []


async def test_a_missing_object_is_asked_for_once(
    storage: FakeStorage, supabase: SupabaseExports, tmp_path: Path
) -> None:
    with pytest.raises(ExportMissingError, match="no export"):
        await supabase.fetch(PATH, tmp_path / "to")
    assert [request for request in storage.requests if PATH in request] == [
        f"GET /storage/v1/object/authenticated/{PATH}"
    ]


async def test_nobody_there_is_retryable(tmp_path: Path) -> None:
    async with SupabaseExports("http://127.0.0.1:9", KEY, delays=(0.0,)) as store:
        with pytest.raises(StorageUnavailableError, match="did not answer"):
            await store.fetch(PATH, tmp_path / "to")


@pytest.mark.parametrize("key", [FOREIGN_KEY, ANON_KEY, "sb_publishable_x", "wrong-secret", "sb_secret_unknown"])
async def test_a_key_without_rights_never_reads_as_a_missing_object(
    storage: FakeStorage, tmp_path: Path, key: str
) -> None:
    storage.objects["user-imports", "u/raw-1.json"] = b"[1]"
    async with SupabaseExports(storage.url, key, delays=(0.0,)) as store:
        for call in (store.fetch(PATH, tmp_path / "to"), store.exists(PATH), store.check_access()):
            with pytest.raises(StorageDeniedError) as failure:
                await call
            assert failure.value.needs_operator
            assert key not in str(failure.value)
            assert failure.value.cause == "dependency:storage"


async def test_a_bucket_of_the_apps_that_is_not_seen_is_the_operators(
    storage: FakeStorage, supabase: SupabaseExports, tmp_path: Path
) -> None:
    with pytest.raises(StorageDeniedError, match="no bucket user-exports"):
        await supabase.fetch("user-exports/u/all.json", tmp_path / "to")
    with pytest.raises(ExportMissingError, match="no bucket at"):
        await supabase.fetch("elsewhere/u/all.json", tmp_path / "to")
    await supabase.check_access()
    storage.buckets.clear()
    with pytest.raises(StorageDeniedError, match="no bucket"):
        await supabase.check_access()


BODY = '{{"statusCode": "{}", "error": "{}", "message": "{}"}}'
ANSWERS: list[tuple[int, str, type[Exception]]] = [
    (400, BODY.format(403, "Unauthorized", "signature verification failed"), StorageDeniedError),
    (400, BODY.format(403, "Unauthorized", "jwt expired"), StorageDeniedError),
    (400, BODY.format(400, "InvalidJWT", "Invalid Compact JWS"), StorageDeniedError),
    (400, BODY.format(400, "Error", "headers should have required property 'authorization'"), StorageDeniedError),
    (400, BODY.format(400, "TenantNotFound", "Missing tenant config for tenant x"), StorageDeniedError),
    (401, '{"message": "Invalid API key", "hint": "Double check your key"}', StorageDeniedError),
    (400, BODY.format(404, "not_found", "Object not found"), ExportMissingError),
    (404, BODY.format(404, "Bucket not found", "Bucket not found"), ExportMissingError),
    (400, '{"statusCode": "404", "code": "NoSuchKey", "error": "NoSuchKey", "message": "x"}', ExportMissingError),
    (400, BODY.format(400, "InvalidKey", "Invalid key: my-token.json"), StorageRefusedError),
    (400, BODY.format(503, "SlowDown", "Please reduce your request rate"), StorageUnavailableError),
    (544, BODY.format(544, "DatabaseTimeout", "The connection to the database timed out"), StorageUnavailableError),
    (400, BODY.format(423, "ResourceLocked", "The resource is locked"), StorageUnavailableError),
    (500, BODY.format(500, "InternalError", "Internal server error"), StorageUnavailableError),
    (503, "name resolution failed", StorageUnavailableError),
    (302, "<html>sign in</html>", StorageUnavailableError),
    (400, "[]", StorageRefusedError),
]


@pytest.mark.parametrize(("status", "body", "kind"), ANSWERS)
def test_each_form_of_the_services_errors_has_one_meaning(status: int, body: str, kind: type[Exception]) -> None:
    failure = judge(check_storage_path(PATH), answer_in(body.encode(), status))
    assert type(failure) is kind
    assert (failure.needs_operator, failure.retryable) == {
        StorageDeniedError: (True, True),
        StorageUnavailableError: (False, True),
    }.get(kind, (False, False))


async def test_objects_above_the_limits_are_refused(
    storage: FakeStorage, supabase: SupabaseExports, source: Path, tmp_path: Path
) -> None:
    storage.max_bytes = 2
    with pytest.raises(StorageRefusedError, match="413"):
        await supabase.put(PATH, source)
    storage.objects["user-imports", "u/raw-1.json"] = b"x" * 1000
    async with SupabaseExports(storage.url, KEY, max_bytes=999) as store:
        with pytest.raises(StorageRefusedError, match="larger than"):
            await store.fetch(PATH, tmp_path / "to")
    assert not (tmp_path / "to").exists()


async def test_the_settings_name_the_store(tmp_path: Path, storage: FakeStorage) -> None:
    async with open_exports(Settings(data_dir=tmp_path)) as store:
        assert isinstance(store, FolderExports)
    hosted = Settings.model_validate(
        {"supabase_url": storage.url, "supabase_service_key": KEY, "allow_embedded_database": True}
    )
    async with open_exports(hosted) as store:
        assert isinstance(store, SupabaseExports)
        assert not await store.exists(PATH)
