"""A model provider on loopback, over real HTTP: Anthropic messages, OpenAI chat completions and embeddings, and
Bedrock's Converse.

It counts its calls, answers plausibly by simple rules, and does what it is told to instead: fail, be slow, answer
garbage. It runs in a thread of its own, so that it serves processes too.
"""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from pipelines.history.chunking.tokens import count_tokens
from tests.fakes.prompt_cache import PromptCache
from tests.fakes.provider_batches import FakeBatches

Json = dict[str, Any]
Answerer = Callable[["Call"], "Json | str"]


class Tokens(NamedTuple):
    """What an answer is billed for: `read` and `written` are those of the sent that the cache had, and took."""

    sent: int
    got: int
    read: int = 0
    written: int = 0


INPUT_TOKENS = 100
OUTPUT_TOKENS = 20
UNMETERED = Tokens(INPUT_TOKENS, OUTPUT_TOKENS)


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived."""

    path: str
    body: Json
    headers: dict[str, str]

    @property
    def schema(self) -> Json | None:
        """The properties of the structured answer that is asked for; None when words are."""
        shape = self._shape
        if shape is None:
            return None
        properties: Json = _resolved(shape, shape)["properties"]
        return properties

    @property
    def words(self) -> str:
        """What the user's messages say, as it is."""
        return "\n".join(text for message in self.messages for text in _texts(message.get("content")))

    @property
    def part(self) -> str | None:
        """The part of a profile that is asked for; None when it is another question, or changes."""
        wanted = re.search(r'^Write the section "(\w+)" from|^Write (MEMORY) from', self.words, re.MULTILINE)
        return (wanted[1] or "memory") if wanted else None

    @property
    def _shape(self) -> Json | None:
        for tool in self.body.get("tools") or ():
            described: Json = tool.get("input_schema") or tool.get("parameters") or tool["function"]["parameters"]
            return described
        for tool in (self.body.get("toolConfig") or {}).get("tools") or ():
            spec: Json = tool["toolSpec"]["inputSchema"]["json"]
            return spec
        shape: Json = (self.body.get("output_config") or {}).get("format") or {}
        wanted: Json | None = shape["schema"] if shape else None
        return wanted

    @property
    def text(self) -> str:
        """Everything that the model is given to read."""
        said = [self.body.get("system") or self.body.get("instructions"), self.messages]
        return json.dumps(said, ensure_ascii=False).replace("\\n", "\n")

    @property
    def messages(self) -> list[Json]:
        """What was said so far."""
        messages: list[Json] = self.body["messages"] if "messages" in self.body else self.body.get("input", [])
        return messages


def _texts(content: Any) -> list[str]:
    blocks = [content] if isinstance(content, str) else content or []
    return [block if isinstance(block, str) else block.get("text", "") for block in blocks]


def _resolved(node: Any, whole: Json) -> Any:
    """A schema with what it refers to in place, and of what may be null, the rest."""
    if isinstance(node, list):
        return [_resolved(one, whole) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _resolved(whole["$defs"][node["$ref"].rpartition("/")[2]], whole)
    some = [one for one in node.get("anyOf", ()) if one != {"type": "null"}]
    if len(some) == 1:
        return _resolved(some[0], whole)
    return {name: _resolved(one, whole) for name, one in node.items() if name != "$defs"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer instead of the plausible. `answer` is the model's structured answer; `raw` the whole body."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    answer: Json | None = None
    raw: str | None = None
    seconds: float = 0.0  # before anything is sent


class FakeProvider:
    """The server; `plan` gives the next replies, after which it answers plausibly again."""

    def __init__(self, answerer: Answerer | None = None, *, metered: bool = False) -> None:
        self.calls: list[Call] = []
        self.most_at_once = 0
        self.url = ""
        self.metered = metered
        self.used = [0, 0]  # tokens, where metered
        self._answerer = answerer or answer_plausibly
        self._planned: deque[Reply] = deque()
        self._at_once = 0
        self.batches = FakeBatches(self.answer_alone)
        self.cache = PromptCache()
        self._read: dict[int, int] = {}  # tokens that the cache had when a call came
        self._lock = threading.Lock()

    @property
    def openai_url(self) -> str:
        """What OPENAI_BASE_URL is set to."""
        return f"{self.url}/v1"

    def plan(self, *replies: Reply) -> None:
        """Answer the next requests with these, in order."""
        self._planned.extend(replies)

    def take(self, call: Call) -> Reply:
        """Count a call and say how to answer it."""
        with self._lock:
            self.calls.append(call)
            self._at_once += 1
            if self.metered:
                self._read[id(call)] = self.cache.look_up(call)
            self.most_at_once = max(self.most_at_once, self._at_once)
            return self._planned.popleft() if self._planned else Reply()

    def answer_alone(self, body: Json) -> tuple[int, Json]:
        """Status and body of a question of a batch, not counted among the calls."""
        path = "/v1/responses" if "input" in body else "/v1/messages"
        call, reply = Call(path, body, {}), self._planned.popleft() if self._planned else Reply()
        if self.metered:
            self._read[id(call)] = self.cache.look_up(call)
        answered: Json = json.loads(self.body(call, reply))
        return reply.status, answered

    def release(self) -> None:
        """A call is answered."""
        with self._lock:
            self._at_once -= 1

    def body(self, call: Call, reply: Reply) -> str:
        """The body of an answer in the dialect of the call."""
        if reply.raw is not None:
            return reply.raw
        if reply.status != 200:
            return json.dumps({"type": "error", "error": {"type": "planned", "message": "planned"}})
        if call.path.endswith("/embeddings"):
            return json.dumps(embed(call.body))
        answer = reply.answer if reply.answer is not None else self._answerer(call)
        tokens = self._meter(call, answer) if self.metered else UNMETERED
        if call.path.endswith("/converse"):
            return json.dumps(bedrock_message(answer, tokens))
        if call.path.endswith("/responses"):
            return json.dumps(openai_response(call.body["model"], answer, tokens))
        shape = anthropic_message if call.path.endswith("/messages") else openai_completion
        if call.body.get("output_config") and not isinstance(answer, str):
            answer = json.dumps(answer)  # asked for by its schema, as newer models are, instead of by a tool
        return json.dumps(shape(call.body["model"], answer, tokens))

    def _meter(self, call: Call, answer: Json | str) -> Tokens:
        """Tokens as a tokenizer would count them, of all that is sent and got."""
        said = answer if isinstance(answer, str) else json.dumps(answer)
        with self._lock:
            sent, read, written = self.cache.store(call, self._read.pop(id(call), 0))
            tokens = Tokens(sent, count_tokens(said), read, written)
            self.used = [self.used[0] + tokens.sent, self.used[1] + tokens.got]
        return tokens


def bedrock_message(answer: Json | str, tokens: Tokens = UNMETERED) -> Json:
    """An answer as Bedrock's Converse sends it."""
    use = {"toolUseId": "call_1", "name": "final_result", "input": answer}
    content: Json = {"text": answer} if isinstance(answer, str) else {"toolUse": use}
    return {
        "output": {"message": {"role": "assistant", "content": [content]}},
        "stopReason": "end_turn" if isinstance(answer, str) else "tool_use",
        "usage": {
            "inputTokens": tokens.sent - tokens.read - tokens.written,
            "outputTokens": tokens.got,
            "totalTokens": tokens.sent + tokens.got,
            "cacheReadInputTokens": tokens.read,
            "cacheWriteInputTokens": tokens.written,
        },
        "metrics": {"latencyMs": 1},
    }


def anthropic_message(model: str, answer: Json | str, tokens: Tokens = UNMETERED) -> Json:
    """An answer as Anthropic sends it."""
    content = (
        {"type": "text", "text": answer}
        if isinstance(answer, str)
        else {"type": "tool_use", "id": "call_1", "name": "final_result", "input": answer}
    )
    usage = {
        "input_tokens": tokens.sent - tokens.read - tokens.written, "output_tokens": tokens.got,
        "cache_read_input_tokens": tokens.read, "cache_creation_input_tokens": tokens.written,
    }  # fmt: skip
    stop = "end_turn" if isinstance(answer, str) else "tool_use"
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": [content],
        "stop_reason": stop, "stop_sequence": None, "usage": usage,
    }  # fmt: skip


def openai_completion(model: str, answer: Json | str, tokens: Tokens = UNMETERED) -> Json:
    """An answer as OpenAI sends it."""
    message: Json = {"role": "assistant", "content": answer if isinstance(answer, str) else None}
    if not isinstance(answer, str):
        function = {"name": "final_result", "arguments": json.dumps(answer)}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    usage = {
        "prompt_tokens": tokens.sent, "completion_tokens": tokens.got, "total_tokens": tokens.sent + tokens.got,
        "prompt_tokens_details": {"cached_tokens": tokens.read, "cache_write_tokens": tokens.written},
    }  # fmt: skip
    choice = {"index": 0, "message": message, "finish_reason": "stop" if isinstance(answer, str) else "tool_calls"}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model, "choices": [choice],
        "usage": usage,
    }  # fmt: skip


def openai_response(model: str, answer: Json | str, tokens: Tokens = UNMETERED) -> Json:
    """An answer as OpenAI sends it over responses."""
    said: Json = {"type": "output_text", "text": answer, "annotations": []}
    item: Json = {"type": "message", "id": "m_1", "role": "assistant", "status": "completed", "content": [said]}
    if not isinstance(answer, str):
        arguments = json.dumps(answer)
        item = {
            "type": "function_call", "id": "f_1", "call_id": "call_1", "name": "final_result", "arguments": arguments,
            "status": "completed",
        }  # fmt: skip
    usage = {
        "input_tokens": tokens.sent, "output_tokens": tokens.got, "total_tokens": tokens.sent + tokens.got,
        "input_tokens_details": {"cached_tokens": tokens.read, "cache_write_tokens": tokens.written},
        "output_tokens_details": {"reasoning_tokens": 0},
    }  # fmt: skip
    return {
        "id": "resp_1", "object": "response", "created_at": 1, "model": model, "status": "completed", "output": [item],
        "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "usage": usage,
    }  # fmt: skip


def embed(body: Json) -> Json:
    """Vectors of three numbers, equal for equal texts."""
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    data = [
        {"object": "embedding", "index": n, "embedding": [float(len(text)), float(text.count(" ")), 1.0]}
        for n, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": INPUT_TOKENS, "total_tokens": INPUT_TOKENS}
    return {"object": "list", "model": body["model"], "data": data, "usage": usage}


# What a patient, literal-minded model would say.

STATEMENTS = (
    ("name", re.compile(r"\b[Mm]y name is (\w+)")),
    ("location", re.compile(r"\bI live in (\w+)")),
    ("occupation", re.compile(r"\bI work as an? ([\w ]+?)(?=[.,!\n]|$)")),
    ("interest", re.compile(r"\bI (?:love|enjoy) ([\w ]+?)(?=[.,!\n]|$)")),
    ("preference", re.compile(r"\bI prefer ([\w ]+?)(?=[.,!\n]|$)")),
    ("decision", re.compile(r"\bI(?: have|'ve)? decided to ([\w ]+?)(?=[.,!\n]|$)")),
)
OWN_LINE = re.compile(r"^(?:user|note): (.*)$", re.MULTILINE)
FACT_LINE = re.compile(r"^(\d+)\. \[(\w+)\] (.*?)(?: \(.*\))? \| said", re.MULTILINE)


def answer_plausibly(call: Call) -> Json | str:
    """The answer that the request's own material supports."""
    schema = call.schema
    if schema is None:
        return "You told me that once."
    if "facts" in schema:
        return {"facts": list(_find_facts(call.text))}
    if "kept" in schema:
        at_most = int((re.search(r"Keep at most (\d+)", call.text) or re.match("(1)", "1"))[1])  # type: ignore[index]
        return {"kept": [{"fact": int(n)} for n, _, _ in FACT_LINE.findall(call.text)[:at_most]]}
    if call.part is None:
        return _revise(call.words, schema)
    if call.part == "memory":
        return {"memory": _remember(call.text)}
    return {call.part: _write(call.text, schema[call.part])}


def _write(text: str, shape: Json) -> Json:
    said: dict[str, list[str]] = {}
    for _, category, value in FACT_LINE.findall(text):
        said.setdefault(category, []).append(value)
    return {name: _fill(name, field_shape, said) for name, field_shape in shape["properties"].items()}


def _revise(words: str, schema: Json) -> Json:
    """The section about the user, with what is new in it, and lines for MEMORY."""
    given = dict(re.findall(r'<data kind="([a-z ]+)" mark="\w+">\n(.*?)\n?</data', words, re.DOTALL))
    written = json.loads(given["sections"])
    new = _write(given.get("new facts", "") + given.get("facts to tell again", ""), schema["user"])
    user = {
        name: [*value, *new[name]] if isinstance(value, list) else new[name] if "not enough" in value else value
        for name, value in written.get("user", {}).items()
    }
    told = "\n".join(given.get(kind, "") for kind in ("new facts", "past", "facts to tell again"))
    memory = {"memory": _remember(told)} if "In MEMORY give lines" in words else {}
    return memory | ({"user": user} if user else {})


def _find_facts(text: str) -> Iterator[Json]:
    for line in OWN_LINE.findall(text):
        for category, pattern in STATEMENTS:
            for found in pattern.finditer(line):
                yield {"category": category, "value": found[1], "quote": found[0]}


def _remember(text: str) -> Json:
    memory: Json = {}
    for number, category, value in FACT_LINE.findall(text):
        field_name = {"decision": "decisions_and_context", "preference": "preferences"}.get(category, "about")
        memory.setdefault(field_name, []).append({"text": value, "facts": [int(number)]})
    return memory


def _fill(name: str, shape: Json, said: dict[str, list[str]]) -> list[str] | str:
    values = said.get({"interests": "interest"}.get(name, name), [])
    if shape.get("type") == "array":
        return values
    return values[0] if values else "not enough data"


class _Handler(BaseHTTPRequestHandler):
    provider: FakeProvider
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._batches("GET", b"")

    def do_DELETE(self) -> None:
        self._batches("DELETE", b"")

    def _batches(self, method: str, body: bytes) -> bool:
        answer = self.provider.batches.handle(method, self.path.split("?")[0], body)
        if answer is not None:
            self._send(Reply(answer.status), answer.body.encode())
        return answer is not None

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self._batches("POST", sent):
            return
        body = json.loads(sent)
        call = Call(self.path.split("?")[0], body, {name.lower(): value for name, value in self.headers.items()})
        reply = self.provider.take(call)
        try:
            time.sleep(reply.seconds)
            self._send(reply, self.provider.body(call, reply).encode())
        finally:
            self.provider.release()

    def _send(self, reply: Reply, body: bytes) -> None:
        try:
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client gave up, as it was meant to

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Nothing."""


@contextmanager
def running_provider(answerer: Answerer | None = None, *, metered: bool = False) -> Iterator[FakeProvider]:
    """A fake provider on a free port of 127.0.0.1."""
    provider = FakeProvider(answerer, metered=metered)
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    provider.batches.url = provider.url
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
