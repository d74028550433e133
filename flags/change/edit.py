"""Edits on a flag's strategies, in the JSON that the file and the Admin API share; the rest of it is kept."""

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from flags.change.errors import InvalidChange
from flags.document.defaults import FORCED_TITLE, rollout_strategy
from flags.document.document import Constraint, Json, Strategy
from flags.document.rollout import excludes, is_list, names, strategy_percent

Strategies = tuple[Json, ...]

MAX_NAMED_USERS = 250  # Unleash's own limit on the values of one constraint


@dataclass(frozen=True, slots=True)
class FlagSetting:
    """What of a flag can be edited."""

    enabled: bool
    strategies: Strategies


Named = Literal["in", "out"]  # by name, whatever the percentage
Edit = Callable[[FlagSetting], FlagSetting]


def with_percent(strategies: Sequence[Json], flag: str, percent: float) -> Strategies:
    """The strategies with the rollout strategy at `percent`; it is added if there is none. Raises InvalidChange.

    Unleash floors fractions, so 0.5 % is a rollout of 1 % and a limit on the bucket (a hundredth of a percent each).
    """
    edited = copy.deepcopy(list(strategies))
    strategy = _rollout_of(edited)
    if strategy is None:
        strategy = rollout_strategy(flag)
        edited.append(strategy)
    strategy["parameters"] = {**(strategy.get("parameters") or {}), "rollout": str(math.ceil(percent))}
    constraints = [item for item in strategy.get("constraints") or [] if not _limits_bucket(item)]
    if percent != int(percent):
        limit = str(round(percent * 100))
        constraints.append({"contextName": "bucket", "operator": "NUM_LT", "values": [], "value": limit})
    strategy["constraints"] = constraints
    _check_reach(edited, percent)
    return tuple(edited)


def with_user(strategies: Sequence[Json], flag: str, user_id: str, named: Named | None) -> Strategies:
    """The strategies with the user taken in, left out, or not named at all. Raises InvalidChange."""
    cleared = [_without_user(strategy, user_id) for strategy in copy.deepcopy(list(strategies))]
    edited = [strategy for strategy in cleared if not _names_nobody(strategy)]
    if not edited:  # a flag without any strategy is on for everybody, which only a flag that had none may go on meaning
        edited.append(rollout_strategy(flag, 0 if strategies else 100))
    if named == "in":
        _name_in(edited, flag, user_id)
    elif named == "out":
        _name_out(edited, user_id)
    return tuple(edited)


def percent_in(strategies: Sequence[Json]) -> float:
    """The share that the strategies reach by chance, 0 to 100; everybody, where there is none."""
    alive = [_strategy(strategy) for strategy in strategies if not strategy.get("disabled")]
    by_chance = (strategy_percent(strategy) for strategy in alive if not is_list(strategy))
    return max(by_chance, default=0.0) if alive else 100.0


def _check_reach(strategies: Sequence[Json], percent: float) -> None:
    if (reached := percent_in(strategies)) > percent:
        raise InvalidChange(
            "percent", f"another strategy of the flag reaches {reached:g} %: remove it where it was made"
        )


def _name_in(strategies: list[Json], flag: str, user_id: str) -> None:
    for strategy in strategies:
        for constraint in strategy.get("constraints") or []:
            if strategy.get("title") == FORCED_TITLE and names(_constraint(constraint)):
                constraint["values"] = _grown(constraint.get("values"), user_id)
                return
    strategy = rollout_strategy(flag, 100)
    strategy["title"] = FORCED_TITLE
    strategy["constraints"] = [{"contextName": "userId", "operator": "IN", "values": [user_id]}]
    strategies.append(strategy)


def _name_out(strategies: list[Json], user_id: str) -> None:
    for strategy in strategies:
        if is_list(_strategy(strategy)):
            continue
        constraints = strategy.setdefault("constraints", [])
        for constraint in constraints:
            if excludes(_constraint(constraint)):
                constraint["values"] = _grown(constraint.get("values"), user_id)
                break
        else:
            constraints.append({"contextName": "userId", "operator": "NOT_IN", "values": [user_id]})


def _without_user(strategy: Json, user_id: str) -> Json:
    if strategy.get("name") == "userWithId":
        parameters = strategy.get("parameters") or {}
        ids = [part.strip() for part in str(parameters.get("userIds", "")).split(",")]
        strategy["parameters"] = {**parameters, "userIds": ",".join(part for part in ids if part != user_id)}
    constraints = strategy.get("constraints") or []
    for constraint in constraints:
        if constraint.get("contextName") == "userId" and constraint.get("operator") in {"IN", "NOT_IN"}:
            constraint["values"] = [value for value in constraint.get("values") or [] if value != user_id]
    if constraints:
        strategy["constraints"] = [
            item for item in constraints if item.get("values") or not excludes(_constraint(item))
        ]
    return strategy


def _names_nobody(strategy: Json) -> bool:
    """A list that has become empty: nothing is left to say."""
    lists = [item for item in strategy.get("constraints") or [] if names(_constraint(item))]
    return any(not item.get("values") for item in lists)


def _grown(values: list[str] | None, user_id: str) -> list[str]:
    grown = [*(values or []), user_id]
    if len(grown) > MAX_NAMED_USERS:
        raise InvalidChange("user_id", f"{MAX_NAMED_USERS} users are named already; use a segment for more")
    return grown


def _rollout_of(strategies: Sequence[Json]) -> Json | None:
    for strategy in strategies:
        chance = strategy.get("name") == "flexibleRollout" and not strategy.get("disabled")
        if chance and not is_list(_strategy(strategy)):
            return strategy
    return None


def _limits_bucket(constraint: Json) -> bool:
    return constraint.get("contextName") == "bucket" and constraint.get("operator") == "NUM_LT"


def _strategy(raw: Json) -> Strategy:
    return msgspec.convert(raw, Strategy)


def _constraint(raw: Json) -> Constraint:
    return msgspec.convert(raw, Constraint)
