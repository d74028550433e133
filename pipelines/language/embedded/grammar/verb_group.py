"""Reads the verb group of a clause: auxiliaries, negation, adverbs, the main verb, and where its object begins."""

from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.lexicon import ADVERBS, AUXILIARIES, LEMMAS, NEGATIVES
from pipelines.language.embedded.grammar.sentences import MASK
from pipelines.language.embedded.grammar.words import word_set
from pipelines.work import late_patterns as re

_NEXT_WORD = re.compile(r"[\s,]*+([\w][\w'\-]*)")
_NO_VERBS = word_set(
    "the a an my our your his her their this that school bed work church town sleep college university class court "
    "hospital one some"
)
_HAVES, _PASTS = frozenset(["have", "has", "had"]), frozenset(["was", "were", "had"])
_MODALS = frozenset(
    ["will", "would", "can", "could", "should", "might", "may", "must", "shall", "let's", "wanna", "gotta"]
)


def parse_verb(text: str, position: int, who: str, first: str = "") -> Clause | None:
    """Read auxiliaries, negation, adverbs and the main verb from `position` on."""
    state = _Group(first)
    while True:
        found = _NEXT_WORD.match(text, position)
        if not found:
            return state.close(who, text, position) if state.auxiliary else None
        word = found.group(1).lower()
        if not state.take(word, text, found.end()):
            break
        position = state.skip or found.end()
        state.skip = 0
    return state.finish(who, text, position, word, found.end())


class _Group:
    """The verb group while it is being read."""

    def __init__(self, first: str) -> None:
        self.auxiliary = first
        self.seen: list[str] = [first] if first else []
        self.adverbs: list[str] = []
        self.negated = self.going = self.used_to = self.ended = False
        self.skip = 0

    def take(self, word: str, text: str, end: int) -> bool:
        """Whether `word` belongs to the group and is not its main verb."""
        if word in NEGATIVES:
            self._negate(word)
        elif word in ADVERBS:
            self.adverbs.append(word)
        elif word in {"going", "gonna"} and self.auxiliary in {"am", "are", "was", "were"}:
            return self._take_going(word, text, end)
        elif not self._take_pair(word, text, end):
            if word not in AUXILIARIES:
                return False
            self.seen.append(word)
            self.auxiliary = word
        return True

    def _negate(self, word: str) -> None:
        self.negated = True
        if word in {"not", "never", "hardly", "rarely"}:
            return
        self.auxiliary = word
        if word.startswith(("would", "should", "could", "won", "can", "are", "ain", "isn", "was", "were", "have")):
            self.seen.append({"won": "will", "can": "can"}.get(word[:3], word.split("n't", maxsplit=1)[0]))

    def _take_pair(self, word: str, text: str, end: int) -> bool:
        """Two words that count as one: "no longer", "used to", "have to"."""
        if word == "no" and text[end : end + 7].lower() == " longer":
            self.negated, self.ended, self.skip = True, True, end + 7
        elif word == "used" and text[end : end + 3] == " to":
            self.used_to, self.skip = True, end + 3
        elif word in {"have", "need", "got", "has", "had", "ought"} and text[end : end + 4].lower() == " to ":
            self.seen.append("must")
            self.auxiliary, self.skip = "must", end + 3
        else:
            return False
        return True

    def _take_going(self, word: str, text: str, end: int) -> bool:
        if word == "gonna" or text[end : end + 4].lower() == " to ":
            after = text[end + 4 : end + 24].split(None, 1)
            if word == "going" and after and (after[0][:1].isupper() or after[0].lower() in _NO_VERBS):
                return False
            self.going, self.skip = True, end if word == "gonna" else end + 3
            self.auxiliary = "will"
            return True
        return False

    def finish(self, who: str, text: str, start: int, word: str, end: int) -> Clause | None:
        """Name the main verb: `word`, or the auxiliary itself when no verb follows ("I am a nurse")."""
        be = self.auxiliary in {
            "am",
            "are",
            "is",
            "was",
            "were",
            "be",
            "been",
            "being",
            "aren't",
            "isn't",
            "wasn't",
            "ain't",
            "isnt",
            "arent",
        }
        have = self.auxiliary in {"have", "has", "had", "haven't", "hasn't", "having"}
        lemma = LEMMAS.get(word, "")
        if be and not (word.endswith("ing") and lemma):
            return self.close(who, text, start)
        did = self.auxiliary in {"do", "did", "does"} and not lemma and not self.negated
        if (have and not lemma) or did:
            return self.close(who, text, start)
        if have and word == lemma and word not in {"read", "run", "come", "become"}:
            return self.close(who, text, start)
        return self._clause(who, lemma or word, word, text[end:], text)

    def close(self, who: str, text: str, position: int) -> Clause | None:
        """The clause whose main verb is its last auxiliary."""
        form = self.auxiliary.split("n't")[0]
        lemma = LEMMAS.get(form, "")
        if lemma not in {"be", "have", "do"}:
            return None
        if self.seen:
            self.seen.pop()
        return self._clause(who, lemma, form, text[position:], text)

    def _clause(self, who: str, lemma: str, form: str, rest: str, text: str) -> Clause:
        modals = [word for word in self.seen if word in _MODALS]
        return Clause(
            who=who,
            lemma=lemma,
            form=form,
            rest=_clip(rest),
            negated=self.negated,
            modal="will" if self.going else (modals[0] if modals else ""),
            going=self.going,
            used_to=self.used_to,
            perfect=not _HAVES.isdisjoint(self.seen),
            progressive=form.endswith("ing") and bool(self.seen),
            was=not _PASTS.isdisjoint(self.seen),
            adverbs=tuple(self.adverbs),
            sentence=text,
            ended=self.ended,
        )


def _clip(rest: str) -> str:
    masked = rest.find(MASK)
    return rest[:240] if masked < 0 else rest[: min(masked, 240)]
