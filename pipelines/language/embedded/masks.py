"""Masks what is in a message without being the user's statement: code, quotes, pasted text, fiction, templates.

Masking keeps lengths, so that offsets into the masked text are offsets into the message.
"""

from pipelines.language.embedded.grammar.sentences import MASK
from pipelines.language.embedded.grammar.words import READ_HEAD, READ_TAIL, alternatives, word_set
from pipelines.language.embedded.others.pastes import handed_over
from pipelines.language.embedded.premises import mask_from, mask_premises, mask_span
from pipelines.work import late_patterns as re

_FENCE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]{1,300}`")
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>\n]{0,300}>")
_LINK = re.compile(r"https?://\S{1,500}|[^\s@]{1,60}@[^\s@]{1,60}\.\w{2,8}")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»\n]{1,1500})[\"”»]")
_SINGLE = re.compile(  # each apostrophe inside stands in a word, so that a text can be parted in one way only
    r"(?<![\w'])'([A-Za-z][^'\n]{0,250}(?:'(?=\w)[^'\n]{0,250}){0,12})'(?=[\s.,;:!?)]|\Z)"
)
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|im|my|we|our|me|you|your)\b", re.IGNORECASE)
_QUOTE_LINE = re.compile(r"^[ \t]*(?:>|\|).*$", re.MULTILINE)
_CODE_STARTS = (
    *("//", "/*", "*/", "-- ", "import ", "def ", "return ", "const ", "var ", "function ", "public ", "private "),
    *("#include", "SELECT ", "INSERT ", "print(", "console.", "$ ", ">>>", "Traceback", 'File "', "class ", "@", "<?"),
    *("elif ", "except ", "export ", "async "),
)
_MAYBE_CODE = re.compile(
    r"[#;{}()=/$>@\\]|--|\b(?:import|return|const|var|class|elif|except|export|async|Traceback|INSERT|SELECT)\b"
)
_CODE_ENDS = (";", "{", "}", "=>", "/>", "):", "\\n", "];", "*/")
_PLACEHOLDER = re.compile(
    r"\[[A-Za-z][\w '/,.-]{0,60}\](?!\()|\{\{?[\w .-]{1,40}\}?\}|<[A-Za-z][\w ]{0,40}>|(?:\\?_){3,}|\bX{3,}\b|\bxx+\b"
)
_ENDS = ".!?\n"  # of sentences
_SPEAKER = re.compile(
    r"^[ \t]*(?:\[[^\]\n]{1,40}\]\s*)?"
    r"(?:[A-Z][\w.'-]{0,20}(?: [A-Z0-9][\w.'-]{0,20}){0,2}|[QA]|user|assistant|system|human|ai)\s?:(?=\s)",
    re.MULTILINE,
)
_NUMBERED_SPEAKER = re.compile(r"\b(?:SPEAKER|Speaker|PERSON|Person|Participant|P) ?\d{1,2} ?:(?=\s)")
_ASKED = re.compile(r"(?:^|(?<=\s))Q ?[.:)](?=\s)")  # of an interview or a quiz, also amid a line
_ANSWERED = re.compile(r"(?:^|(?<=\s))A ?[.:)](?=\s)")
_VOICES = word_set(
    "me her him them mum mom dad boss wife husband friend user assistant human ai q a customer client agent doctor "
    "patient"
)
_OWN_LABELS = alternatives(
    "me about about_me context background note notes ps p.s(.) edit update info bio fyi also btw question goal goals "
    "situation problem current_situation preference(s) profile details hobbies job work diet name age location "
    "occupation interest(s) family pet(s) health likes dislikes decision plan todo reminder stack project so hi hello "
    "hey yes no ok okay thanks"
)
_OWN_LABEL = re.compile(rf"\s*(?:{_OWN_LABELS}|tl;?dr|my \w+)\s*:", re.IGNORECASE)
_MAIL_HEAD = re.compile(r"^[ \t]*(?:from|to|subject|sent|date|cc):\s.*$", re.IGNORECASE | re.MULTILINE)
_LETTER = re.compile(r"^[ \t]*(?:dear|to whom it may concern)\b[^\n]{0,80}$", re.IGNORECASE | re.MULTILINE)
_SIGN_OFF = re.compile(
    r"^[ \t]*"
    r"(?:(?:kind|best|warm|warmest|many)\s+(?:regards|wishes|thanks)|regards|sincerely|yours\b|cheers|best|love)"
    r"[^\n]{0,30}$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED = re.compile(
    r"^[ \t]*(?:"
    r"(?:kind|best|warm|warmest|many)\s+(?:regards|wishes)|regards|(?:yours )?sincerely|yours (?:truly|faithfully))"
    r",?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


def own_words(text: str, words: frozenset[str]) -> str:
    """A plain `text` with everything masked that does not count as the user's own statement; same length."""
    if len(text) > READ_HEAD + READ_TAIL:
        text = mask_span(text, READ_HEAD, len(text) - READ_TAIL)
    if "://" in text or "@" in text:
        text = _LINK.sub(_blank, text)
    return mask_others(text, words)


def mask_others(text: str, words: frozenset[str]) -> str:
    """A plain `text` with what is quoted, pasted or invented in it masked, whatever its length; same length."""
    return mask_premises(_mask_shapes(text), words)


def _mask_shapes(text: str) -> str:
    for start, end in handed_over(text):
        text = mask_span(text, start, end)
    if "`" in text or "~~~" in text:
        text = _INLINE_CODE.sub(_blank, _FENCE.sub(_blank, text))
    if "<" in text:
        text = _MARKUP.sub(_blank, text)
    if '"' in text or "“" in text or "«" in text or "„" in text:
        text = _QUOTED.sub(_blank_speech, text)
    if "'" in text:
        text = _SINGLE.sub(_blank_speech, text)
    text = _mask_interview(_mask_lines(text))
    return _mask_templates(text) if any(mark in text for mark in "[{<_xX") else text


def _mask_lines(text: str) -> str:
    if ">" in text or "|" in text:
        text = _QUOTE_LINE.sub(_blank, text)
    if _MAYBE_CODE.search(text):
        text = "\n".join(MASK * len(line) if _is_code(line) else line for line in text.split("\n"))
    if ":" in text:
        text = _mask_mail(text) if "\n" in text else text
        if not _LETTER.search(text):
            text = _mask_speakers(text)
    return _mask_letter(text) if "\n" in text else _mask_salutation(text)


_SALUTATION = re.compile(r"\b(?:respected|dear) (?:sirs?|madam|ma'am)\b", re.IGNORECASE)


def _mask_salutation(text: str) -> str:
    """A letter that stands in the middle of a line."""
    found = _SALUTATION.search(text)
    return mask_from(text, found.start()) if found else text


def _mask_interview(text: str) -> str:
    """From the first of at least two questions on, where answers stand beside them."""
    asked = [found.start() for found in _ASKED.finditer(text)] if "Q" in text else []
    return mask_from(text, asked[0]) if len(asked) > 1 and len(_ANSWERED.findall(text)) > 1 else text


def _mask_templates(text: str) -> str:
    """Mask each sentence with a placeholder or a blank to fill: it is of a form, or of an exercise. "xx" may be a size
    or a kiss: it alone is masked, and the clause reader judges the rest."""
    for found in [*_PLACEHOLDER.finditer(text)]:
        start, end = found.span()
        if found.group()[0] not in "xX":
            start = max(text.rfind(mark, 0, start) for mark in _ENDS) + 1
            end = min((at for mark in _ENDS if (at := text.find(mark, end)) >= 0), default=len(text))
        text = mask_span(text, start, end)
    return text


def _is_code(line: str) -> bool:
    line = line.strip()
    if line.startswith("#"):
        return not line[1:2].isdigit()
    return line.startswith(_CODE_STARTS) or line.endswith(_CODE_ENDS)


def _mask_mail(text: str) -> str:
    heads = list(_MAIL_HEAD.finditer(text))
    return mask_from(text, heads[0].start()) if len(heads) > 1 else text


def _mask_speakers(text: str) -> str:
    """Blank the lines of a transcript, also of one in a single line; a label that heads the user's own notes stays."""

    def judge(found: "re.Match[str]") -> str:
        return found.group() if _OWN_LABEL.match(found.group()) else MASK * len(found.group())

    numbered = list(_NUMBERED_SPEAKER.finditer(text)) if ":" in text else []
    if len(numbered) > 1:
        text = mask_from(text, numbered[0].start())
    labels = {found.group().strip(" \t:").lower() for found in _SPEAKER.finditer(text)}
    talk = len(labels) > 1 and not labels.isdisjoint(_VOICES)
    labelled = _SPEAKER.sub(_blank if talk else judge, text)
    if labelled == text:
        return text
    lines = labelled.split("\n")
    return "\n".join(MASK * len(line) if line.lstrip(" \t").startswith(MASK) else line for line in lines)


def _mask_letter(text: str) -> str:
    """Mask from the salutation, or the message's beginning, to the signature."""
    opening = _LETTER.search(text)
    closings = list((_SIGN_OFF if opening else _SIGNED).finditer(text, opening.end() if opening else 0))
    if not opening and not closings:
        return text
    start = opening.start() if opening else 0
    end = _paragraph_end(text, closings[-1].end()) if closings else len(text)
    return mask_span(text, start, end)


def _paragraph_end(text: str, start: int) -> int:
    """Two line ends after a sign-off end a letter: the signature stands between."""
    end = text.find("\n\n", start)
    return len(text) if end < 0 else end


def _blank(found: "re.Match[str]") -> str:
    return MASK * len(found.group())


def _blank_speech(found: "re.Match[str]") -> str:
    """A short quoted name stays ('a book called "The Long Road"'); quoted speech goes."""
    inner = found.group(1)
    if len(inner.split()) <= 5 and not _FIRST_PERSON.search(inner):
        return found.group()
    return MASK * len(found.group())
