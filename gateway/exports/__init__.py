"""Where exports are kept: a folder, or Supabase Storage, behind one protocol."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.config.settings import Settings
from gateway.exports.errors import (
    ExportMissingError,
    StorageDeniedError,
    StoragePathError,
    StorageRefusedError,
    StorageUnavailableError,
)
from gateway.exports.folder import FolderExports
from gateway.exports.path import ExportPath, belongs_to, check_storage_path, is_refused, owner_of
from gateway.exports.store import ExportStore


@asynccontextmanager
async def open_exports(settings: Settings) -> AsyncIterator[ExportStore]:
    """The store that the settings name: Supabase Storage, or `exports` under the data folder."""
    if settings.supabase_url and settings.supabase_service_key:
        from gateway.exports.supabase import SupabaseExports  # noqa: PLC0415 - heavy, and mostly not needed

        async with SupabaseExports(settings.supabase_url, settings.supabase_service_key.get_secret_value()) as store:
            yield store
    else:
        yield FolderExports(settings.data_dir / "exports")


__all__ = [
    "ExportMissingError",
    "ExportPath",
    "ExportStore",
    "FolderExports",
    "StorageDeniedError",
    "StoragePathError",
    "StorageRefusedError",
    "StorageUnavailableError",
    "belongs_to",
    "check_storage_path",
    "is_refused",
    "open_exports",
    "owner_of",
]
