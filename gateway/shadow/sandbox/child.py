"""A shadow's process: runs one pipeline on one export, compares it with what the primary run gave, answers, ends.

Started by `python -m gateway.shadow.sandbox.start`, by the worker, with an empty environment. It runs when nobody else
wants the processor, is the first to go when memory is short, and ends when the worker does.
"""

import asyncio
import importlib
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from gateway.confinement.confine import Bounds, close_inherited, confine
from gateway.confinement.model import Confinement
from gateway.jobs.publish import encode_json
from gateway.language.remote import RemoteLanguage
from gateway.shadow.compare.harm import judge_effects
from gateway.shadow.compare.model import Comparison, Failure, Outcome, WriteIntent
from gateway.shadow.compare.pair import compare
from gateway.shadow.sandbox.export_words import foreign_in
from gateway.shadow.sandbox.ports import (
    Flooded,
    IntentSink,
    TimedSteps,
    chunk_intent,
    profile_intent,
)
from gateway.shadow.sandbox.protocol import (
    HEADER,
    Broken,
    Done,
    Limits,
    OverBudget,
    PrimaryRun,
    Said,
    Task,
    outcome_of,
    pack,
)
from gateway.shadow.sandbox.remote_language import LanguageCalls
from pipelines.contract import Language, Pipeline, PipelineError, Ports, Soulprint, Usage
from pipelines.inert_ports import LocalExport, NoStoredChunks, compute_here, ignore_progress
from pipelines.language.embedded import EmbeddedLanguage

EXPORT, PRIMARY_RUN = "export", "primary.json"  # files in the folder
TEXT_CHARACTERS = 20_000
SHOWN_CHARACTERS = 6_000  # of each text, kept with the pair
HEAR_SECONDS = 0.02  # until what was said before this process went on last is heard
EXPORT_SECONDS = 30.0  # at most, to look up whether a result speaks of this user


def main() -> None:
    """Read the task, run it, answer, end."""
    answers = os.fdopen(os.dup(1), "wb")
    close_inherited(0, answers.fileno())  # whatever a pipeline prints is no answer
    task = msgspec.msgpack.decode(read_frame(sys.stdin.buffer), type=Task)
    if task.engine is None:
        importlib.import_module("pipelines.language.embedded.extracting")  # what reads, before anything is refused
    limit(task.limits)
    pipeline = load(task.function)  # while its folder may still be listed
    found = Confinement(confine(Bounds.of(Path(task.folder))))
    try:
        check_confined(task, found)
        said: Said = asyncio.run(shadow(task, pipeline, answers))
    except NotConfined as why:
        said = Broken("skipped", str(why))
    except MemoryError:
        said = Broken("out_of_memory", f"more than {task.limits.memory_bytes >> 20} MiB")
    except Flooded as flood:
        said = Broken("flooded", str(flood))
    except OverBudget as spent:
        said = Broken("over_budget", str(spent))
    say(answers, said)
    os._exit(0)


class NotConfined(Exception):
    """A restriction is needed that this machine does not impose."""


def check_confined(task: Task, found: Confinement) -> None:
    """Raises `NotConfined`."""
    if task.needs_confinement and not found.whole:
        raise NotConfined(f"CONFINEMENT=required, and of its restrictions {found}")


def read_frame(stream: BinaryIO) -> bytes:
    """The next frame. Raises EOFError when the worker is gone."""
    head = stream.read(HEADER)
    body = stream.read(int.from_bytes(head, "big"))
    if len(head) < HEADER or len(body) < int.from_bytes(head, "big"):
        raise EOFError
    return body


def say(answers: BinaryIO, said: Said) -> None:
    """Send one frame."""
    answers.write(pack(said))
    answers.flush()


def limit(limits: Limits) -> None:
    """Set the limits; what this system does not support is left out."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    for resource_limit, value in (
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_CPU, int(limits.seconds) + 5),
        (resource.RLIMIT_FSIZE, limits.disk_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(resource_limit, (value, value))


async def shadow(task: Task, pipeline: Pipeline, answers: BinaryIO) -> Done:
    """Run and compare."""
    line = LanguageCalls(lambda said: say(answers, said))
    listen(line, asyncio.get_running_loop())
    engine = task.engine
    language: Language = EmbeddedLanguage(compute_here) if engine is None else RemoteLanguage(engine, line.call)
    sink, steps = IntentSink(task.limits), TimedSteps()
    folder = Path(task.folder)
    ports = Ports(
        exports=LocalExport(folder / EXPORT),
        stored_chunks=NoStoredChunks(),
        language=language,
        sink=sink,
        steps=steps,
        progress=ignore_progress,
        compute=compute_here,
        workdir=folder,
        fact_concurrency=task.fact_concurrency,
        chunk_limit=task.chunk_limit,
    )
    held_before = await held_seconds(line)
    began, waited_before = time.monotonic(), waited()
    result, failure, retryable = await attempt(pipeline, task, ports)
    took = time.monotonic() - began
    seconds = max(0.0, took - (await held_seconds(line) - held_before))
    used = resource.getrusage(resource.RUSAGE_SELF)
    own_seconds = seconds - (waited() - waited_before)
    own = Outcome(task.pipeline, result, failure, sink.intents(result, task.keys_before), own_seconds)
    if task.keeps:
        keep(task, own)
    one, other = sides(task, own, primary_of(task))
    left = task.limits.seconds - seconds
    return Done(
        comparison=judged(task, one, other, left),
        seconds=seconds,
        cpu_seconds=used.ru_utime + used.ru_stime,
        usage=result.usage if result is not None else Usage(),
        failure=failure,
        retryable=retryable,
        steps=tuple(steps.took),
        texts=(text_of(one), text_of(other)),
    )


async def attempt(pipeline: Pipeline, task: Task, ports: Ports) -> tuple[Soulprint | None, Failure | None, bool]:
    """The run's result or its failure, and whether that failure may pass by itself. Limits are raised as they come."""
    try:
        result = await pipeline(task.request, ports)
        # As the primary's result was kept: the same cleaning, the same types.
        return msgspec.json.decode(encode_json(result), type=Soulprint), None, False
    except (MemoryError, Flooded, OverBudget):
        raise
    except PipelineError as error:
        return None, Failure("failed", str(error)[:1000]), error.retryable
    except Exception as error:  # noqa: BLE001 - the edge of a shadow: whatever a pipeline raises is its answer
        return None, Failure("failed", f"internal error ({type(error).__name__})"), False


async def held_seconds(line: LanguageCalls) -> float:
    """For how long this process stood still until now."""
    await asyncio.sleep(HEAR_SECONDS)
    return line.held_seconds


def keep(task: Task, own: Outcome) -> None:
    """Leave what this run gave and would have written in the folder, as a primary's run stands there."""
    chunks = own.writes[0] if own.writes else WriteIntent("conversation_chunks", 0)
    error = own.failure.message if own.failure else None
    run = PrimaryRun(own.result, error, own.seconds, chunks.rows, chunks.size, chunks.deletes)
    (Path(task.folder) / PRIMARY_RUN).write_bytes(msgspec.json.encode(run))


def judged(task: Task, one: Outcome, other: Outcome, seconds: float) -> Comparison:
    """The comparison with its effects. `seconds` is what is left for it all; half of it may be spent on the export."""
    comparison = compare(one, other)
    if task.keeps:
        return comparison  # nothing is compared yet
    longest = min(EXPORT_SECONDS, seconds / 2)
    foreign = (
        None if other.result is None else foreign_in(Path(task.folder) / EXPORT, one.result, other.result, longest)
    )
    counted = [side.result.total_conversations for side in (one, other) if side.result is not None]
    return msgspec.structs.replace(
        comparison,
        effects=judge_effects(timed(task, one), timed(task, other), comparison, task.expected, foreign),
        texts=(text_of(one)[:SHOWN_CHARACTERS], text_of(other)[:SHOWN_CHARACTERS]),
        conversations=max(counted, default=None),
    )


def timed(task: Task, run: Outcome) -> Outcome:
    """The run, with its time only where times can be compared: a primary run's time holds its publishing too, so it is
    never the slower one; and where a provider is asked, a comparison's calls wait for those of users."""
    comparable = task.engine is None and task.primary_is_one
    return run if comparable else msgspec.structs.replace(run, seconds=0.0)


def waited() -> float:
    """Seconds for which this thread was ready and others had the processor; 0 where the system does not tell."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def primary_of(task: Task) -> Outcome:
    """The primary run, with what it wrote."""
    run = msgspec.json.decode((Path(task.folder) / PRIMARY_RUN).read_bytes(), type=PrimaryRun)
    writes: tuple[WriteIntent, ...] = ()
    if run.result is not None:
        writes = (chunk_intent(run.chunks, run.size, run.deletes), profile_intent(run.result))
    return outcome_of(run, task.primary_pipeline, writes)


def sides(task: Task, own: Outcome, primary: Outcome) -> tuple[Outcome, Outcome]:
    """What is known, and what is in question."""
    return (primary, own) if task.primary_is_one else (own, primary)


def text_of(outcome: Outcome) -> str:
    """The start of a run's text for a judge."""
    return ((outcome.result and outcome.result.soulprint_text) or "")[:TEXT_CHARACTERS]


def load(function: str) -> Pipeline:
    """The pipeline by its name, "module:function"."""
    module, _, name = function.partition(":")
    return cast("Pipeline", getattr(importlib.import_module(module), name))


def listen(line: LanguageCalls, loop: asyncio.AbstractEventLoop) -> None:
    """Take the worker's replies; end at once when the worker is gone, whatever the pipeline does meanwhile."""

    def follow(end: Callable[[int], None] = os._exit) -> None:
        try:
            while True:
                loop.call_soon_threadsafe(line.take, read_frame(sys.stdin.buffer))
        except (EOFError, OSError, RuntimeError):
            end(3)

    threading.Thread(target=follow, daemon=True, name="worker's replies").start()
