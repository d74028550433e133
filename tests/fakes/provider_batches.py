"""The batch routes of a fake provider: Anthropic's message batches, and OpenAI's files and batches.

Nothing is answered before `end`: then each question as the provider would have answered it alone, or as it is told.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

Json = dict[str, Any]
Answer = Callable[[Json], tuple[int, Json]]  # a question's body -> status and body, as it would be answered alone
Outcome = Literal["answered", "errored", "expired", "canceled"]

MESSAGE_BATCHES = "/v1/messages/batches"


class Response(NamedTuple):
    """What is sent."""

    status: int
    body: str


@dataclass
class FakeBatch:
    """One batch."""

    id: str
    requests: list[tuple[str, Json]]  # (custom id, body)
    outcomes: list[Outcome] = field(default_factory=list)  # empty while it is under way
    answers: list[tuple[int, Json]] = field(default_factory=list)
    cancelled: bool = False
    input_file: str = ""
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def ended(self) -> bool:
        return bool(self.outcomes)


class FakeBatches:
    """All that a provider knows of batches. `answer` answers a question."""

    def __init__(self, answer: Answer) -> None:
        self.batches: dict[str, FakeBatch] = {}
        self.files: dict[str, str] = {}
        self.deleted: list[str] = []
        self.url = ""
        self.refuse: list[int] = []  # statuses of the next creations, in order; 0: it is taken, and the answer is lost
        self._answer = answer
        self._lock = threading.RLock()

    @property
    def under_way(self) -> list[FakeBatch]:
        with self._lock:
            return [batch for batch in self.batches.values() if not batch.ended]

    def end(self, outcome: Outcome = "answered", *, first: Outcome | None = None) -> int:
        """End all that are under way; how many. `first` is what becomes of the first question of each."""
        ending = self.under_way
        for batch in ending:
            outcomes = [outcome] * len(batch.requests)
            if first is not None:
                outcomes[0] = first
            batch.answers = [
                self._answer(body) if how == "answered" else (0, {})
                for (_, body), how in zip(batch.requests, outcomes, strict=True)
            ]
            with self._lock:
                batch.outcomes = outcomes
        return len(ending)

    def handle(self, method: str, path: str, body: bytes) -> Response | None:
        """The response, None where the path is none of these."""
        with self._lock:
            if path.startswith(MESSAGE_BATCHES):
                return self._messages(method, path.removeprefix(MESSAGE_BATCHES).strip("/"), body)
            if path.startswith("/v1/files"):
                return self._files(method, path.removeprefix("/v1/files").strip("/"), body)
            if path.startswith("/v1/batches"):
                return self._openai(method, path.removeprefix("/v1/batches").strip("/"), body)
        return None

    def _refused(self) -> Response | None:
        if self.refuse and self.refuse[0]:
            error = {"type": "planned", "message": "planned"}
            return Response(self.refuse.pop(0), json.dumps({"type": "error", "error": error}))
        return None

    def _taken(self, batch: FakeBatch, shown: Json) -> Response:
        self.batches[batch.id] = batch
        if self.refuse:
            self.refuse.pop(0)
            return Response(502, "lost")
        return Response(200, json.dumps(shown))

    # Anthropic

    def _messages(self, method: str, rest: str, body: bytes) -> Response:
        batch_id, _, verb = rest.partition("/")
        if not batch_id and method == "POST":
            return self._create_messages(json.loads(body))
        if not batch_id:
            data = [self._message_batch(batch) for batch in reversed(self.batches.values())]
            page = {"data": data, "has_more": False, "first_id": None, "last_id": None}
            return Response(200, json.dumps(page))
        batch = self.batches.get(batch_id)
        if batch is None:
            return not_found()
        if method == "DELETE":
            self.deleted.append(batch_id)
            del self.batches[batch_id]
            return Response(200, json.dumps({"id": batch_id, "type": "message_batch_deleted"}))
        if verb == "results":
            return Response(200, "".join(json.dumps(line) + "\n" for line in message_results(batch)))
        if verb == "cancel":
            batch.cancelled = True
        return Response(200, json.dumps(self._message_batch(batch)))

    def _create_messages(self, asked: Json) -> Response:
        if (refused := self._refused()) is not None:
            return refused
        requests = [(one["custom_id"], one["params"]) for one in asked["requests"]]
        batch = FakeBatch(f"msgbatch_{len(self.batches) + len(self.deleted) + 1}", requests)
        return self._taken(batch, self._message_batch(batch))

    def _message_batch(self, batch: FakeBatch) -> Json:
        url = f"{self.url}{MESSAGE_BATCHES}/{batch.id}/results" if batch.ended else None
        return message_batch(batch, url)

    # OpenAI

    def _files(self, method: str, rest: str, body: bytes) -> Response:
        file_id, _, verb = rest.partition("/")
        if method == "POST":
            file_id = f"file-{len(self.files) + len(self.deleted) + 1}"
            lines = [line for line in body.decode().splitlines() if line.startswith('{"custom_id"')]
            self.files[file_id] = "\n".join(lines)
            shown = {
                "id": file_id, "object": "file", "bytes": len(body), "created_at": now(), "filename": "batch.jsonl",
                "purpose": "batch", "status": "processed",
            }  # fmt: skip
            return Response(200, json.dumps(shown))
        if file_id not in self.files:
            return not_found()
        if method == "DELETE":
            self.deleted.append(file_id)
            del self.files[file_id]
            return Response(200, json.dumps({"id": file_id, "object": "file", "deleted": True}))
        return Response(200, self.files[file_id] if verb == "content" else "{}")

    def _openai(self, method: str, rest: str, body: bytes) -> Response:
        batch_id, _, verb = rest.partition("/")
        if not batch_id and method == "POST":
            return self._create_openai(json.loads(body))
        if not batch_id:
            data = [self._openai_batch(batch) for batch in reversed(self.batches.values())]
            return Response(200, json.dumps({"object": "list", "data": data, "has_more": False}))
        batch = self.batches.get(batch_id)
        if batch is None:
            return not_found()
        batch.cancelled = batch.cancelled or verb == "cancel"
        return Response(200, json.dumps(self._openai_batch(batch)))

    def _create_openai(self, asked: Json) -> Response:
        if (refused := self._refused()) is not None:
            return refused
        lines = [json.loads(line) for line in self.files[asked["input_file_id"]].splitlines()]
        requests = [(line["custom_id"], line["body"]) for line in lines]
        batch = FakeBatch(f"batch_{len(self.batches) + 1}", requests, input_file=asked["input_file_id"])
        return self._taken(batch, self._openai_batch(batch))

    def _openai_batch(self, batch: FakeBatch) -> Json:
        status = "cancelling" if batch.cancelled else "in_progress"
        files: Json = {}
        if batch.ended:
            status = {"expired": "expired", "canceled": "cancelled"}.get(batch.outcomes[-1], "completed")
            files = self._write_results(batch)
        return {
            "id": batch.id, "object": "batch", "endpoint": "/v1/responses", "input_file_id": batch.input_file,
            "completion_window": "24h", "status": status,
            "created_at": int(batch.created_at.timestamp()),
            "request_counts": {"total": len(batch.requests), "completed": 0, "failed": 0}, **files,
        }  # fmt: skip

    def _write_results(self, batch: FakeBatch) -> Json:
        lines = []
        for (custom_id, _), how, (status, body) in zip(batch.requests, batch.outcomes, batch.answers, strict=True):
            if how == "answered":
                response = {"status_code": status, "request_id": "r", "body": body}
                lines.append({"id": "l", "custom_id": custom_id, "response": response, "error": None})
            elif how == "errored":
                error = {"error": {"message": "planned", "type": "invalid_request_error", "code": None}}
                response = {"status_code": 400, "request_id": "r", "body": error}
                lines.append({"id": "l", "custom_id": custom_id, "response": response, "error": None})
        name = f"{batch.id}-output"
        if name not in self.deleted:
            self.files[name] = "\n".join(map(json.dumps, lines))
        return {"output_file_id": name}


def message_batch(batch: FakeBatch, results_url: str | None) -> Json:
    """A batch as Anthropic shows it."""
    count = {name: batch.outcomes.count(name) for name in ("errored", "expired", "canceled")}
    answered = [status for status, _ in batch.answers if status]
    succeeded = sum(status == 200 for status in answered)
    status = "ended" if batch.ended else "canceling" if batch.cancelled else "in_progress"
    at = batch.created_at.isoformat()
    return {
        "id": batch.id, "type": "message_batch", "processing_status": status, "created_at": at, "expires_at": at,
        "ended_at": at if batch.ended else None, "archived_at": None, "cancel_initiated_at": None,
        "results_url": results_url,
        "request_counts": {
            "processing": 0 if batch.ended else len(batch.requests), "succeeded": succeeded,
            "errored": count["errored"] + len(answered) - succeeded, "expired": count["expired"],
            "canceled": count["canceled"],
        },
    }  # fmt: skip


def message_results(batch: FakeBatch) -> list[Json]:
    """Its results as Anthropic lists them, in another order than the questions came."""
    return [
        {"custom_id": custom_id, "result": message_result(how, status, body)}
        for (custom_id, _), how, (status, body) in zip(batch.requests, batch.outcomes, batch.answers, strict=True)
    ][::-1]


def message_result(how: Outcome, status: int, body: Json) -> Json:
    """One result."""
    if how == "answered" and status == 200:
        return {"type": "succeeded", "message": body}
    if how == "answered":
        error = {"type": "api_error" if status >= 500 else "invalid_request_error", "message": "planned"}
        return {"type": "errored", "error": {"type": "error", "error": error, "request_id": "r"}}
    if how == "errored":
        error = {"type": "invalid_request_error", "message": "planned"}
        return {"type": "errored", "error": {"type": "error", "error": error, "request_id": "r"}}
    return {"type": how}


def not_found() -> Response:
    """There is none."""
    error = {"type": "not_found_error", "message": "not found"}
    return Response(404, json.dumps({"type": "error", "error": error}))


def now() -> int:
    return int(datetime.now(UTC).timestamp())
