"""What no column can hold is refused by the name of its field: never an error of ours, nor one of the database."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.live_gateway import LiveGateway
from tests.security.conftest import OPERATOR, bearer

ODD = ("a%00b", "9" * 20, "9" * 400, "0001-01-01T00:00:00%2B14:00", "%ED%A0%BD", "-1")
TEXTS = ("a\x00b", "a\ud800b")
ORDERS = ("admin/ramp/start", "admin/restore", "admin/rollout/history/1/notes", "admin/rollout/off")


def asked_with(path: str, operation: dict[str, Any], value: str) -> Iterator[str]:
    """The path with the value in each of its places: one in the path, or one field of its query."""
    given = operation.get("parameters", [])
    for one in given:
        if one["in"] == "path":
            yield path.replace("{" + one["name"] + "}", value)
        elif one["in"] == "query":
            yield path.replace("{", "").replace("}", "") + f"?{one['name']}={value}"


async def test_no_value_in_a_path_or_a_query_breaks_anything(guarded: LiveGateway) -> None:
    documented = (await guarded.client.get("/openapi.json", headers=bearer(OPERATOR))).json()["paths"]
    targets = [
        target
        for value in ODD
        for path, operations in documented.items()
        for target in asked_with(path, operations.get("get", {}), value)
    ]
    assert len(targets) > 20 * len(ODD)
    wrong = []
    for target in targets:
        answer = await guarded.client.get(target, headers=bearer(OPERATOR))
        wrong += [(target, answer.text)] if answer.status_code >= 500 else []
    assert wrong == []


async def test_no_reason_breaks_anything(guarded: LiveGateway) -> None:
    for order, text in product(ORDERS, TEXTS):
        answer = await guarded.post({"why": text, "steps": [5], "hold_seconds": 1}, f"/{order}", **bearer(OPERATOR))
        assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body", "why"]), (order, text)
