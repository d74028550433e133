"""Takes what Alertmanager sends and writes a line for each alert to the log: the pager of a machine that has none.

`python print_alerts.py PORT`; it needs Python alone.
"""

import json
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LARGEST_BYTES = 10_000_000


def line_of(alert: dict[str, Any], route: str) -> str:
    """When, how bad, what, and what to do: one line, whatever is in the alert."""
    firing = alert.get("status") == "firing"
    notes, labels = alert.get("annotations", {}), alert.get("labels", {})
    parts = [
        alert.get("startsAt" if firing else "endsAt", "-"),
        route.strip("/").upper() or "ALERT",
        "FIRING" if firing else "resolved",
        labels.get("alertname", "-"),
        notes.get("summary", ""),
        notes.get("runbook_url", "") if firing else "",
    ]
    return " ".join(" ".join(str(part).split()) for part in parts if part)


class Receiver(BaseHTTPRequestHandler):
    """Alertmanager's webhook: the path says how bad it is, `/page` or `/ticket`."""

    def do_GET(self) -> None:
        """Says that it is there."""
        self._answer(HTTPStatus.OK)

    def do_POST(self) -> None:
        """Writes down what came; 400 for what Alertmanager would not send."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_BYTES:
            self._answer(HTTPStatus.BAD_REQUEST)
            return
        try:
            lines = [line_of(alert, self.path) for alert in json.loads(self.rfile.read(int(length)))["alerts"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            self._answer(HTTPStatus.BAD_REQUEST)
            return
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
        self._answer(HTTPStatus.OK)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class calls it
        """Only alerts are written."""

    def _answer(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(sys.argv[1])), Receiver).serve_forever()
