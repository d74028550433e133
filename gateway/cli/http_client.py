"""The running gateway, reached over HTTP as any client would."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from gateway.cli.errors import UNREACHABLE, CommandError
from gateway.config.settings import Settings

TIMEOUT_SECONDS = 10.0  # the web back end gives up after as long
POLL_SECONDS = 0.2
OPEN = ("pending", "processing")

Document = dict[str, Any]


def default_url(settings: Settings) -> str:
    """Where a gateway with these settings is reached from the same machine."""
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0", "::") else settings.host  # noqa: S104  compared, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def build_http_client(url: str, token: str | None) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS, headers=headers, trust_env=False)


@dataclass(slots=True)
class RunningGateway:
    """Calls a gateway at `url`. Every failure is a CommandError that says what to do."""

    url: str
    token: str | None = None
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = build_http_client(self.url, self.token)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.client.close()

    def get(self, path: str) -> Document:
        return self.call("GET", path)

    def post(self, path: str, body: Document) -> Document:
        return self.call("POST", path, body)

    def call(self, method: str, path: str, body: Document | None = None) -> Document:
        """One request. Raises CommandError for anything but a 2xx answer."""
        try:
            response = self.client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise CommandError(
                f"no gateway answers at {self.url} ({error or type(error).__name__}): "
                "start one with `gateway serve`, or give --url",
                UNREACHABLE,
            ) from None
        if response.is_success:
            document: Document = response.json()
            return document
        if response.status_code == httpx.codes.UNAUTHORIZED:
            was = "refuses the key" if self.token else "asks for a key"
            raise CommandError(
                f"the gateway at {self.url} {was}: give --key or GATEWAY_API_KEY, one of its GATEWAY_API_KEYS"
            )
        raise CommandError(f"{method} {path} was answered with {response.status_code}: {detail_of(response)}")

    def follow(self, job_id: str, seen: Callable[[Document], None], *, timeout_seconds: float) -> Document:
        """Poll a job until it is over, telling `seen` of each answer; returns the last one."""
        deadline = time.monotonic() + timeout_seconds
        while True:
            job = self.get(f"/jobs/{job_id}")
            seen(job)
            if job["status"] not in OPEN:
                return job
            if time.monotonic() > deadline:
                raise CommandError(f"job {job_id} is still {job['status']} after {timeout_seconds:g} s; it goes on")
            time.sleep(POLL_SECONDS)


def detail_of(response: httpx.Response) -> str:
    """The `detail` of an error body, or its beginning when it is none of ours."""
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return response.text[:200]
    return detail if isinstance(detail, str) else str(detail)
