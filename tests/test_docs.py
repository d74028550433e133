"""What the documentation says: commands and links exist, the reference is fresh, nothing of a machine is in it."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.generate import DOCS, PAGES
from gateway.config.settings import Settings
from tests.command_lines import parse

ROOT = Path(__file__).parents[1]
PAGES_BY_HAND = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"```console\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
VARIABLE = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`")
PACKAGES = "gateway|flags|pipelines|tests|bench|docs|grafana"
FILE = re.compile(rf"(?<![\w/.:-])((?:{PACKAGES})/[\w./-]*\w\.(?:py|sql|md|json|ya?ml))\b")
MODULE = re.compile(rf"-m ((?:{PACKAGES})(?:\.\w+)*)")
EXAMPLES = {f"pipelines/v3/{name}.py" for name in ("__init__", "run", "count")}  # what a how-to has its reader write
# Names in the documentation that are not settings of the gateway.
OTHER_VARIABLES = {"NO_COLOR", "GATEWAY_URL", "GATEWAY_API_KEY", "RLIMIT_DATA", "RLIMIT_AS"} | {
    f"OTEL_{name}" for name in ("EXPORTER_OTLP_HEADERS", "RESOURCE_ATTRIBUTES", "SERVICE_NAME", "TRACES_SAMPLER")
}


def prompts(text: str) -> Iterator[str]:
    """The commands of `console` blocks, without their comments."""
    for block in FENCE.findall(text):
        for line in block.splitlines():
            if line.startswith("$ "):
                yield line[2:].split("  #")[0].strip()


def all_prompts() -> list[str]:
    return sorted({command for page in PAGES_BY_HAND for command in prompts(page.read_text()) if "[" not in command})


@pytest.mark.parametrize("page", PAGES_BY_HAND, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text()) if not target.startswith(("http://", "https://"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES_BY_HAND, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_and_modules_that_are_named_exist(page: Path) -> None:
    """Files from the root, or from `tests/` as the page on security names them; modules after `python -m`."""
    text = page.read_text()
    files = {
        name for name in FILE.findall(text) if not any((folder / name).exists() for folder in (ROOT, ROOT / "tests"))
    }
    modules = {name for name in MODULE.findall(text) if not is_module(name)}
    assert (files - EXAMPLES) | modules == set()


def is_module(name: str) -> bool:
    place = ROOT / name.replace(".", "/")
    return (place / "__main__.py").exists() or place.with_suffix(".py").exists()


@pytest.mark.parametrize("command", [command for command in all_prompts() if command.startswith("make ")])
def test_make_targets_exist(command: str) -> None:
    done = subprocess.run(["make", "--dry-run", *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("command", [command for command in all_prompts() if command.startswith("gateway ")])
def test_gateway_commands_parse(command: str) -> None:
    parse(command)


@pytest.mark.parametrize("name", list(PAGES))
def test_the_reference_is_fresh(name: str) -> None:
    assert (DOCS / name).read_text() == PAGES[name](), "run `make docs`"


def test_every_variable_that_is_named_exists() -> None:
    known = {name.upper() for name in Settings.model_fields} | OTHER_VARIABLES
    named = {name for page in PAGES_BY_HAND for name in VARIABLE.findall(page.read_text())}
    assert named - known == set()


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        targets = [target for target in LINK.findall(page.read_text()) if "://" not in target]
        waiting += [(page.parent / target).resolve() for target in targets]
    assert [page for page in PAGES_BY_HAND if page not in seen] == []
