"""One flag document turned into decisions: compiled where that is surely the same, the SDK's own otherwise."""

from collections.abc import Iterator

import structlog

from flags.document.document import FlagDocument
from flags.document.rollout import group_of, read_rollout
from flags.evaluate.compiled import IsOn, compile_feature
from flags.evaluate.constraints import NotCompiled
from flags.evaluate.hashing import spread
from flags.evaluate.sdk import SdkEngine
from flags.model import BASELINE, Decision, Rollout, Shadow

log = structlog.get_logger()

NO_DOCUMENT = Decision(BASELINE, "flags_unavailable", 0.0, "")
SHADOWS: tuple[Shadow | None, ...] = (None, "other", "same")
CHECKED_IDS = 32  # ids on which a compiled flag is compared with the SDK before it is trusted


class Decider:
    """Decides for users by one document: the same user always gets the same answer."""

    def __init__(self, document: FlagDocument, *, same_share: float, app_name: str, environment: str) -> None:
        """`same_share`: percent of the shadow sample that reruns its own pipeline. Raises BadDocument."""
        names = document.names
        groups = {name: group_of(document.features[name]) for name in names.both if name in document.features}
        self.document = document
        self.rollout: Rollout = read_rollout(document.features, names)
        self.engine = SdkEngine(document, groups, app_name, environment)
        self.not_compiled: dict[str, str] = {}  # flag -> why the SDK answers for it
        self.split = self._is_on(names.split)
        self.shadowed = self._is_on(names.shadow)
        self._same_limit = round(same_share * 100)
        dial, revision = self.rollout.dial, document.revision
        self._no_user = Decision(BASELINE, "no_user", dial, revision)
        self._off = {shadow: Decision(BASELINE, "flag", dial, revision, shadow) for shadow in SHADOWS}
        self._on = {shadow: Decision(names.candidate, "flag", dial, revision, shadow) for shadow in SHADOWS}

    def decide(self, user_id: str) -> Decision:
        """One of a few decisions made beforehand; no I/O, well under two microseconds when compiled."""
        if not user_id or user_id.isspace():
            return self._no_user
        try:
            answers = self._on if self.split(user_id) else self._off
            return answers[self._shadow(user_id)]
        except UnicodeEncodeError:  # a lone surrogate: nobody has such an id
            return self._no_user

    def _shadow(self, user_id: str) -> Shadow | None:
        if not self.shadowed(user_id):
            return None
        kind = spread("shadow-kind", user_id) % 10_000
        return "same" if kind < self._same_limit else "other"

    def _is_on(self, flag: str) -> IsOn:
        feature = self.document.features.get(flag)
        if feature is None:
            return lambda _user: False
        try:
            compiled = compile_feature(feature, self.document.segments)
        except NotCompiled as reason:
            self.not_compiled[flag] = str(reason)
        else:
            if all(compiled(user) == self.engine.is_on(flag, user) for user in _sample_ids()):
                return compiled
            self.not_compiled[flag] = "compiled and SDK answers differ"
            log.error("compiled_flag_differed_from_sdk", flag=flag)
        return lambda user: self.engine.is_on(flag, _encodable(user))


def _encodable(user_id: str) -> str:
    user_id.encode()  # the SDK would swallow the error and answer "off"
    return user_id


def _sample_ids() -> Iterator[str]:
    return (f"sample-{n}" for n in range(CHECKED_IDS))
