"""What the user likes, does for fun, prefers and avoids."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.clauses import Clause
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.phrases import bare, items, noun_phrase, statement

_EMPTY = re.compile(
    r"^(?:it|that|this|these|those|them|him|her|you|your|how|what|where|when|why|the (?:way|idea|first|"
    r"second|third|last|one|other|new|next|"
    r"sound of (?:that|this)|fact|look|previous|original|old|answer|following)|one|both|all|some|"
    r"option|number|version|to (?:know|see|ask|have|get|think|understand|use|say|add|make|do|be|find|"
    r"believe|"
    r"create|thank|change|start|sort|request|discuss|try|hear|go|keep|include|point|call|consider|talk)|"
    r"everything you|his|their|someone|something|anything|nothing|more|when|if|a lot|my (?:job done)|"
    r"an? (?:few|lot|bit)|us|me|each|such|"
    r"a better|better|about|there|not|as|for you|each other)\b",
    re.IGNORECASE,
)
_HOBBY_OBJECT = re.compile(
    r"^\s*(?:(?:a lot of|lots of|mostly|some|lots|a bit of|a little|in an?|the|an?|competitive|amateur|"
    r"old|vintage|my)\s+)*"
    r"(?:guitar|piano|violin|cello|drums?|bass|flute|saxophone|sax|clarinet|trumpet|harp|ukulele|banjo|"
    r"accordion|organ|keyboard|viola|oboe|harmonica|"
    r"chess|go\b|poker|bridge|football|soccer|basketball|tennis|badminton|volleyball|cricket|rugby|"
    r"hockey|golf|squash|baseball|handball|softball|"
    r"table tennis|ping[- ]pong|pickleball|padel|darts|pool|snooker|billiards|lacrosse|water polo|"
    r"video ?games?|games?|board games?|card games?|"
    r"dungeons|d&d|dnd|rpgs?|minecraft|mahjong|scrabble|in (?:a|an|the|my)|with (?:a|an) (?:band|"
    r"orchestra|team)|frisbee|ultimate|sports?|music|for (?:a|an|my))",
    re.IGNORECASE,
)
_GERUND = dict(
    pair.split(":")
    for pair in (
        "knit:knitting bake:baking cook:cooking paint:painting draw:drawing garden:gardening sing:singing "
        "dance:dancing swim:swimming hike:hiking climb:climbing surf:surfing ski:skiing cycle:cycling "
        "jog:jogging fish:fishing hunt:hunting brew:brewing sew:sewing crochet:crocheting bike:biking "
        "sail:sailing meditate:meditating row:rowing box:boxing ride:riding restore:restoring "
        "collect:collecting play:playing practice:practising practise:practising photograph:photographing "
        "watch:watching read:reading follow:following travel:travelling listen:listening"
    ).split()
)
_HABIT = re.compile(
    r"\b(?:every|most|each|on weekends?|on the weekend|at weekends?|in my (?:spare|free|down) ?time|"
    r"daily|weekly|regularly|as a hobby|for fun|often|a lot|in the (?:evenings?|mornings?)|"
    r"for (?:\w+ ){1,2}years|since|after work|before work|(?:once|twice|three times) a (?:week|month)|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
_GO = re.compile(
    r"^\s*(?:out\s+)?([a-z]+ing|for (?:long |morning |evening )?(?:runs|walks|hikes|swims|rides|bike "
    r"rides)|to (?:the )?(?:gym|concerts|yoga|church|theatre|museums|choir)\b)(.*)",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"\b(?:answers?|repl(?:y|ies)|responses?|explanations?|code|examples?|sources|citations|tone|"
    r"bullet|bullets|lists?|tables?|emojis?|summar(?:y|ies)|"
    r"format(?:ting)?|wording|feedback|british|american|metric|jargon|disclaimers|step[- ]by[- ]step|"
    r"concise|short|brief|detailed|length|paragraphs?|prose|markdown)\b",
    re.IGNORECASE,
)


def like(clause: Clause) -> Iterator[Candidate]:
    """I love bouldering; I don't like crowds; I hate small talk; I'd love to visit Peru (nothing)."""
    if clause.used_to or clause.past or clause.modal in {"could", "should", "might", "may", "would", "will"}:
        return
    disliking = clause.lemma in {"hate", "dislike", "detest", "loathe"}
    if clause.negated and disliking:
        return
    when = re.match(r"\s*(?:it )?(when (?:you|people|someone|others|\w+s\b).+)", clause.rest, re.IGNORECASE)
    if when:
        yield Candidate(
            "preference",
            f"{'dislikes' if disliking or clause.negated else 'likes'} it "
            f"{statement(when.group(1).replace('when', chr(2), 1), 14).replace(chr(2), 'when')}",
        )
        return
    if _EMPTY.match(clause.rest.strip()):
        return
    if disliking or clause.negated:
        what = noun_phrase(re.sub(r"^\s*to\s+", " ", clause.rest), 9)
        if what and not _EMPTY.match(what):
            yield Candidate("preference", f"dislikes {what}")
        return
    for what in items(re.sub(r"^\s*to\s+", " ", clause.rest)):
        if not _EMPTY.match(what) and len(what) > 2:
            yield Candidate("interest", what)


def stand(clause: Clause) -> Iterator[Candidate]:
    """I can't stand cilantro."""
    if (clause.negated and clause.modal in {"can", "could"}) or (clause.negated and clause.lemma == "tolerate"):
        what = noun_phrase(clause.rest, 8)
        if what and not _EMPTY.match(what):
            yield Candidate("preference", f"dislikes {what}")


def prefer(clause: Clause) -> Iterator[Candidate]:
    """I prefer tabs over spaces; I'd prefer a table."""
    if clause.negated or clause.used_to or clause.past:
        return
    what = statement(re.sub(r"^\s*(?:to|that|it if|it when|if)\s+", " ", clause.rest), 16)
    if what and not _EMPTY.match(what) and not re.match(r"(?:the (?:blue|red|first|second|latter|former)\b)", what):
        yield Candidate("preference", what)


def rather(clause: Clause) -> Iterator[Candidate]:
    """I'd rather have a table than a wall of text."""
    what = re.sub(r"^(?:have|get|see|use|that|you|if|not)\s+", "", clause.rest.strip())
    phrase = re.split(r"[.;!?]", what)[0][:90].strip()
    if phrase and not _EMPTY.match(phrase):
        yield Candidate("preference", ("not " if clause.rest.strip().startswith("not ") else "") + phrase)


def pastime(clause: Clause) -> Iterator[Candidate]:
    """I play the cello; I knit; I collect stamps; I go climbing every week."""
    if clause.negated or clause.unreal or clause.past or clause.modal or clause.used_to:
        return
    if (
        clause.perfect
        and not clause.progressive
        and not re.search(r"\b(?:since|for (?:\w+ ){1,3}(?:years|decades)|all my life)\b", clause.rest)
    ):
        return
    rest, lemma = clause.rest, clause.lemma
    habit = (
        (clause.perfect and clause.progressive)
        or bool(_HABIT.search(clause.sentence))
        or bool({"usually", "often", "regularly", "always", "sometimes"} & set(clause.adverbs))
    )
    if lemma == "go":
        yield from _outing(rest, habit=habit)
    elif lemma == "play":
        if _HOBBY_OBJECT.match(rest):
            for index, what in enumerate(items(rest)):
                yield Candidate("interest", f"playing {what}" if index == 0 or _HOBBY_OBJECT.match(what) else what)
    elif lemma in {
        "watch",
        "read",
        "follow",
        "listen",
        "ride",
        "box",
        "row",
        "restore",
        "practice",
        "practise",
        "travel",
    }:
        what = bare(noun_phrase(re.sub(r"^\s*to\s", " ", rest), 6))
        if what and habit and not _EMPTY.match(what):
            yield Candidate("interest", f"{_GERUND[lemma]} {what}")
        elif not what and habit:
            yield Candidate("interest", _GERUND[lemma])
        elif lemma in {"practice", "practise", "restore"}:
            for index, each in enumerate(each for each in items(rest) if not _EMPTY.match(each) and each != "etc"):
                yield Candidate("interest", each if index else f"{_GERUND[lemma]} {each}")
    elif lemma in _GERUND:
        yield from _craft(clause, habit=habit)


def _craft(clause: Clause, *, habit: bool) -> Iterator[Candidate]:
    rest = clause.rest.strip()
    what = noun_phrase(rest, 6)
    if clause.lemma in {"draw", "fish", "hunt"} and not habit:
        return
    if what and (_EMPTY.match(what) or re.match(r"(?:through|into|up|out|the (?:table|data)|on to|over)\b", what)):
        return
    more = re.match(r"^(?:and|,) ([a-z]+)\b(.*)", rest)
    yield Candidate("interest", _GERUND[clause.lemma] if more else f"{_GERUND[clause.lemma]} {what}".strip())
    if more and more.group(1) in _GERUND:
        yield Candidate("interest", f"{_GERUND[more.group(1)]} {noun_phrase(more.group(2), 5)}".strip())


def _outing(rest: str, *, habit: bool) -> Iterator[Candidate]:
    found = _GO.match(rest)
    if found and (habit or found.group(1).endswith("s") or found.group(1).startswith("to")):
        yield Candidate(
            "interest", found.group(1).strip().removeprefix("for ").removeprefix("to the ").removeprefix("to ")
        )


def become(clause: Clause) -> Iterator[Candidate]:
    """I've become interested in car racing; I got hooked on chess; I'm getting into pottery."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal:
        return
    found = re.match(
        r"\s*(?:\w+ ){0,4}?(?:interested in|into|hooked on|obsessed with|passionate about|fascinated "
        r"(?:by|with)|fond of|addicted to)\s+(.+)",
        clause.rest,
        re.IGNORECASE,
    )
    if not found:
        return
    for what in items(found.group(1)):
        if (
            len(what) > 2
            and not _EMPTY.match(what)
            and not re.match(r"(?:trouble|bed|work|town|fights?|arguments?|an? \w+ (?:state|fight|accident))\b", what)
        ):
            yield Candidate("interest", what)


def take_up(clause: Clause) -> Iterator[Candidate]:
    """I took up pottery; I started playing padel; I began learning Welsh; I recently learned some street dance."""
    if clause.negated or clause.unreal or clause.used_to or clause.modal or clause.form in {"take", "begin", "learn"}:
        return
    rest = clause.rest
    if clause.lemma == "take":
        found = re.match(r"\s*up\s+(.+)", rest, re.IGNORECASE)
    elif clause.lemma == "learn":
        recent = clause.past and re.search(
            r"\b(?:recently|lately|just|last (?:week|month|year))\b", clause.sentence, re.IGNORECASE
        )
        found = (
            re.match(r"\s*(?:how to |to |some |a (?:bit|little) (?:of )?)(?!about)(.+)", rest, re.IGNORECASE)
            if recent
            else None
        )
    else:
        found = re.match(
            r"\s*(?:to )?((?:learn(?:ing)?|play(?:ing)?|practi[sc]\w+|collect(?:ing)?|paint\w*|knit\w*|"
            r"run(?:ning)?|climb\w*|box(?:ing)?|"
            r"garden\w*|bak\w+|brew\w*|danc\w+|swim\w*|cycl\w+|surf\w*|yoga|pilates|sing\w*|draw\w*|"
            r"meditat\w+|ski\w*|hik\w+|sew\w*)\b.*)",
            rest,
            re.IGNORECASE,
        )
    if found:
        what = noun_phrase(found.group(1), 7)
        if (
            what
            and not _EMPTY.match(what)
            and not re.match(r"(?:learn(?:ing)? (?:about|how|more|that)\b(?! to)|space|time|too much)", what)
        ):
            yield Candidate("interest", what)


def spend(clause: Clause) -> Iterator[Candidate]:
    """I spend my mornings birdwatching."""
    if clause.negated or clause.unreal or clause.past or clause.modal:
        return
    found = re.match(
        r"\s*(?:most of |all |a lot of |much of )*(?:my |our |the )?(?:\w+ ){0,3}?(?:time|mornings?|"
        r"evenings?|weekends?|days?|nights?|afternoons?|hours|summers?|winters?)\s+(?:off )?(?:on |in "
        r"the )?([a-z]+ing\b.*)",
        clause.rest,
        re.IGNORECASE,
    )
    if found:
        for what in items(found.group(1)):
            if not re.match(r"(?:trying|debugging|waiting|working|thinking)\b", what):
                yield Candidate("interest", what)


def use(clause: Clause) -> Iterator[Candidate]:
    """I use Emacs; we deploy to Hetzner; we host on Fly.io."""
    if (
        clause.negated
        or clause.unreal
        or clause.past
        or clause.used_to
        or clause.modal
        or (clause.perfect and not clause.progressive)
    ):
        return
    what = statement(clause.rest, 10)
    named = re.search(r"\b[A-Z][\w.+#-]*", what) or re.search(
        r"\b(?:every day|daily|for everything|for all|at work|mostly|as my)\b", clause.sentence
    )
    if (
        not what
        or _EMPTY.match(what)
        or re.match(r"(?:the|these|a for|an? (?:for|while|loop|function|regex|dictionary|list)\b)", what)
    ):
        return
    if (
        named
        or clause.lemma in {"deploy", "host"}
        or (clause.who == "we" and clause.lemma == "use" and len(what.split()) <= 5)
    ):
        verb = {"use": "uses", "deploy": "deploys", "host": "hosts", "rely": "relies", "ship": "ships"}[clause.lemma]
        yield Candidate("preference", f"{verb} {what}")


def want(clause: Clause) -> Iterator[Candidate]:
    """I want answers with sources; I want to become a pilot. Requests give nothing."""
    rest = clause.rest.strip()
    if clause.past or clause.unreal or clause.used_to:
        return
    goal = re.match(
        r"to (become (?:a|an|fluent|better|more)\b.*|(?:learn|master) (?!how|about|more|what|the "
        r"(?:basics|difference)|from|why|if|it|this)(?:to )?\w.*|retire\b.*|emigrate\b.*|move to "
        r"[A-Z].*"
        r"|lose (?:weight|\d+).*|quit (?:smoking|drinking|my|sugar)\b.*|stop (?:smoking|drinking|"
        r"biting)\b.*|run (?:a|my) (?:first )?(?:half[- ])?(?:marathon|10k|5k|ultra).*|travel (?:to|"
        r"the|around)\b.*|buy (?:a|our|my) (?:first )?(?:house|home|flat|apartment|boat|van|car)\b.*"
        r"|start (?:a|my own|our own) (?:family|business|company|bakery|podcast|blog|band|farm|"
        r"charity)\b.*|have (?:kids|children|a baby)\b.*|go back to (?:school|university|college)\b.*|"
        r"get (?:fit|in shape|healthier|married|promoted|certified)\b.*)",
        rest,
        re.IGNORECASE,
    )
    if goal and not clause.negated:
        yield Candidate("life_context", f"wants to {noun_phrase(goal.group(1), 10)}")
    elif _REPLY.search(rest[:60]) and re.match(
        r"(?:(?:only|all|my|your|the|no|short|concise|brief|long|detailed|more|less|fewer|plain|direct|"
        r"blunt|honest|clear|simple|any)\s+)*(?:\w+\s)?(?:answers|replies|responses|explanations|"
        r"examples|sources|citations|emojis|disclaimers|feedback|summaries|bullets?|code comments|"
        r"jargon|prose)\b",
        rest,
        re.IGNORECASE,
    ):
        what = statement(rest, 12)
        yield Candidate("preference", f"no {what}" if clause.negated else what)
