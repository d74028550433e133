"""What can go wrong with a stored export; whether it is worth another try is part of the type."""

from pipelines.contract import ExportError, PipelineError


class StoragePathError(ExportError):
    """The path is not one that an export can have."""


class ExportMissingError(ExportError):
    """There is no such object, or no such bucket."""


class StorageRefusedError(ExportError):
    """The store refuses this object or this key: too big, a type it does not take, not allowed."""


class StorageUnavailableError(PipelineError):
    """The store did not answer, or answered that it cannot now; the same call may succeed later."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retryable=True)
