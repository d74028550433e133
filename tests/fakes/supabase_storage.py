"""Supabase Storage as its own client sees it: real HTTP on a free port, objects in memory, faults on demand.

Errors are the service's: the status that counts is text in the body, and the HTTP status of a 404 is 400.
"""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

KEY = "service-key"
PREFIX = "/storage/v1/object/"


class FakeStorage:
    """Objects by (bucket, key). Each request first takes one of `faults`: a status, or "drop" for half an answer."""

    def __init__(self) -> None:
        self.url = ""
        self.buckets: set[str] = set()
        self.objects: dict[tuple[str, str], bytes] = {}
        self.faults: list[int | str] = []
        self.requests: list[str] = []
        self.max_bytes = 10_000_000

    def find(self, bucket: str, key: str) -> bytes | tuple[str, str, str]:
        """The object, or the (status, code, message) of its absence."""
        if bucket not in self.buckets:
            return "404", "Bucket not found", "Bucket not found"
        return self.objects.get((bucket, key), ("404", "not_found", "Object not found"))

    def keep(self, bucket: str, key: str, data: bytes, *, replace: bool) -> tuple[str, str, str] | None:
        """Store the object; the reason if it is refused."""
        if bucket not in self.buckets:
            return "404", "Bucket not found", "Bucket not found"
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
        if self._faulty():
            return
        path = unquote(self.path.removeprefix(PREFIX))
        info = path.startswith("info/")
        bucket, _, key = path.removeprefix("info/").partition("/")
        found = self.server.storage.find(bucket, key)
        if isinstance(found, tuple):
            self._refuse(*found)
        elif info:
            self._answer(200, json.dumps({"name": key, "size": len(found)}).encode())
        else:
            self._answer(200, found)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._faulty():
            return
        bucket, _, key = unquote(self.path.removeprefix(PREFIX)).partition("/")
        replace = self.headers.get("x-upsert") == "true"
        problem = self.server.storage.keep(bucket, key, self._file_in(body), replace=replace)
        if problem:
            self._refuse(*problem)
        else:
            self._answer(200, json.dumps({"Key": f"{bucket}/{key}", "Id": "1"}).encode())

    def _faulty(self) -> bool:
        self.server.storage.requests.append(f"{self.command} {self.path}")
        authorized = self.headers.get("Authorization") == f"Bearer {KEY}" and self.headers.get("apikey") == KEY
        if not self.path.startswith(PREFIX):
            self._refuse("404", "not_found", "Route not found")
        elif not authorized:
            self._refuse("403", "Unauthorized", "invalid signature")
        elif self.server.storage.faults:
            self._fail(self.server.storage.faults.pop(0))
        else:
            return False
        return True

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
        http = 400 if status == "404" else int(status)
        self._answer(http, json.dumps({"statusCode": status, "error": code, "message": message}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _file_in(self, body: bytes) -> bytes:
        boundary = self.headers["Content-Type"].partition("boundary=")[2].encode()
        part = next(p for p in body.split(b"--" + boundary) if b"filename=" in p.partition(b"\r\n\r\n")[0])
        return part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the library's)
        """Tests are quiet."""
