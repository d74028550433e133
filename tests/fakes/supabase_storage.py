"""Supabase Storage as its own client sees it: real HTTP on a free port, objects in memory, faults on demand.

Errors are the service's: the status that counts is text in the body, and the HTTP status is 400 for all but 500. A key
that is none is refused where a route needs one, and told that there is no bucket where a route is for everybody too; a
key without rights is told that there is no object, and no bucket.
"""

import base64
import contextlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

ROOT = "/storage/v1/"
FORBIDDEN = "403", "Unauthorized", "signature verification failed"
NO_BUCKET = "404", "Bucket not found", "Bucket not found"
NO_OBJECT = "404", "not_found", "Object not found"


def key_of(role: str, secret: str = "signed-by-the-project") -> str:
    """A key in the form of the service's own: claims that anybody can read, and a signature."""
    parts = ({"alg": "HS256"}, {"iss": "supabase", "role": role})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, secret])


KEY, ANON_KEY, FOREIGN_KEY = key_of("service_role"), key_of("anon"), key_of("service_role", "signed-by-another")
ROLES = {KEY: "service_role", ANON_KEY: "anon"}


class FakeStorage:
    """Objects by (bucket, key). Each request first takes one of `faults`: a status, or "drop" for half an answer.

    While it is `away`, connections are cut without an answer; `accepts` are the keys that are its own, by role.
    """

    def __init__(self) -> None:
        self.url = ""
        self.buckets: set[str] = set()
        self.objects: dict[tuple[str, str], bytes] = {}
        self.faults: list[int | str] = []
        self.requests: list[str] = []
        self.max_bytes = 10_000_000
        self.away = False
        self.accepts = dict(ROLES)

    def find(self, bucket: str, key: str, role: str) -> bytes | tuple[str, str, str]:
        """The object, or the (status, code, message) of its absence."""
        if bucket not in self.buckets:
            return NO_BUCKET
        return self.objects.get((bucket, key), NO_OBJECT) if role == "service_role" else NO_OBJECT

    def keep(self, bucket: str, key: str, data: bytes, *, replace: bool) -> tuple[str, str, str] | None:
        """Store the object; the reason if it is refused."""
        if bucket not in self.buckets:
            return NO_BUCKET
        if len(data) > self.max_bytes:
            return "413", "Payload too large", "The object exceeded the maximum allowed size"
        if (bucket, key) in self.objects and not replace:
            return "409", "Duplicate", "The resource already exists"
        self.objects[bucket, key] = data
        return None


@contextlib.contextmanager
def running_storage(*buckets: str) -> Iterator[FakeStorage]:
    """A storage with these buckets, for the length of the block."""
    storage = FakeStorage()
    storage.buckets.update(buckets)
    server = _Server(storage)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    storage.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield storage
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, storage: FakeStorage) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.storage = storage


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        storage = self.server.storage
        path = self._begin()
        if path is None:
            return
        role = storage.accepts.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if path == "bucket":
            seen = sorted(storage.buckets) if role == "service_role" else []
            body = json.dumps([{"id": name, "name": name, "public": False} for name in seen]).encode()
            self._refuse(*FORBIDDEN) if role is None else self._answer(200, body)
            return
        kind, _, rest = path.removeprefix("object/").partition("/")
        is_open = kind not in ("authenticated", "info")
        bucket, _, key = (f"{kind}/{rest}" if is_open else rest).partition("/")
        if role is None:
            self._refuse(*(NO_BUCKET if is_open else FORBIDDEN))
            return
        found = storage.find(bucket, key, role)
        if isinstance(found, tuple):
            self._refuse(*found)
        elif kind == "info":
            self._answer(200, json.dumps({"name": key, "size": len(found)}).encode())
        else:
            self._send(found)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = self._begin()
        if path is None:
            return
        if self.server.storage.accepts.get(self.headers.get("apikey", "")) != "service_role":
            self._refuse("403", "Unauthorized", "new row violates row-level security policy")
            return
        bucket, _, key = path.removeprefix("object/").partition("/")
        replace = self.headers.get("x-upsert") == "true"
        problem = self.server.storage.keep(bucket, key, self._file_in(body), replace=replace)
        if problem:
            self._refuse(*problem)
        else:
            self._answer(200, json.dumps({"Key": f"{bucket}/{key}", "Id": "1"}).encode())

    def _begin(self) -> str | None:
        """The path below the root; None where the request has been answered, or cut, already."""
        storage = self.server.storage
        storage.requests.append(f"{self.command} {self.path}")
        if storage.away:
            self.close_connection = True
        elif storage.faults:
            self._fail(storage.faults.pop(0))
        elif not self.path.startswith(ROOT):
            self._refuse("404", "not_found", "Route not found")
        elif not self.headers.get("apikey"):
            self._answer(401, json.dumps({"message": "No API key found in request"}).encode())
        else:
            return unquote(self.path.removeprefix(ROOT))
        return None

    def _send(self, data: bytes) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked is None:
            self._answer(200, data)
            return
        start, end = int(asked[1]), int(asked[2] or len(data) - 1)
        if start >= len(data):
            self._refuse("416", "InvalidRange", "The requested range is not satisfiable")
            return
        part = data[start : end + 1]
        self._answer(206, part, {"Content-Range": f"bytes {start}-{start + len(part) - 1}/{len(data)}"})

    def _fail(self, fault: int | str) -> None:
        if fault == "drop":
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
        else:
            self._answer(int(fault), b"upstream is away")

    def _refuse(self, status: str, code: str, message: str) -> None:
        self._answer(
            500 if status == "500" else 400,
            json.dumps({"statusCode": status, "error": code, "message": message}).encode(),
        )

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _file_in(self, body: bytes) -> bytes:
        boundary = self.headers["Content-Type"].partition("boundary=")[2].encode()
        part = next(p for p in body.split(b"--" + boundary) if b"filename=" in p.partition(b"\r\n\r\n")[0])
        return part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the library's)
        """Tests are quiet."""
