"""What can go wrong with a stored export; whether it is worth another try is part of the type."""

from pipelines.contract import Cause, ExportError, PipelineError


class StoragePathError(ExportError):
    """The path is not one that an export can have."""


class ExportMissingError(ExportError):
    """There is no such object, or no such bucket."""


class StorageRefusedError(ExportError):
    """The store refuses this object: too big, a type that it does not take, a name that is taken."""


class StorageDeniedError(PipelineError):
    """The store refuses us: our key is none, or may not read. Whoever uploaded the object can do nothing about it."""

    cause: Cause = "dependency:storage"
    needs_operator = True

    def __init__(self, message: str) -> None:
        super().__init__(message, retryable=True)


class StorageUnavailableError(PipelineError):
    """The store did not answer, or answered that it cannot now; the same call may succeed later."""

    cause: Cause = "dependency:storage"

    def __init__(self, message: str) -> None:
        super().__init__(message, retryable=True)
