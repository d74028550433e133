"""Flags turned into decisions: each user gets the newest version whose flag is on, else the base."""

from collections.abc import Mapping

from flags.document.document import BadDocument, FlagDocument
from flags.evaluate.flag import Flag, Sdk, build_flag, rollout_of
from flags.evaluate.hashing import spread
from flags.model import BASELINE, SHADOW_FLAG, Asked, Decision, Pipeline, Rollout, Shadow, Versions, flag_of

NO_DOCUMENT = Decision(BASELINE, "flags_unavailable", 0.0, "")
SHADOWS: tuple[Shadow | None, ...] = (None, "other", "same")
Answers = Mapping[Shadow | None, Decision]


class Decider:
    """Decides for users by one state of all flags: the same user always gets the same answer."""

    def __init__(
        self, document: FlagDocument, flags: Mapping[str, Flag], *, same_share: float, versions: Versions
    ) -> None:
        """`flags`: of the document's parts. `same_share`: percent of the shadow sample that reruns its own pipeline."""
        self.document = document
        self.flags = flags
        self.versions = versions
        self.rollout: Rollout = rollout_of(flags, versions, document.broken)
        self._shadowed = flags[SHADOW_FLAG].is_on if SHADOW_FLAG in flags else _for_nobody
        self._same_limit = round(same_share * 100)
        self._no_user = Decision(versions.base, "no_user", self.rollout.dial, document.revision, base=versions.base)
        self._ladder = tuple(
            (flags[flag_of(version)].is_on, self._answers(version, self.rollout.of(version).dial))
            for version in versions.ladder
            if flag_of(version) in flags
        )
        self._base = self._answers(versions.base, self.rollout.dial)

    @property
    def not_compiled(self) -> dict[str, tuple[str, ...]]:
        """The flags for which the SDK answers, and why."""
        return {name: flag.reading.foreign for name, flag in self.flags.items() if flag.reading.foreign}

    def decide(self, user_id: str) -> Decision:
        """One of a few decisions made beforehand; no I/O, a microsecond or so when compiled."""
        if not user_id or user_id.isspace():
            return self._no_user
        try:
            if not user_id.isascii():
                user_id.encode()  # a flag that asks nothing of the user would not notice
            for is_on, answers in self._ladder:
                if is_on(user_id):
                    return answers[self._shadow(user_id)]
            return self._base[self._shadow(user_id)]
        except UnicodeEncodeError:  # a lone surrogate: nobody has such an id
            return self._no_user

    def allows(self, version: Pipeline, user_id: str) -> bool:
        """Whether a version's flag, whatever the others say, is on for a user; the base and older are for anybody."""
        if version not in self.versions.ladder:
            return True
        flag = self.flags.get(flag_of(version))
        try:
            return flag is not None and bool(user_id.strip()) and flag.is_on(user_id)
        except UnicodeEncodeError:
            return False

    def _answers(self, winner: Pipeline, dial: float) -> Answers:
        chain: list[Asked] = []
        for version in map(self.rollout.of, self.versions.ladder):
            chain.append(Asked(version.pipeline, version.dial, version.pipeline == winner, version.group))
            if version.pipeline == winner:
                break
        revision, base = self.document.revision, self.versions.base
        return {shadow: Decision(winner, "flag", dial, revision, shadow, tuple(chain), base) for shadow in SHADOWS}

    def _shadow(self, user_id: str) -> Shadow | None:
        if not self._shadowed(user_id):
            return None
        kind = spread("shadow-kind", user_id) % 10_000
        return "same" if kind < self._same_limit else "other"


def decide_by(
    document: FlagDocument, *, same_share: float = 10.0, sdk: Sdk | None = None, versions: Versions | None = None
) -> Decider:
    """Decisions by a document alone, with nothing known before it. Raises BadDocument if one of its flags is broken."""
    flags = {name: build_flag(part, sdk or Sdk()) for name, part in document.parts.items()}
    return Decider(document, flags, same_share=same_share, versions=versions or document.versions)


def read_rollout(document: FlagDocument) -> Rollout:
    """What the flags of a document say; those that cannot be read are named."""
    flags, broken = dict[str, Flag](), dict(document.broken)
    for name, part in document.parts.items():
        try:
            flags[name] = build_flag(part, Sdk())
        except BadDocument as error:
            broken[name] = str(error)
    return rollout_of(flags, document.versions, broken)


def _for_nobody(_user_id: str) -> bool:
    return False
