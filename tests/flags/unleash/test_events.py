"""Unleash's event log read backwards gives each state that the flags went through, or says that it cannot."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flags.change.edit import FlagSetting
from flags.unleash.events import CannotUndo, Event, Settings, replay

FLAG, HERE = "process-full-v2", "development"
ACTS = ("on", "off", "add", "remove", "raise", "elsewhere", "other flag", "describe")


def strategy(number: int, percent: int) -> dict[str, Any]:
    return {"id": f"s{number}", "name": "flexibleRollout", "parameters": {"rollout": str(percent)}, "sortOrder": number}


class Log:
    """A flag that is changed as Unleash changes it, with the log that Unleash keeps."""

    def __init__(self) -> None:
        self.flag = FlagSetting(True, (strategy(0, 0),))
        self.events: list[Event] = []  # newest first
        self.states: list[FlagSetting] = [self.flag]
        self.authors: list[str] = []

    def act(self, act: str, percent: int) -> None:  # noqa: C901 (a case an act)
        on, (first, *more) = self.flag.enabled, self.flag.strategies
        author = f"person {len(self.events)}"
        match act:
            case "on" | "off" if on != (act == "on"):
                self.flag = FlagSetting(act == "on", self.flag.strategies)
                self._log(f"feature-environment-{'en' if act == 'on' else 'dis'}abled", author)
            case "add":
                new = strategy(len(self.events) + 1, percent)
                self.flag = FlagSetting(on, (*self.flag.strategies, new))
                self._log("feature-strategy-add", author, data={**new, "title": None, "segments": []})
            case "remove" if more:
                self.flag = FlagSetting(on, tuple(more))
                self._log("feature-strategy-remove", author, pre_data=first)
            case "raise" if first["parameters"] != {"rollout": str(percent)}:
                new = {**first, "parameters": {"rollout": str(percent)}}
                self.flag = FlagSetting(on, (new, *more))
                self._log("feature-strategy-update", author, data=new, pre_data=first)
            case "elsewhere":
                self._log("feature-environment-disabled", author, environment="production")
            case "other flag":
                self._log("feature-environment-disabled", author, feature_name="theirs")
            case "describe":
                self._log("feature-metadata-updated", author, environment=None)
            case _:
                return
        if self.flag != self.states[-1]:
            self.states.append(self.flag)
            self.authors.append(author)

    def _log(self, kind: str, author: str, **more: Any) -> None:
        said = {"feature_name": FLAG, "environment": HERE, **more}
        self.events.insert(0, Event(len(self.events) + 1, kind, author, **said))

    @property
    def now(self) -> Settings:
        return {FLAG: self.flag}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3)), max_size=12))
def test_each_change_comes_out_with_its_author(acts: list[tuple[str, int]]) -> None:
    log = Log()
    for act, percent in acts:
        log.act(act, percent)
    found = replay(log.now, log.events, HERE)
    assert [one.author for one in found] == log.authors
    assert [one.before[FLAG] for one in found] == log.states[:-1]
    assert [one.after[FLAG] for one in found] == log.states[1:]


def test_one_transaction_is_one_change() -> None:
    new = strategy(1, 100)
    events = [
        Event(2, "feature-environment-enabled", "ann", None, None, FLAG, HERE, "t1"),
        Event(1, "feature-strategy-add", "ann", new, None, FLAG, HERE, "t1"),
    ]
    (one,) = replay({FLAG: FlagSetting(True, (new,))}, events, HERE)
    assert one.before == {FLAG: FlagSetting(False, ())}


@pytest.mark.parametrize(
    "event",
    [
        Event(1, "feature-archived", "ann", feature_name=FLAG),
        Event(1, "feature-environment-disabled", "ann", feature_name=FLAG, environment=HERE),
        Event(1, "feature-strategy-update", "ann", strategy(0, 9), strategy(0, 1), FLAG, HERE),
        Event(1, "feature-strategy-add", "ann", None, None, FLAG, HERE),
    ],
)
def test_what_does_not_lead_to_what_is_there_is_not_guessed(event: Event) -> None:
    with pytest.raises(CannotUndo):
        replay({FLAG: FlagSetting(True, (strategy(0, 5),))}, [event], HERE)
