"""What Supabase Storage's answers mean: whose fault an error is, what a key is, which buckets it sees.

The service sends most errors as HTTP 400 with the status that counts in the body; its gateway sends its own.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any, Final

import httpx

from gateway.exports.errors import (
    ExportMissingError,
    StorageDeniedError,
    StorageRefusedError,
    StorageUnavailableError,
)
from gateway.exports.path import ExportPath
from pipelines.contract import PipelineError

ERROR_BYTES: Final = 64 * 1024
OTHER_ROLES: Final = frozenset({"anon", "authenticated", "publishable"})
# Of our key or our project, sent with status 400, and nothing that an uploader can do about.
_ACCESS: Final = frozenset({"InvalidJWT", "InvalidSignature", "ExpiredToken", "TenantNotFound", "AccessDenied"})
_ACCESS_WORDS: Final = ("authorization", "api key", "apikey", "jwt", "jws", "signature", "tenant", "token")
_PASSING: Final = frozenset({408, 409, 423, 425, 429})


@dataclass(slots=True)
class StorageAnswer(Exception):
    """An error as the service tells it. `about_access`: it is of our key or our project. None of its words is kept."""

    status: int
    about_access: bool = False


async def read_answer(response: httpx.Response) -> StorageAnswer:
    """The error in an answer of which nothing was read yet, or all; no more than `ERROR_BYTES` are looked at."""
    content = b""
    if response.is_stream_consumed:
        content = response.content
    else:
        async for part in response.aiter_raw():
            content += part
            if len(content) > ERROR_BYTES:
                break
    return answer_in(content[:ERROR_BYTES], response.status_code)


def answer_in(content: bytes, http_status: int) -> StorageAnswer:
    """As the client reads errors: the status in the body counts, since the service may send 400 for a 404."""
    try:
        body: Any = json.loads(content)
        message, code, status = body["message"], body.get("code") or body["error"], body["statusCode"]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return StorageAnswer(http_status, about_access(http_status, "", content[:200].decode("utf-8", "replace")))
    number = status_of(status)
    return StorageAnswer(number, about_access(number, code, message))


def answer_of(error: Exception) -> StorageAnswer:
    """An error of the client's, which has read the answer; one without a status is an answer that nobody can read."""
    status = status_of(getattr(error, "status", 502))
    return StorageAnswer(status, about_access(status, getattr(error, "code", ""), getattr(error, "message", "")))


def status_of(told: object) -> int:
    """A status that came as text or as a number; 500 where it is none."""
    text = str(told)[:4]
    return int(text) if len(text) == 3 and text.isascii() and text.isdecimal() else 500


def judge(path: ExportPath | None, error: httpx.TransportError | StorageAnswer) -> PipelineError:
    """The failure of a call for an object, or for none, in our words. Nothing of the answer's own words is in it."""
    what = "our question" if path is None else str(path)
    if isinstance(error, httpx.TransportError):
        return StorageUnavailableError(f"The storage did not answer for {what} ({type(error).__name__})")
    status = error.status
    if status in (401, 403) or error.about_access:
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
    """The buckets that an answer lists. Raises `StorageAnswer` for what is no list of buckets."""
    try:
        return frozenset(str(bucket["name"]) for bucket in response.json())
    except (KeyError, TypeError, ValueError, RecursionError):
        raise StorageAnswer(502) from None


def about_access(status: int, code: object, message: object) -> bool:
    """Is it a refusal of our key or our project, sent as if it were of the request?"""
    if status != 400 or code == "InvalidKey":  # that one quotes the object
        return False
    words = str(message)[:1000].lower()
    return (isinstance(code, str) and code in _ACCESS) or any(word in words for word in _ACCESS_WORDS)
