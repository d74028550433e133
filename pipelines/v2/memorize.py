"""Stage 5: MEMORY, stored as soon as it is written, so that nothing that fails later can lose it."""

from pipelines.contract import PipelineError, Portrait, Ports
from pipelines.stages.results import Written, version_of
from pipelines.stages.sections import Evidence


async def memorize(ports: Ports, evidence: Evidence, known: Portrait | None) -> Written:
    """What is known already, or written now. A failed call fails the run: an empty MEMORY must never replace a good
    one."""
    await ports.progress("generating_memory", 75)
    if known is not None:
        return Written(known.memory)

    async def work() -> Written:
        said = evidence.facts, evidence.past, evidence.style, evidence.samples
        return Written(*await ports.language.memory(*said))

    read = evidence.facts, evidence.past, sorted(evidence.style.items()), evidence.samples
    version = version_of(ports.language.name, *read)
    memory = await ports.steps.run("memory", version, Written, work)
    if not memory.text.strip():
        raise PipelineError("The language engine wrote an empty MEMORY.", retryable=True)
    return memory
