"""What Supabase Storage's answers mean: whose fault an error is, what a key is, which buckets it sees.

The service sends most errors as HTTP 400 with the status that counts in the body; its gateway sends its own.
"""

import base64
import json
from typing import Any, Final

import httpx
from storage3.exceptions import StorageApiError

from gateway.exports.errors import (
    ExportMissingError,
    StorageDeniedError,
    StorageRefusedError,
    StorageUnavailableError,
)
from gateway.exports.path import ExportPath
from pipelines.contract import PipelineError

OTHER_ROLES: Final = frozenset({"anon", "authenticated", "publishable"})
# Of our key or our project, sent with status 400, and nothing that an uploader can do about.
_ACCESS: Final = frozenset({"InvalidJWT", "InvalidSignature", "ExpiredToken", "TenantNotFound", "AccessDenied"})
_ACCESS_WORDS: Final = ("authorization", "api key", "apikey", "jwt", "jws", "signature", "tenant", "token")
_PASSING: Final = frozenset({408, 409, 423, 425, 429})


def api_error(response: httpx.Response) -> StorageApiError:
    """As the client reads errors: the status in the body counts, since the service may send 400 for a 404."""
    try:
        body = response.json()
        return StorageApiError(body["message"], body.get("code") or body["error"], body["statusCode"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return StorageApiError(response.text[:200], "InternalError", response.status_code)


def judge(path: ExportPath | None, error: httpx.TransportError | StorageApiError) -> PipelineError:
    """The failure of a call for an object, or for none, in our words. Nothing of the answer's own words is in it."""
    what = "our question" if path is None else str(path)
    if isinstance(error, httpx.TransportError):
        return StorageUnavailableError(f"The storage did not answer for {what} ({type(error).__name__})")
    status = int(error.status) if str(error.status).isdecimal() else 500
    if status in (401, 403) or (status == 400 and _is_about_access(error)):
        return StorageDeniedError(f"The storage does not let us read {what} ({status}): its key is wrong, or may not")
    if status == 404 and path is not None:
        return ExportMissingError(f"There is no export at {path}")
    if status in _PASSING or status >= 500 or status < 400:
        return StorageUnavailableError(f"The storage cannot serve {what} now ({status})")
    return StorageRefusedError(f"The storage refuses {what} ({status})")


def role_of(key: str) -> str | None:
    """The role that a key says it is of; None where it says none."""
    if key.startswith("sb_publishable_"):
        return "publishable"
    try:
        payload = key.split(".")[1]
        claims: Any = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["role"])
    except (IndexError, KeyError, TypeError, ValueError):
        return None


def names_in(response: httpx.Response) -> frozenset[str]:
    """The buckets that an answer lists. Raises `StorageApiError` for what is no list of buckets."""
    try:
        return frozenset(str(bucket["name"]) for bucket in response.json())
    except (KeyError, TypeError, ValueError) as error:
        raise StorageApiError("no list of buckets", "InternalError", 502) from error


def _is_about_access(error: StorageApiError) -> bool:
    if error.code in _ACCESS:
        return True
    words = str(error.message).lower()
    return error.code != "InvalidKey" and any(word in words for word in _ACCESS_WORDS)  # that one quotes the object
