"""Has Unleash call the gateway at each change of a flag: its own "webhook" integration, set up by its Admin API."""

from dataclasses import dataclass, field
from typing import Any

from flags.change.errors import ControlUnavailable
from flags.unleash.api import Answer, Endpoint, FlagServerError, Http

EVENTS = (
    "feature-created",
    "feature-updated",
    "feature-archived",
    "feature-revived",
    "feature-deleted",
    "feature-import",
    "features-imported",
    "feature-project-change",
    "feature-environment-enabled",
    "feature-environment-disabled",
    "feature-strategy-add",
    "feature-strategy-update",
    "feature-strategy-remove",
    "feature-dependency-added",
    "feature-dependency-removed",
    "feature-dependencies-removed",
    "segment-created",
    "segment-updated",
    "segment-deleted",
)
BODY = '{"id": {{event.id}}, "type": "{{event.type}}"}'  # all of an event, with the users that it names, is not needed


@dataclass(frozen=True, slots=True)
class Webhook:
    """Whom Unleash is to call, with which `Authorization: Bearer`, about which project and environment."""

    url: str
    token: str = field(repr=False)
    project: str
    environment: str

    @property
    def description(self) -> str:
        """By which it is found again: Unleash does not show where an integration leads."""
        return f"Tells the gateway of changes, at {self.url}"

    @property
    def json(self) -> dict[str, Any]:
        """As the Admin API takes it."""
        return {
            "provider": "webhook",
            "description": self.description,
            "enabled": True,
            "parameters": {
                "url": self.url,
                "contentType": "application/json",
                "authorization": f"Bearer {self.token}",
                "bodyTemplate": BODY,
            },
            "events": list(EVENTS),
            "projects": [self.project],
            "environments": [self.environment],
        }


async def register_webhook(endpoint: Endpoint, webhook: Webhook) -> bool:
    """Make the integration, or set the one that is there to this token and these events; whether it is new.

    Raises ControlUnavailable.
    """
    http = Http(endpoint)
    try:
        listed = _good(await http.call("GET", "/admin/addons")).json()
        known = [one["id"] for one in listed["addons"] if _is_ours(one, webhook)]
        method, path = ("PUT", f"/admin/addons/{known[0]}") if known else ("POST", "/admin/addons")
        _good(await http.call(method, path, webhook.json))
    except (FlagServerError, KeyError, TypeError) as error:
        raise ControlUnavailable(f"Unleash: {error}") from error
    finally:
        await http.close()
    return not known


def _is_ours(integration: dict[str, Any], webhook: Webhook) -> bool:
    return integration.get("provider") == "webhook" and integration.get("description") == webhook.description


def _good(answer: Answer) -> Answer:
    if answer.status >= 400:
        raise ControlUnavailable(f"Unleash answered {answer.status} about its integrations: is it an admin token?")
    return answer
