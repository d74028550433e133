"""Stage 5: MEMORY, stored as soon as it is written, so that nothing that fails later can lose it."""

from pipelines.contract import PipelineError, Ports
from pipelines.memory.told import with_earlier
from pipelines.stages.results import Written, version_of
from pipelines.v2.consolidate import Profile


async def memorize(ports: Ports, profile: Profile) -> Written:
    """A failed call fails the run: an empty MEMORY must never replace a good one."""
    await ports.progress("generating_memory", 75)

    facts = (*profile.facts, *profile.recalled.told.history)

    async def work() -> Written:
        return Written(*await ports.language.memory(facts))

    memory = await ports.steps.run("memory", version_of(ports.language.name, facts), Written, work)
    if not memory.text.strip():
        raise PipelineError("The language engine wrote an empty MEMORY.", retryable=True)
    told = with_earlier(profile.recalled.text(memory.text), profile.recalled.told.earlier)
    return Written(told, memory.usage)
