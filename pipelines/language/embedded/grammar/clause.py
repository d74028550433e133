"""One clause as the frames see it: who, tense, verb, and the words after it."""

from typing import NamedTuple

from pipelines.language.embedded.grammar.lexicon import LEMMAS

PASTS = frozenset(
    form
    for form, lemma in LEMMAS.items()
    if form != lemma
    and (
        form.endswith("ed")
        or form
        in [
            "was",
            "were",
            "had",
            "did",
            "taught",
            "ran",
            "led",
            "sold",
            "drove",
            "wrote",
            "built",
            "made",
            "sang",
            "swam",
            "went",
            "spent",
            "got",
            "felt",
            "thought",
            "broke",
            "tore",
            "became",
            "chose",
            "left",
            "bought",
            "took",
            "gave",
            "met",
            "lost",
            "kept",
            "paid",
            "began",
            "grew",
            "knew",
            "fell",
            *("won", "slept", "woke", "rode", "flew", "saw", "said", "told", "heard", "forgot", "brought", "held"),
            *("underwent", "ate", "drank", "drew", "spoke", "swore", "quit", "lent", "shot", "wore", "understood"),
        ]
    )
)


class Clause(NamedTuple):
    """One clause with a first-person subject; `rest` are the words after its verb."""

    who: str  # "i", "we", or "" for a clause without its subject
    lemma: str
    form: str
    rest: str
    negated: bool = False
    modal: str = ""  # "will", "would", "can", "must", ... or ""
    going: bool = False  # "going to", "gonna"
    used_to: bool = False
    perfect: bool = False
    progressive: bool = False
    was: bool = False  # "was" or "had" stands before the verb
    adverbs: tuple[str, ...] = ()
    sentence: str = ""
    ended: bool = False  # "no longer"

    @property
    def past(self) -> bool:
        """A finished past: "worked", "was", not "have worked"."""
        return not self.perfect and not self.progressive and self.form in PASTS

    @property
    def unreal(self) -> bool:
        return self.modal in {"would", "could", "should", "might", "may", "shall"} or self.used_to
