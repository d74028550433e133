"""Dialogues in the shape of a ChatGPT export: message trees with hidden nodes, edits, voice, nulls and custom words."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from gateway.cli.rehearsal.invented_users import phrases
from gateway.cli.rehearsal.invented_users.dialogues import Dialogue, write_dialogues
from gateway.cli.rehearsal.invented_users.people import Person, make_person

EDIT_SHARE = 0.2  # of dialogues: the first message was edited, so the tree has a dead branch
NO_TIME_SHARE = 0.05
NO_TITLE_SHARE = 0.05
HISTORY = timedelta(days=600)


@dataclass(frozen=True, slots=True)
class Export:
    """One invented person's export, ready to be uploaded, and the truth beside it."""

    person: Person
    body: bytes
    conversation_count: int
    message_count: int


def make_export(seed: int, conversations: int, until: datetime) -> Export:
    """The export of the person that `seed` stands for; equal arguments give equal bytes. `until` is aware."""
    rng = random.Random(seed)  # noqa: S311  invented people, no secrets
    person = make_person(rng)
    instructions = rng.choice(phrases.INSTRUCTIONS) if rng.random() < 0.5 else None
    dialogues = write_dialogues(person, conversations, rng)
    starts = sorted(until - HISTORY * rng.random() for _ in dialogues)
    documents = [
        _conversation(dialogue, start, instructions, rng) for dialogue, start in zip(dialogues, starts, strict=True)
    ]
    messages = sum(2 * len(dialogue.turns) for dialogue in dialogues)
    return Export(person, orjson.dumps(documents), len(documents), messages)


@dataclass(slots=True)
class _Tree:
    """A growing `mapping`: each node knows its parent and its children, as in the real thing."""

    rng: random.Random
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, parent: str | None, message: dict[str, Any] | None) -> str:
        node_id = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        if message is not None:
            message = {"id": node_id, **message}
        self.nodes[node_id] = {"id": node_id, "message": message, "parent": parent, "children": []}
        if parent is not None:
            self.nodes[parent]["children"].append(node_id)
        return node_id


def _conversation(dialogue: Dialogue, start: datetime, instructions: str | None, rng: random.Random) -> dict[str, Any]:
    tree = _Tree(rng)
    tip = tree.add(None, None)
    tip = tree.add(tip, _message("system", {"content_type": "text", "parts": [""]}, None, hidden=True))
    if instructions is not None:
        tip = tree.add(tip, _message("user", _custom(instructions), None, hidden=True))
    if rng.random() < EDIT_SHARE:
        tree.add(tip, _message("user", {"content_type": "text", "parts": ["hm wait"]}, start.timestamp()))
    tip = _add_turns(tree, tip, dialogue, start)
    time = None if rng.random() < NO_TIME_SHARE else start.timestamp()
    return {
        "title": None if rng.random() < NO_TITLE_SHARE else dialogue.title,
        "create_time": time,
        "update_time": time,
        "mapping": tree.nodes,
        "moderation_results": [],
        "current_node": tip,
        "conversation_id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "is_archived": False,
    }


def _add_turns(tree: _Tree, tip: str, dialogue: Dialogue, start: datetime) -> str:
    """Append the visible turns, a minute apart; returns the newest leaf."""
    time = start
    for said, answered in dialogue.turns:
        content = _spoken(said) if dialogue.spoken else {"content_type": "text", "parts": [said]}
        tip = tree.add(tip, _message("user", content, time.timestamp()))
        time += timedelta(minutes=1)
        tip = tree.add(tip, _message("assistant", {"content_type": "text", "parts": [answered]}, time.timestamp()))
        time += timedelta(minutes=1)
    return tip


def _message(role: str, content: dict[str, Any], time: float | None, *, hidden: bool = False) -> dict[str, Any]:
    return {
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": time,
        "update_time": None,
        "content": content,
        "status": "finished_successfully",
        "end_turn": True if role == "assistant" else None,
        "weight": 0.0 if hidden else 1.0,
        "metadata": {"is_visually_hidden_from_conversation": True} if hidden else {},
        "recipient": "all",
    }


def _spoken(text: str) -> dict[str, Any]:
    part = {"content_type": "audio_transcription", "text": text, "direction": "in", "decoding_id": None}
    return {"content_type": "multimodal_text", "parts": [part]}


def _custom(instructions: str) -> dict[str, Any]:
    return {"content_type": "user_editable_context", "user_profile": "", "user_instructions": instructions}


def make_exports(seeds: Sequence[int], until: datetime) -> list[Export]:
    """One export for each seed, from 5 conversations up to 60."""
    return [make_export(seed, 5 + (seed * 13) % 56, until) for seed in seeds]
