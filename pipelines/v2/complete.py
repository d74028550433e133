"""Stage 7: the soulprint as it will be published."""

from pipelines.contract import SectionName, Soulprint
from pipelines.document.section import render_section
from pipelines.document.soulprint import render_soulprint
from pipelines.history.chunking.best import left_out
from pipelines.memory.told import earlier_warning, with_earlier
from pipelines.stages.extraction import unread_warning
from pipelines.stages.sections import said
from pipelines.v2.consolidate import Profile
from pipelines.v2.extract import SECTIONS
from pipelines.v2.history import History
from pipelines.v2.regenerate import Drawn


def complete(history: History, profile: Profile, drawn: Drawn) -> Soulprint:
    """All of v2's fields. What could not be written is None, which keeps what the user has: so too the whole text
    when a section of it is missing, unless the user has no text at all."""
    sections = drawn.sections
    told = profile.recalled.told
    memory = with_earlier(drawn.memory, told.earlier)
    unread = (*unread_warning(profile.unread), *earlier_warning(told.earlier))
    text = render_soulprint(sections, history.census, memory, unread)
    whole = all(name in sections for name in SECTIONS)
    identity = sections.get("identity", {})

    def document(name: SectionName) -> str | None:
        return render_section(name, sections[name]) if name in sections else None

    chunks_left_out = left_out(history.chunks, history.chunks_met, history.uncut)
    return Soulprint(
        sections=sections,
        facts=told.listed(profile.facts),
        total_conversations=history.census.conversations,
        total_messages=history.census.messages,
        total_chunks=history.chunks,
        soulprint_text=text if whole else None,
        partial_text=None if whole else text,
        soul_md=document("soul"),
        identity_md=document("identity"),
        agents_md=document("agents"),
        user_md=document("user"),
        tools_md=document("tools"),
        memory_md=memory,
        archetype=said(identity, "archetype"),
        ai_name=said(identity, "ai_name"),
        unread_share=profile.unread.share,
        warnings=(*unread, *drawn.warnings, *history.remarks, *chunks_left_out),
        usage=profile.usage + drawn.usage,
        memory=profile.recalled.memory,
    )
