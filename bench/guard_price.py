"""`python -m bench.guard_price`: the price of knowing that previews tell, beside what simulated rollouts pay.

The goal: within a fifth.
"""

import argparse
import math
import random

from gateway.rollout.guard.judge import level
from gateway.statistics.arms import Arm, ArmEvidence, add_arm
from gateway.statistics.power import Question, price_of_knowing

IN_FORCE = 1 / level("failures")
QUESTIONS = (
    Question(base=0.005, share=0.25, alpha=IN_FORCE),
    Question(base=0.02, share=0.05, alpha=IN_FORCE),
    Question(base=0.02, share=0.5, alpha=0.05),
    Question(base=0.005, share=0.05, alpha=IN_FORCE),
    Question(base=0.01, share=0.01, alpha=IN_FORCE),
    Question(base=0.002, share=0.5, alpha=IN_FORCE),
    Question(base=0.05, share=0.1, alpha=IN_FORCE),
)


def users_until_seen(draw: random.Random, asked: Question) -> int:
    """One run: users who fail, drawn one by one, and those who do not in between."""
    evidence, users = ArmEvidence(), 0
    odds = asked.ratio * asked.share
    rate = asked.base * (1 + asked.share * (asked.ratio - 1))
    while evidence.peak < -math.log(asked.alpha):
        users += 1 + int(math.log(draw.random()) / math.log1p(-rate))
        evidence = add_arm(evidence, Arm(asked.share, draw.random() < odds / (odds + 1 - asked.share)))
    return users


def main() -> None:
    """Print a line for each question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    runs = parser.parse_args().runs
    print(f"users until a doubling is seen in 90 % of rollouts: told, and paid in {runs} simulated ones")
    for asked in QUESTIONS:
        draw = random.Random(7)
        paid = sorted(users_until_seen(draw, asked) for _ in range(runs))[int(asked.chance * runs)]
        price = price_of_knowing(asked)
        told = math.nan if price is None else price.users
        where = f"base {asked.base:.1%}, dial {asked.share:.0%}, alpha {asked.alpha:g}"
        print(f"{where:40} | {told:>9,.0f} | {paid:>9,} | {told / paid - 1:+.1%}", flush=True)


if __name__ == "__main__":
    main()
