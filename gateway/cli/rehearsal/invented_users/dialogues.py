"""What an invented person typed: dialogues that state each known fact once or more, among many that state none."""

import random
from dataclasses import dataclass

from gateway.cli.rehearsal.invented_users import phrases
from gateway.cli.rehearsal.invented_users.people import Person

FOREIGN_SHARE = 0.1
VOICE_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One chat: turns are (what the user said, what the assistant answered)."""

    title: str
    turns: tuple[tuple[str, str], ...]
    spoken: bool = False  # came in by voice


def write_dialogues(person: Person, count: int, rng: random.Random) -> list[Dialogue]:
    """`count` dialogues, 5 or more: the first ones in a shuffled order state every fact of `person`."""
    if count < 5:
        raise ValueError("an export needs at least 5 conversations to state every fact")
    dialogues = _telling(_statements(person, rng), count, rng)
    dialogues.append(_decoy(person, rng))
    dialogues.extend(_task(rng) for _ in range(count - len(dialogues)))
    rng.shuffle(dialogues)
    return dialogues


def _statements(person: Person, rng: random.Random) -> list[str]:
    lines = [
        rng.choice(phrases.NAME_LINES).format(name=person.name),
        rng.choice(phrases.CITY_LINES).format(city=person.city),
        rng.choice(phrases.WORK_LINES).format(occupation=person.occupation),
    ]
    lines.extend(rng.choice(phrases.HOBBY_LINES).format(hobby=hobby) for hobby in person.hobbies)
    lines.extend(sentence for sentence, _ in person.decisions)
    return lines


def _telling(statements: list[str], count: int, rng: random.Random) -> list[Dialogue]:
    """Spread the statements over at most `count - 1` dialogues, at most two in a message."""
    groups = min(count - 1, len(statements))
    spread = [statements[n::groups] for n in range(groups)]
    return [
        Dialogue(
            title=rng.choice(("Planning", "Quick question", "Weekend", "Ideas", "Help with a plan")),
            turns=tuple((f"{line} {rng.choice(phrases.ASKS)}", rng.choice(phrases.REPLIES)) for line in lines),
            spoken=rng.random() < VOICE_SHARE,
        )
        for lines in spread
    ]


def _decoy(person: Person, rng: random.Random) -> Dialogue:
    line = rng.choice(phrases.DECOYS).format(decoy=person.decoy)
    return Dialogue("Writing exercise", ((line, rng.choice(phrases.REPLIES)),))


def _task(rng: random.Random) -> Dialogue:
    title, turns = rng.choice(phrases.FOREIGN_TASKS if rng.random() < FOREIGN_SHARE else phrases.TASKS)
    return Dialogue(title, turns)
