"""The control of the flags that the settings name, and the webhook by which Unleash tells of changes."""

from flags.control import FlagControl, open_control
from flags.model import Versions
from flags.unleash.api import Endpoint
from flags.unleash.webhook import Webhook, register_webhook
from gateway.config.forwarded_routes import UNLEASH_WEBHOOK
from gateway.config.settings import Settings
from pipelines.versions import list_versions

TIMEOUT_SECONDS = 5.0


def installed_versions(settings: Settings) -> Versions:
    """The ladder of the pipelines that are installed here; none is imported."""
    return Versions.known(list_versions(), settings.base_pipeline, settings.candidate_pipeline)


def build_control(settings: Settings, versions: Versions) -> FlagControl | None:
    """The control beside the flag source that the settings name; None without the token that it needs."""
    token = settings.unleash_admin_token
    if settings.unleash_url is not None and token is None:
        return None
    return open_control(
        data_dir=settings.data_dir,
        unleash_url=settings.unleash_url,
        admin_token=None if token is None else token.get_secret_value(),
        project=settings.unleash_project,
        environment=settings.unleash_environment,
        versions=versions,
    )


class WebhookSettingsError(ValueError):
    """A setting that it needs is missing; the message names it."""


async def set_up_webhook(settings: Settings, own_url: str) -> bool:
    """Have Unleash call `own_url`, where it reaches the gateway; whether that is new.

    Raises WebhookSettingsError and ControlUnavailable.
    """
    needed = {
        "UNLEASH_URL": settings.unleash_url,
        "UNLEASH_ADMIN_TOKEN": settings.unleash_admin_token,
        "UNLEASH_WEBHOOK_TOKEN": settings.unleash_webhook_token,
    }
    if missing := [name for name, value in needed.items() if value is None]:
        raise WebhookSettingsError(f"{missing[0]} is missing: Unleash's webhook cannot be set up without it")
    assert settings.unleash_url is not None  # noqa: S101 - none of them is missing
    assert settings.unleash_admin_token is not None  # noqa: S101
    assert settings.unleash_webhook_token is not None  # noqa: S101
    endpoint = Endpoint(settings.unleash_url, settings.unleash_admin_token.get_secret_value(), TIMEOUT_SECONDS)
    webhook = Webhook(
        url=own_url.rstrip("/") + UNLEASH_WEBHOOK,
        token=settings.unleash_webhook_token.get_secret_value(),
        project=settings.unleash_project,
        environment=settings.unleash_environment,
    )
    return await register_webhook(endpoint, webhook)
