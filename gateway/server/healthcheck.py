"""`python -m gateway.server.healthcheck [PORT]`: exit 0 if the process beside it is healthy; containers lack curl."""

import http.client
import os
import sys

SECONDS = 5.0


def is_healthy(port: int) -> bool:
    """Does `/health` on this machine's port answer 200?"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    port = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PORT", "10000")
    raise SystemExit(0 if is_healthy(int(port)) else 1)
