"""Stage 5: the soulprint as it will be published."""

from pipelines.contract import Soulprint
from pipelines.document.section import render_section
from pipelines.document.soulprint import render_soulprint
from pipelines.history.chunking.best import left_out
from pipelines.history.chunking.tiers import TIERS
from pipelines.stages.sections import said
from pipelines.v1.history import History
from pipelines.v1.synthesize import Portrait


def complete(history: History, portrait: Portrait) -> Soulprint:
    """All of v1's fields; the ones that only v2 writes stay None, which keeps what the user has."""
    sections = portrait.sections
    chunks_left_out = left_out(history.chunks, history.chunks_met, history.uncut, len(TIERS))
    return Soulprint(
        sections=sections,
        facts=portrait.facts,
        total_conversations=history.census.conversations,
        total_messages=history.census.messages,
        total_chunks=history.chunks,
        soulprint_text=render_soulprint(sections, history.census, remarks=portrait.warnings),
        soul_md=render_section("soul", sections["soul"]),
        identity_md=render_section("identity", sections["identity"]),
        agents_md=render_section("agents", sections["agents"]),
        user_md=render_section("user", sections["user"]),
        memory_log=portrait.memory_log,
        archetype=said(sections["identity"], "archetype"),
        ai_name=said(sections["identity"], "ai_name"),
        unread_share=portrait.unread_share,
        warnings=(*portrait.warnings, *history.remarks, *chunks_left_out),
        usage=portrait.usage,
        memory=portrait.memory,
    )
