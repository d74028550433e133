"""Figures: held or not at their goal, gathered as they were told, and told of measurements that end badly."""

import sys
from pathlib import Path

import pytest

from bench import __main__ as command
from bench.figures import GATHER, Figure, gathered, row, tell


@pytest.mark.parametrize(
    ("figure", "held"),
    [
        (Figure("f", 1.0, 1.0), True),
        (Figure("f", 1.01, 1.0), False),
        (Figure("f", 0.9, 0.9, "at least"), True),
        (Figure("f", 0.89, 0.9, "at least"), False),
        (Figure("f", 7.0), None),
    ],
)
def test_a_figure_is_held_at_its_goal_and_not_beyond_it(figure: Figure, held: bool | None) -> None:
    assert figure.held is held
    assert ("NOT HELD" in row(figure)) is (held is False)


def test_what_is_told_is_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = tmp_path / "figures"
    monkeypatch.setenv(GATHER, str(lines))
    told = [Figure("one", 1.5, 2.0), Figure("two", 3.0, 1.0, "at least"), Figure("three", 4.0)]
    tell(told[:1])
    tell(told[1:])
    assert gathered(lines) == told


def test_a_measurement_for_which_no_time_is_left_is_said_to_be_missing() -> None:
    assert command.measure("decision", -1.0, quiet=True).outcome == "no time left"


def test_a_goal_that_is_not_held_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "decision"])

    def found(value: float) -> int:
        done = command.Done("decision", 1.0, "ok", [Figure("the figure", value, 1.0)])
        monkeypatch.setattr(command, "measure", lambda *_args, **_options: done)
        return command.main()

    assert found(0.5) == 0
    assert "held" in capsys.readouterr().out
    assert found(1.5) == 1
    assert "NOT HELD" in capsys.readouterr().out


def test_without_names_all_run_but_those_that_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def measure(name: str, *_args: object, **_options: object) -> command.Done:
        ran.append(name)
        return command.Done(name, 1.0, "ok", [])

    monkeypatch.setattr(sys, "argv", ["bench"])
    monkeypatch.setattr(command, "measure", measure)
    assert command.main() == 0
    assert tuple(ran) == command.MEASUREMENTS


def test_what_nothing_measures_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "nothing"])
    with pytest.raises(SystemExit):
        command.main()
