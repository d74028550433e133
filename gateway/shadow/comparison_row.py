"""A pair as a row of `gateway.comparisons`: its columns, and the whole of it as JSON within a bound."""

from typing import Any

import msgspec

from gateway.jobs.publish import encode_json
from gateway.shadow.compare.harm import gains_of, harms_of
from gateway.shadow.compare.kinds import kinds_of
from gateway.shadow.compare.model import Comparison
from gateway.shadow.compare.rules import rule_for
from gateway.shadow.model import Pair, Plan

MAX_DETAIL = 64 * 1024  # bytes of one comparison as it is kept
SHORT_SAMPLE = 40  # characters of a sample where there are too many
SHORT_TEXTS = 25  # so many times as much of a text


def columns_of(plan: Plan, pair: Pair) -> dict[str, Any]:
    """The columns of `gateway.comparisons`."""
    comparison = pair.comparison
    return {
        "user": plan.user_id,
        "mode": plan.mode,
        "one": pair.one,
        "other": pair.other,
        "primary_side": pair.primary_side,
        "class": comparison.class_,
        "score": comparison.score,
        "verdicts": encode_json(verdicts_of(comparison)),
        "kinds": sorted(kinds_of(comparison)),
        "detail": encode_detail(comparison),
        "judgement": pair.judgement,
        "harms": None if comparison.effects is None else harms_of(comparison.effects),
        "gains": None if comparison.effects is None else gains_of(comparison.effects),
        "conversations": comparison.conversations,
    }


def verdicts_of(comparison: Comparison) -> dict[str, str]:
    """The verdicts that rates are made of: not those on what neither side, or by design only one of them, has."""
    return {
        field.field: field.verdict
        for field in comparison.fields
        if field.weight > 0 or rule_for(field.field).weight == 0
    }


def encode_detail(comparison: Comparison) -> str:
    """The whole comparison as JSON, within `MAX_DETAIL`: if need be with shorter samples, then without any."""
    for longest in (None, SHORT_SAMPLE, 0):
        text = encode_json(comparison if longest is None else shorten(comparison, longest))
        if len(text.encode()) <= MAX_DETAIL:
            return text
    return encode_json(msgspec.structs.replace(shorten(comparison, 0), fields=()))  # findings are bounded in number


def shorten(comparison: Comparison, longest: int) -> Comparison:
    """The comparison with shorter samples of its fields and texts; the facts' samples are bounded in number already."""
    fields = tuple(
        msgspec.structs.replace(field, one=field.one[:longest], other=field.other[:longest])
        for field in comparison.fields
    )
    one, other = (text[: longest * SHORT_TEXTS] for text in comparison.texts)
    return msgspec.structs.replace(comparison, fields=fields, texts=(one, other))
