"""Where settings come from: the environment, and nowhere else."""

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource


class FromEnvironment(BaseSettings):
    """Settings without files of any kind: the library looks for each setting in each source, and as long in each."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library says it
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is said in code, before what the environment says."""
        return init_settings, env_settings
