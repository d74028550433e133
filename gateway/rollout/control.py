"""The control of the flags that the settings name."""

from flags.control import FlagControl, open_control
from flags.model import Versions
from gateway.config.settings import Settings
from pipelines.versions import list_versions


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
