"""A command starts at once: it imports itself, and of the gateway only what it needs."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from gateway.cli.lazy_group import Listed
from gateway.cli.main import Commands, app

HEAVY = (
    "fastapi", "uvicorn", "psycopg", "supabase", "httpx", "prometheus_client", "UnleashClient", "pipelines.contract",
    "pipelines.registry", "pipelines.v1", "pipelines.language",
    "gateway.web", "gateway.server", "gateway.worker", "gateway.services", "gateway.database", "gateway.cli.rehearsal",
)  # fmt: skip
RUN = "import sys; from gateway.cli.main import main\ntry: main(sys.argv[1:])\nfinally: print(*sys.modules, sep='\\n')"
TRIES = 3  # of each command; the cheapest counts, since others use the machine too


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=True)


def imported_by(folder: Path, *arguments: str) -> set[str]:
    return set(run(folder, "-c", RUN, *arguments).stdout.splitlines())


def processor_seconds(folder: Path, *arguments: str) -> float:
    """User and system time of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(folder, *arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), ("rollout", "--help"), ("rollout", "off", "--help"), ("demo", "--help")]
)
def test_help_and_version_import_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    modules = imported_by(tmp_path, *arguments)
    assert "gateway.cli.main" in modules
    assert [name for name in HEAVY if name in modules] == []


def test_a_rollback_in_a_file_imports_neither_a_database_nor_what_serves(tmp_path: Path) -> None:
    """`gateway rollout off` where flags.json is and no database: an emergency on a machine without one."""
    run(tmp_path, "-m", "gateway", "flags", "init")
    modules = imported_by(tmp_path, "rollout", "off")
    assert "flags.file.store" in modules
    assert [name for name in HEAVY if name in modules and name != "httpx"] == []


def test_the_demo_speaks_before_it_imports_what_it_plays_with(tmp_path: Path) -> None:
    """That takes seconds, in which nobody should wonder whether anything happens."""
    refuse = "import sys\nsys.modules['gateway.cli.rehearsal.demo.rehearse'] = None\n"
    start = "from gateway.cli.main import main\ntry: main(['demo'])\nexcept ImportError: print('imports')"
    said = run(tmp_path, "-c", refuse + start).stdout.splitlines()
    assert said == ["Starting two processes of the gateway and a Postgres of their own; some seconds.", "imports"]


def test_what_serves_imports_neither_rehearsals_nor_the_rules_that_read() -> None:
    """Those take half a second, and are for the processes that runs are forked from."""
    code = "import gateway.web.app, gateway.worker.worker, gateway.server.process, gateway.cli.commands.processes, sys"
    done = run(Path(__file__).parents[3], "-c", f"{code}; print(*sys.modules, sep='\\n')")
    spared = ("gateway.cli.rehearsal", "pipelines.language.embedded.frames")
    assert [name for name in done.stdout.splitlines() if name.startswith(spared)] == []


def test_a_command_costs_little_more_than_its_libraries(tmp_path: Path) -> None:
    """Beside what the web application costs in the same run, since seconds mean nothing on a busy machine."""
    libraries = processor_seconds(tmp_path, "-c", "import typer, rich")
    application = processor_seconds(tmp_path, "-c", "import gateway.web.app")
    for arguments in (("--version",), ("rollout", "off", "--help")):
        tries = (processor_seconds(tmp_path, "-m", "gateway", *arguments) for _ in range(TRIES))
        assert any(command - libraries < 0.5 * (application - libraries) for command in tries), arguments


@pytest.mark.parametrize("listed", Commands.listed, ids=lambda one: one.name)
def test_the_list_says_of_a_command_what_it_says_itself(listed: Listed) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    command = group.get_command(typer.Context(group), listed.name)
    assert command is not None
    assert command.name == listed.name
    assert (command.help or "").replace("\n", " ").startswith(listed.help or "-")


def test_a_name_that_is_not_listed_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "rollot"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "rollout" in done.stderr


def test_a_shell_completes_commands_and_options(tmp_path: Path) -> None:
    def completed(words: str) -> list[str]:
        asked = {"_GATEWAY_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        gateway = Path(sys.executable).with_name("gateway")
        done = subprocess.run(
            [gateway], cwd=tmp_path, env=os.environ | asked, capture_output=True, text=True, check=True
        )
        return done.stdout.split()

    assert completed("gateway roll") == ["rollback", "rollout"]
    assert completed("gateway rollout set --pi") == ["--pipeline"]
