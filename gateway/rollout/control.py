"""The control of the flags that the settings name."""

from flags.control import FlagControl, open_control
from gateway.config.settings import Settings


def build_control(settings: Settings) -> FlagControl | None:
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
        candidate=settings.candidate_pipeline,
    )
