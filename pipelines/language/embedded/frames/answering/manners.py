"""How the user wants to be answered, in whatever form: "Talk to me like a friend", "Can you stop apologising?"."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.words import word_set

_OPENING = re.compile(
    r"\s*(?:(?:please|pls|also|and|but|so|btw|oh|ok|okay|hey|hi|just|one more thing|a (?:quick )?note|from now on|"
    r"going forward|in future|"
    r"in general|generally|for future reference|fyi|remember|note|ps|p\.s\.?|as always|again),?:?\s+)*",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:can|could|would|will) you (?:please |just |try to |kindly )*"
    r"((?:stop|quit|avoid|refrain from|not|never|always|only|keep|be|use|speak|talk|answer|reply|respond|address|"
    r"drop|skip|cut)\b.{2,90})",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"\b(?:all the time|every time|always|never|from now on|going forward|in (?:the )?future|so much|so many|"
    r"constantly|"
    r"with me|to me|your (?:answers|replies|responses|tone|messages)|when (?:you|i|we)|in general|by default|"
    r"apologi\w+|"
    r"emojis?|bullet points|calling me|more (?:concise|direct|blunt|brief))\b",
    re.IGNORECASE,
)
_STYLE = (
    r"the (?:word|phrase|expression)s? \w+|(?:under|below|max(?:imum)?|at most|within|"
    r"no more than) (?:\w+ )?(?:sentences|words|lines|paragraphs)|dates|times|currenc\w+|dd/mm\S*|(?:easy|simple|"
    r"plain|everyday) (?:words|language|vocabulary)|apologi\w+|pleasantries|preambles?|intro(?:duction)?s?|"
    r"small talk|fluff|waffle|filler|flattery|compliments?|"
    r"disclaimers?|warnings?|caveats?|emojis?|bullet points?|lists|headings|headers|tables|markdown|jargon|"
    r"buzzwords|acronyms|"
    r"basics|theory|history lessons?|lectures?|moralising|moralizing|hedging|sugar-?coat\w*|hand-?holding|"
    r"repetition|repeating|"
    r"summar(?:y|ies)|recaps?|conclusions?|follow-?up questions?|exclamation (?:marks|points)|em[- ]dashes|"
    r"analogies|metaphors?|"
    r"examples?|sources|citations?|references|links|metric|imperial|celsius|fahrenheit|kilomet\w+|"
    r"24[- ]hour|(?:british|american|uk|us|australian|canadian) (?:english|spelling)|plain (?:english|text|language)|"
    r"simple (?:words|english|language|terms)|short (?:sentences|paragraphs|answers|replies)|code (?:first|only)|"
    r"first name|"
    r"step[- ]by[- ]step|word count|swear\w*|politically correct|long[- ]winded|wordy|verbose|verbosity|"
    r"concise\w*|brief|blunt|"
    r"formal\w*|informal\w*|casual|honest|brutally honest|critical|direct|to the point|straight to the (?:point|"
    r"answer)|"
    r"walls? of text|explanations?|padding|cheerful|enthusias\w+|sarcas\w+|humou?r|jokes|puns|tone|gender-neutral|"
    r"they/them|she/her|he/him"
)
_NO = re.compile(
    r"(?:(?:there(?:'s| is) )?no need (?:to|for)|you (?:don't|do not|needn't|never) (?:need|have) to|"
    r"(?:please )?(?:spare me|skip|drop|cut|"
    r"leave out|omit|ditch|lose|avoid|no more|less|fewer|stop|enough with|lay off|go easy on|without|no)|(?:don't|"
    r"do not|never)\s+"
    r"(?:bother (?:with|to)|ever|be|give me|use|start|end|open|add|include|explain|repeat|lecture|apologi\w+|"
    r"summari\w+|hedge|"
    r"assume|sugar-?coat|put|write|talk|treat|ask|send|try))\b[^.;!?\n]{0,80}",
    re.IGNORECASE,
)
_YES = re.compile(
    r"(?:(?:always|only)\s+)?(?:use|give|include|show|add|cite|write|answer|reply|respond|speak|talk|explain|"
    r"treat|address|keep|be|"
    r"stick|get|assume|pretend not|more|start|lead|put|format|make|stay|quote|convert|refer|tell|round|ask|"
    r"imagine you)\b[^.;!?\n]{0,90}",
    re.IGNORECASE,
)
_TO_ME = re.compile(
    r"(?:talk|speak|write|explain|treat|answer|address|reply|respond|be)\b.{0,24}?\b(?:to|with)?\s?(?:me|things|"
    r"stuff|everything|concepts)?\s*"
    r"\b(?:(?:like|as if|as though|as) (?:i|i'm|you|a|an|we|my)\b|honest with me|straight with me|in (?:spanish|"
    r"french|german|english|italian|dutch|"
    r"portuguese|hindi|polish|swedish|plain|simple|short|full|british|american)\b|without\b).*",
    re.IGNORECASE,
)
_ONE_TASK = re.compile(
    r"\b(?:this|that|these|the (?:following|above|text|story|essay|paragraph|article|code|list|table|function|"
    r"email|letter|poem|"
    r"first|second|last|previous)|a (?:story|poem|list|table|script|function|letter)|below|for (?:a|an|the|my)|"
    r"an? (?:summary|example|explanation) of|"
    r"(?:make|explain|put|write|rewrite|format|say|describe) it|examples? of|about (?!yourself)|of \w+ \w+)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"\b(?:{_STYLE})\b", re.IGNORECASE)
_WHENEVER = re.compile(
    r"(?:when|whenever|if|every time) (?:i|you) (?:ask|write|say|send|give|answer|reply|mention|explain|share|"
    r"need|recommend|suggest)\b[^,]{0,50},\s+"
    r"(?:please |always |just )*((?:assume|use|give|keep|answer|reply|include|remember|don't|do not|never|avoid|"
    r"skip|start|show|explain|put|make|only|stick)\b.+)",
    re.IGNORECASE,
)
WISH_WORDS = word_set(
    "can could would will there's no need you spare skip drop cut leave omit ditch lose avoid less fewer stop "
    "enough lay go "
    "without don't do never always only use give include show add cite write answer reply respond speak talk "
    "explain treat "
    "address keep be stick get assume more start lead put format make stay quote convert refer tell round ask"
)
_FIRST = re.compile(r"[a-z]+", re.IGNORECASE)
_FIRST_WORDS = word_set(
    "when whenever if every can could would will there no you please spare skip drop cut leave omit ditch lose avoid "
    "less fewer stop enough lay go without don do never always only use give include show add cite write answer reply "
    "respond speak talk explain treat address keep be stick get assume pretend more start lead put format make stay "
    "quote convert refer tell round ask imagine"
)  # with which a wish begins
_ELI5 = re.compile(r"explain (?:\w+ ){0,3}like i'?m (?:5|five)", re.IGNORECASE)


def manner(text: str) -> Iterator[Candidate]:
    """`text` is one sentence of a short message, questions included."""
    opening = _OPENING.match(text)
    body = text[opening.end() if opening else 0 :].rstrip("?!. ")
    first = _FIRST.match(body)
    if not first or first.group().lower() not in _FIRST_WORDS:
        return
    when = _WHENEVER.match(body)
    if when and not text.endswith("?"):
        yield Candidate("preference", statement(when.group(1), 14))
    elif asked := _ASKED.match(body):
        yield from _asked(asked.group(1))
    elif not (text.endswith("?") or _ONE_TASK.search(body) or _ELI5.search(body)):
        yield from _told(body)


def _asked(wish: str) -> Iterator[Candidate]:
    if _LASTING.search(wish) and (_ABOUT.search(wish) or "me" in wish.split()) and not _ONE_TASK.search(wish):
        yield Candidate("preference", statement(wish, 14))


def _told(body: str) -> Iterator[Candidate]:
    if (_NO.match(body) or _YES.match(body)) and _ABOUT.search(body[:90]):
        wish = statement(body, 14)
        if len(wish.split()) > 1:
            yield Candidate("preference", wish)
    elif re.match(r"avoid \w+ \w+", body, re.IGNORECASE):
        yield Candidate("preference", statement(body, 10))
    elif _TO_ME.match(body):
        yield Candidate("preference", " ".join(body.split()[:14]))
