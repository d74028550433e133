"""`gateway check`: would a process start here? Run when an image is built, and before settings are put into force."""

import importlib

from gateway.cli.errors import USAGE, CommandError
from gateway.cli.output import say
from gateway.cli.settings import read_start_settings
from gateway.language.choice import LanguageConfigError, choose_language
from pipelines.registry import BrokenPipeline, find_pipelines

# Imported only when it is needed, or by one process and not the other: here, all of it at once.
MODULES = (
    "gateway.web.app",
    "gateway.worker.worker",
    "gateway.database.migrations",
    "gateway.language.providers",
    "gateway.exports.supabase",
)


def check() -> None:
    """Check the settings, and import all pipelines and all parts of the gateway; nothing is opened or made.

    Exit code 2 if a setting is wrong, 1 if a part is broken.
    """
    settings = read_start_settings()
    registry = find_pipelines()
    try:
        registry.check()
        registry.check_known(*filter(None, [settings.candidate_pipeline]))
        choose_language(settings)
        for module in MODULES:
            importlib.import_module(module)
    except LanguageConfigError as wrong:
        raise CommandError(str(wrong), USAGE) from None
    except (BrokenPipeline, ImportError) as broken:
        raise CommandError(str(broken)) from None
    say(f"the settings are right; pipelines {', '.join(registry.usable)} and all parts of the gateway can be imported")
