"""What one decision costs: compiled, by UnleashClient, and by its bare engine; and whether all answer the same.

python -m bench.decision            costs, for two flags and for three
python -m bench.decision --compare  200,000 answers for flags with odd values in every field, against the SDK's own
"""

import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from yggdrasil_engine.engine import UnleashEngine

from bench.figures import Figure, tell
from flags.change.edit import with_percent, with_user
from flags.document.document import read_document
from flags.document.rollout import group_of
from flags.evaluate.compiled import NotCompiled, compile_feature
from flags.evaluate.decider import decide_by
from flags.evaluate.sdk import SdkEngine
from flags.model import SHADOW_FLAG, V2_FLAG, Versions, flag_of

USERS = [f"00000000-0000-4000-8000-{n:012d}" for n in range(2_000)]
ROUNDS = 7
GOAL = 20.0  # the compiled decision against one question to UnleashClient, at least
ANSWERS = 200_000
ODD: tuple[Any, ...] = (
    "", None, "0", "1", "3", "50", "99", "100", "101", "-1", "0.5", "+5", "007", " 50", 5, 50, True, [], {}, "userId",
    "default", "sessionId", "random", "u1,u2", 'a"b', "a\\b", "é", V2_FLAG, "g", "x" * 300,
)  # fmt: skip
NAMES = ("default", "flexibleRollout", "flexibleRollout", "flexibleRollout", "userWithId", "gradualRolloutUserId",
         "gradualRolloutSessionId", "gradualRolloutRandom", "other", "")  # fmt: skip
FIELDS = ("userId", "userId", "bucket", "bucket", "appName", "country", "currentTime", "")
OPERATORS = ("IN", "NOT_IN", "NUM_LT", "NUM_GTE", "STR_CONTAINS", "STR_STARTS_WITH", "DATE_AFTER", "WHAT")
IDS = ("u1", "u2", "U1", "user 3", "é", "a:b", "0", "42", '"', "\\", "x\ny", *USERS[:30])


def flag_document(percent: float, versions: Versions) -> bytes:
    """The flags as the gateway makes them, each with a user named on each side."""
    features = [{"name": SHADOW_FLAG, "enabled": True, "strategies": with_percent((), SHADOW_FLAG, 10)}]
    for version in versions.flagged:
        split = with_percent((), flag_of(version), percent)
        split = with_user(split, flag_of(version), "vip", "in")
        split = with_user(split, flag_of(version), "careful", "out")
        features.append({"name": flag_of(version), "enabled": True, "strategies": split})
    return json.dumps({"version": 2, "features": features}).encode()


def microseconds(question: Callable[[str], object]) -> float:
    """What one question costs, over many users."""
    begun = time.perf_counter()
    for user in USERS:
        question(user)
    return (time.perf_counter() - begun) / len(USERS) * 1e6


def compare(ways: dict[str, Callable[[str], object]]) -> dict[str, float]:
    """Each way's least disturbed round; rounds take turns, so that a busy machine troubles all ways alike."""
    rounds = [{way: microseconds(question) for way, question in ways.items()} for _ in range(ROUNDS)]
    return {way: min(costs[way] for costs in rounds) for way in ways}


def measure(percent: float) -> dict[str, float]:
    """Microseconds by way of asking."""
    two, three = Versions(), Versions.known(["v1", "v2", "v3"])
    document = read_document(flag_document(percent, two))
    deciders = [decide_by(document), decide_by(read_document(flag_document(percent, three), three))]
    if any(decider.not_compiled for decider in deciders):
        raise SystemExit(f"not compiled: {[decider.not_compiled for decider in deciders]}")
    bare = UnleashEngine()
    bare.take_state(document.engine_json)
    part = document.parts[V2_FLAG]
    client = SdkEngine(part, group_of(part.feature), "bench", "development")
    return compare(
        {
            "compiled: decision of v2, shadow sample (two flags)": deciders[0].decide,
            "compiled: decision of v3, v2, shadow (three flags)": deciders[1].decide,
            "compiled: one flag": deciders[0].flags[V2_FLAG].is_on,
            "engine alone: one flag": lambda user: bare.check_enabled(V2_FLAG, {"userId": user}),
            "UnleashClient: one flag": client.is_on,
        }
    )


def odd_flag(chance: random.Random) -> dict[str, Any]:
    """A flag with empty, missing and odd values of every field, beside ones that the gateway might have written."""
    return {
        "name": V2_FLAG,
        "type": "release",
        "enabled": chance.random() < 0.9,
        "strategies": [odd_strategy(chance) for _ in range(chance.choice((1, 1, 1, 2, 3)))],
    }


def odd_strategy(chance: random.Random) -> dict[str, Any]:
    """One strategy: mostly the gateway's own form, with one field or another replaced or left out."""
    parameters: Any = {"rollout": str(chance.randint(0, 100)), "stickiness": "userId", "groupId": V2_FLAG}
    for name in ("rollout", "stickiness", "groupId", "percentage", "userIds", "more"):
        if chance.random() < (0.15 if name in parameters else 0.05):
            parameters[name] = chance.choice(ODD)
        elif chance.random() < 0.05:
            parameters.pop(name, None)
    strategy = {
        "name": "flexibleRollout" if chance.random() < 0.8 else chance.choice(NAMES),
        "parameters": parameters,
        "constraints": [odd_constraint(chance) for _ in range(chance.choice((0, 0, 0, 1, 2)))],
    }
    for name in ("parameters", "constraints"):
        if chance.random() < 0.03:
            strategy[name] = chance.choice((None, {}, []))
    return strategy


def odd_constraint(chance: random.Random) -> dict[str, Any]:
    """One constraint: a list of users or a limit on the bucket, or anything."""
    if chance.random() < 0.4:
        return {"contextName": "userId", "operator": chance.choice(("IN", "NOT_IN")), "values": chance.sample(IDS, 3)}
    if chance.random() < 0.4:
        return {"contextName": "bucket", "operator": "NUM_LT", "value": str(chance.randint(0, 10_000))}
    said = {"contextName": chance.choice(FIELDS), "operator": chance.choice(OPERATORS)}
    more = {
        "values": chance.choice((None, [], [""], ["u1"], ["u1", "é"], ['"'], [5])),
        "value": chance.choice(ODD),
        "inverted": chance.random() < 0.5,
        "caseInsensitive": chance.random() < 0.3,
    }
    return {**said, **{name: value for name, value in more.items() if chance.random() < 0.5}}


def compare_answers(answers: int, seed: int) -> tuple[int, int, int, list[str]]:
    """Compiled answers compared; flags left to the SDK, flags refused by name; and the flags with a mismatch."""
    chance = random.Random(seed)
    asked = foreign = refused = 0
    wrong: list[str] = []
    while asked < answers:
        raw = odd_flag(chance)
        try:
            part = read_document(json.dumps({"version": 2, "features": [raw]}).encode()).parts[V2_FLAG]
            is_on = compile_feature(part.feature)
            sdk = SdkEngine(part, group_of(part.feature), "bench", "development")
        except KeyError:
            refused += 1
            continue
        except NotCompiled:
            foreign += 1  # whatever is served then is the SDK's own answer
            continue
        if [is_on(user) for user in IDS] != [sdk.is_on(user) for user in IDS]:
            wrong.append(json.dumps(raw))
        asked += len(IDS)
    return asked, foreign, refused, wrong


def main() -> None:
    """Print a table for a whole percentage and for a fraction, or compare answers."""
    if "--compare" in sys.argv:
        asked, foreign, refused, wrong = compare_answers(ANSWERS, seed=1)
        print(
            f"{asked:,} compiled answers; {foreign} flags left to the SDK, {refused} refused; {len(wrong)} flags differ"
        )
        print(*wrong[:5], sep="\n")
        raise SystemExit(1 if wrong else 0)
    worst = float("inf")
    for percent in (25, 0.5):
        costs = measure(percent)
        sdk = costs["UnleashClient: one flag"]
        print(f"\n{percent:g} %, users named on both sides")
        for way, cost in costs.items():
            print(f"  {way:<52}{cost:8.2f} us {sdk / cost:8.1f} x UnleashClient")
        worst = min(worst, *(sdk / cost for way, cost in costs.items() if "decision" in way))
    tell([Figure("decision: times as fast as one question to UnleashClient", worst, GOAL, "at least")])
    raise SystemExit(0 if worst >= GOAL else 1)


if __name__ == "__main__":
    main()
