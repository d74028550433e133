"""Standing wishes about answers, and notes without a subject: "Never use emojis", "Call me Jo", "Decided on oak"."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement
from pipelines.language.embedded.grammar.verb_group import parse_verb
from pipelines.language.embedded.grammar.words import word_set

OPENING = re.compile(
    r"\s*(?:(?:please|pls|and|also|but|so|btw|by the way|ok|okay|hi|hey|hello|oh|ps|p\.s\.?|from now "
    r"on|in (?:the )?future|going forward|as a rule|in general|generally|currently|now|well|yes|yeah|"
    r"so far|recently|update|when(?:ever)? you (?:reply|answer|respond|write|explain|"
    r"give)[^,.\n]{0,40}|remember(?: that)?(?: to)?|note that|fyi|just),?[:\s]\s*)*",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"i(?:'d| would)? (?:like|want|need|prefer) (?:it if )?you to (?=always\b|never\b|not\b|only\b|call\b)",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:(?:you|can|may|just|should|feel|free|to|always|could|i'd|like|prefer|want) ){0,6}(?:call|"
    r"address) me(?: as)? (?:by my (?:nickname|name),? )?([\w'-]+(?: [A-Z][\w'-]+)?)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?i:people|friends|everyone|everybody|they|colleagues|folks|most people|family|"
    r"everyone)(?: \w+)? calls? me ([A-Z][\w'-]+)"
)
_LABELLED = re.compile(r"(?:the )?name(?:'s| is|:) ([A-Z][\w'-]+)", re.IGNORECASE)
_STANDING = re.compile(
    r"\b(?:from now on|in (?:the )?future|going forward|always|never|every time|as a rule|in general|"
    r"by default|whenever|every time|when (?:you|answering|replying|writing|explaining|i ask)|if i ask|"
    r"each time|at all times|all your|your (?:answers|replies|responses)|to me)\b",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"(?:never|don't ever|do not ever|don't|do not|avoid|stop|no more|no|skip|without|always|only|"
    r"please always)\s+(.+)",
    re.IGNORECASE,
)
_ABOUT_ANSWERS = re.compile(
    r"\b(?:emojis?|bullet(?: ?points?)?s?|lists?|tables?|headings?|headers?|markdown|jargon|apologi\w+|"
    r"disclaimers?|caveats?|preambles?|fluff|filler|small talk|flattery|exclamation|"
    r"em[- ]dash\w*|answers?|repl(?:y|ies)|responses?|explanations?|examples?|sources?|citations?|cite|"
    r"units|metric|imperial|celsius|fahrenheit|british|american|uk|us|english|spelling|"
    r"concise|brief|short|shorter|succinct|terse|direct|blunt|formal|informal|casual|polite|friendly|"
    r"simple language|plain (?:english|language|text)|layman\w*|step[- ]by[- ]step|code first|"
    r"summar(?:y|ise|ize)|tl;?dr|words|sentences|paragraphs?|call me|address me|sugar-?coat|lecture|"
    r"moralis\w*|moraliz\w*|comments|type hints|docstrings?|24-hour|swear\w*|passive voice|adverbs|"
    r"clichés?|metaphors?|hedg\w+|follow-?up questions|questions at the end|"
    r"yes or no|tone|wordy|verbose|explain why|show your (?:work|working|reasoning))\b",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"(?:keep|use|give|answer|reply|respond|write|speak|talk|be|make|show|include|cite|explain|assume|"
    r"format|stick|skip|leave out|avoid|limit|prefer|start|end|put|add|stay|ask|tell|treat|remember|"
    r"address|refer|cut|get|use only|spell|convert|quote|mention|drop|stop|summari[sz]e)\b",
    re.IGNORECASE,
)
_ONE_OFF = re.compile(
    r"\b(?:this|that|these|it|the (?:following|above|text|story|essay|paragraph|article|code|list|"
    r"table|function|email|letter)|a (?:story|poem|list|table|script|function|letter|an email)|below|"
    r"for (?:a|an|my|the))\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    r"(?:decided|switched|switching|chose|picked|went|going|settled|opted|moved|moving|migrated|"
    r"migrating|replaced|replacing|dropped|dropping|ditched|ditching|cancelled|canceled|agreed|booked|"
    r"scheduled|signed|planning|"
    r"working|living|based|born|started|finished|finally|just|became|turned|broke|turned down|sold|"
    r"bought|joined|left|allergic|married|building|learning|studying|quit|got|prefer|love|hate|enjoy|"
    r"like|live|work|can't stand|can't eat|don't eat|need|will|diagnosed|retired|believe|adopted|"
    r"adopting|promised|committed|committing|sticking|standardizing|standardising|dropping)\b",
    re.IGNORECASE,
)
_FAN = re.compile(r"\s*(?:huge |big |massive |lifelong )?(?:fan|lover) of (.+)", re.IGNORECASE)
_MORE = re.compile(
    r"\s[-\u2013\u2014]+\s(?=(?:decided|committed|promised|agreed|switched|chose|going with|settled)\b)", re.IGNORECASE
)
_BUSY = re.compile(
    r"(?:(?:currently|still|mostly|also|finally|now|been) )?((?:reading|restoring|raising|saving|hoping|training|"
    r"caring|renting|running|teaching|writing|moving|recovering|expecting|growing|dating|living|studying|"
    r"freelancing) (?:(?:up|out|for|to|in|on|with|from) )?(?:a|an|my|our|the|two|three|[A-Z]\w*)\b)"
)
_WITHOUT_I = re.compile(
    r"(?:(?:don'?t|do not|can'?t|cannot|never)\s+(?:really )?(?:like|enjoy|eat|drink|smoke|drive|stand|trust|"
    r"tolerate)\b|"
    r"(?:absolutely |really |mostly |usually |also )?(?:hate|love|adore|live|lives?|work|study|play|collect|moved|"
    r"grew up|used to) "
    r"(?=(?:in|at|on|as|for|from|to|with|the|[A-Z]\w*|\w+ing)\b))",
)
_NOT_A = re.compile(r"not an? (?:native|morning|great|good|big)\b", re.IGNORECASE)
_FRAGMENT_OBJECT = re.compile(
    r"\w+\s+(?:to|on|for|with|from|in|at|against|a|an|the|over|as|off|[A-Z]|off\b|up\b|\w+ing\b|\w+ "
    r"(?:with|for|from|to|by)\b)",
    re.IGNORECASE,
)


_PLAN_WORDS = word_set("plan decision decided goal verdict choice consensus agreement call resolved agreed conclusion")


def standing(text: str, words: frozenset[str], *, alone: bool) -> Iterator[Candidate]:
    """`text` is a whole sentence. `alone`: whether the message is short, so that a wish is not part of one task."""
    opening = OPENING.match(text)
    start = opening.end() if opening else 0
    wished = _WISHED.match(text, start) if text.startswith(("i", "I"), start) else None
    start = wished.end() if wished else start
    body = text[start : start + 200]
    called = _CALL.match(body) if "me" in words else None
    if called and called.group(1).lower() not in {
        "a",
        "an",
        "the",
        "when",
        "if",
        "back",
        "crazy",
        "at",
        "later",
        "tomorrow",
        "on",
        "by",
        "old",
        "stupid",
        "maybe",
    }:
        yield Candidate("name", called.group(1))
        return
    nick = _CALLED.search(text) if "call" in text else None
    if nick:
        yield Candidate("name", nick.group(1))
    labelled = _LABELLED.match(body) if "name" in words or "name's" in words else None
    if labelled and labelled.group(1)[0].isupper():
        yield Candidate("name", labelled.group(1))
    if _NEVER.match(body) or _IMPERATIVE.match(body):
        yield from _wish(text, body, alone=alone)


def _wish(text: str, body: str, *, alone: bool) -> Iterator[Candidate]:
    never = _NEVER.match(body)
    about = _ABOUT_ANSWERS.search(body)
    rule = bool(_STANDING.search(text))
    if not about and not (
        rule
        and re.match(
            r"(?:from now on|going forward|in (?:the )?future|always|never|by default|(?:use|give|"
            r"write|answer|reply|add|include|show|explain|call|assume)\b.*\b(?:whenever|every time|"
            r"when) (?:you|i ask|answering|replying|writing|explaining))\b",
            re.sub(r"^(?:please|pls),?\s+", "", text.lower()),
        )
    ):
        return
    if (
        _ONE_OFF.search(body)
        and not (rule and not re.search(r"\b(?:this|the following|below|above)\b", body, re.IGNORECASE))
        and not re.search(r"\bkeep (?:it|things|this) (?:short|brief|simple|concise|casual)", body, re.IGNORECASE)
    ):
        return
    if never and (rule or alone):
        word = re.match(r"\w+(?:'t)?", body.lower())
        what = statement(body if word and word.group() in {"always", "only"} else never.group(1), 14)
        negative = not (word and word.group() in {"always", "only"})
        if what:
            yield Candidate(
                "preference",
                f"never {what}"
                if negative and not what.startswith(("emoji", "bullet", "list", "jargon", "flatter"))
                else (f"no {what}" if negative else what),
            )
    elif _IMPERATIVE.match(body) and (rule or (alone and _standing_shape(body))):
        what = statement(body, 16)
        if len(what.split()) > 1:
            yield Candidate("preference", what)


def _standing_shape(body: str) -> bool:
    """ "Keep your answers short", "Be concise", "Use metric units": about how, not about what."""
    return bool(
        re.match(
            r"(?:keep (?:it|things|your|answers|responses|replies|explanations|the tone|sentences|"
            r"paragraphs)\b|be (?:more |very |as )?(?:concise|brief|direct|blunt|honest|formal|"
            r"informal|casual|friendly|short|succinct|terse)|"
            r"use (?:british|american|uk|us|metric|imperial|celsius|simple|plain|bullet|markdown|short|"
            r"24|only|si|type|tables)\b|(?:answer|reply|respond|speak|talk|write) (?:to me |only |"
            r"always )?in (?:british|plain|short|english|simple|french|german|spanish|dutch|italian|a "
            r")|"
            r"(?:give|show|include|add|cite|quote) (?:me )?(?:your |always |only )?(?:short|sources|"
            r"units|examples|citations|direct|references|concise)\b|skip the|leave out|cut the|get to "
            r"the point|stick to|explain (?:things )?(?:like|simply|step)|make (?:your|answers)\b)",
            body,
            re.IGNORECASE,
        )
    )


_SUBJECTS = ("I ", "I'", "i ", "i'", "It ", "You ", "My ", "The ", "That ", "This ", "What ", "How ", "He ", "She ")


def fragment(text: str) -> Clause | None:
    """A note without its subject ("Switched from X to Y"), read as if "I" stood before it."""
    later = None if text.isascii() and " -" not in text else _MORE.search(text)
    if not later and text.startswith(_SUBJECTS):
        return None
    opening = OPENING.match(text)
    start = later.end() if later else opening.end() if opening else 0
    busy = _BUSY.match(text, start)
    if busy:
        return parse_verb(text, busy.start(1), "i", "am")
    if (not_a := _NOT_A.match(text, start)) or _WITHOUT_I.match(text, start):
        return parse_verb(text, start, "i", "am" if not_a else "")
    if not _FRAGMENT.match(text, start) or not _FRAGMENT_OBJECT.match(text, start):
        return None
    first = text[start:].split(None, 1)[0].lower()
    helper = (
        "am"
        if first in {"based", "born", "allergic", "married", "diagnosed", "retired"} or first.endswith("ing")
        else ""
    )
    clause = parse_verb(text, start, "i", helper)
    if clause and first in {"need", "like", "love", "work", "live", "will"} and not text[start : start + 1].isupper():
        return None
    return clause


def enthusiast(text: str) -> Iterator[Candidate]:
    """ "Big fan of Studio Ghibli here": an interest without its subject."""
    found = _FAN.match(text)
    if found:
        yield Candidate("interest", noun_phrase(found.group(1), 6))


def opinion_opening(text: str) -> str:
    """What follows "In my opinion", "To me," or "IMO"; "" when the sentence does not open so."""
    found = re.match(
        r"\s*(?:\w+,? )?(?:in my (?:honest |humble |personal )?(?:opinion|view,|experience,)|imh?o|if "
        r"you ask me|to my mind|as far as i'?m concerned|to me|personally),?\s+(.+)",
        text,
        re.IGNORECASE,
    )
    return found.group(1) if found else ""


def plan_opening(text: str, words: frozenset[str]) -> Iterator[Candidate]:
    """What is planned or decided: "The plan is to ...", "Decision: ...", "We agreed: ..."."""
    if _PLAN_WORDS.isdisjoint(words):
        return
    found = re.search(
        r"(?:^|[,;:] |\b(?:and|so|but) )(?:the|our|my|final|team) ?(?:final |new )?(plan|decision|goal|"
        r"verdict|choice|consensus|agreement|call) (?:is|was|was made) (?:to|that|made to)?\s*(.+)",
        text[:300],
        re.IGNORECASE,
    )
    label = re.match(
        r"\s*(?:final )?(?:decision|decided|resolved|agreed|conclusion)(?: (?:is |was )?(?:made|final|"
        r"reached|taken))?(?: (?:on|about|for|regarding) ([^:;.!?\x01]{3,60}))?\s*(?::|-|\u2013)\s*(.+)",
        text,
        re.IGNORECASE,
    )
    if label:
        topic = noun_phrase(label.group(1) or "", 8)
        yield Candidate(
            "decision", f"{topic}: {statement(label.group(2), 16)}" if topic else statement(label.group(2), 16)
        )
    elif found and len(found.group(2).split()) > 1:
        kind = found.group(1).lower()
        yield Candidate("commitment" if kind in {"plan", "goal"} else "decision", noun_phrase(found.group(2), 16))
