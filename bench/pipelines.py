"""A whole run of each pipeline with the embedded engine: time, processor time, and memory, workers included.

python -m bench.pipelines 200                     # an export of 200 MB, made for it
python -m bench.pipelines --export FILE           # an export that is there
"""

import argparse
import asyncio
import importlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psutil

from bench.exports import MEGABYTE, write_export
from bench.figures import Figure, tell
from gateway.jobs.run.process_pool import ProcessCompute
from pipelines.contract import Chunk, ImportRequest, Ports
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.versions import list_versions

T = TypeVar("T")
PIPELINES = list_versions()
GOAL = 200  # megabytes above start
KEEP_CHILDREN = 0.5  # seconds


class Ends:
    """Every port that has an end outside a run: the export is there, chunks are counted, nothing is stored."""

    def __init__(self, export: Path) -> None:
        self._export = export
        self.chunks = 0

    async def fetch(self) -> Path:
        return self._export

    async def read(self) -> AsyncIterator[Sequence[Chunk]]:
        return
        yield

    async def replace_chunks(self) -> None:
        self.chunks = 0

    async def add_chunks(self, chunks: Sequence[Chunk]) -> None:
        self.chunks += len(chunks)

    async def run(self, _name: str, _version: int, _type: type[T], work: Callable[[], Awaitable[T]]) -> T:
        return await work()

    async def __call__(self, step: str, percent: int) -> None:
        pass


class Peak:
    """Resident memory of this process and its children while it is watched, in megabytes, at its highest.

    Finding the children means a look at every process of the machine, so they are kept for a while: looked for at each
    reading, they took a good part of a core from what is measured.
    """

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._children: list[psutil.Process] = []
        self._found = -KEEP_CHILDREN
        self._over = threading.Event()
        self.start = self.now()
        self.highest = self.start
        threading.Thread(target=self._watch, daemon=True).start()

    def now(self) -> float:
        if time.perf_counter() - self._found >= KEEP_CHILDREN:
            self._children, self._found = self._process.children(recursive=True), time.perf_counter()
        return sum(process.memory_info().rss for process in (self._process, *self._children)) / 2**20

    def stop(self) -> float:
        self._over.set()
        return self.highest - self.start

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            try:
                self.highest = max(self.highest, self.now())
            except psutil.NoSuchProcess:
                self._found = -KEEP_CHILDREN


def processor_seconds() -> float:
    """What this process and its workers have computed: other than the time, it hardly depends on who else does."""
    process = psutil.Process()
    return sum(sum(each.cpu_times()[:2]) for each in (process, *process.children(recursive=True)))


async def run_once(pipeline: str, export: Path, workdir: Path) -> dict[str, Any]:
    """One run in this process, and what it took."""
    run = importlib.import_module(f"pipelines.{pipeline}.run").run
    compute, ends = ProcessCompute(), Ends(export)
    ports = Ports(ends, ends, EmbeddedLanguage(compute), ends, ends, ends, compute, workdir)
    request = ImportRequest("job", "user", "bucket/export", False, None, None, datetime(2026, 1, 1, tzinfo=UTC))  # noqa: FBT003
    peak, began, computed = Peak(), time.perf_counter(), processor_seconds()
    soulprint = await run(request, ports)
    seconds, computed = time.perf_counter() - began, processor_seconds() - computed
    return {
        "pipeline": pipeline,
        "seconds": round(seconds, 1),
        "processor_seconds": round(computed, 1),
        "mb_above_start": round(peak.stop()),
        "chunks": ends.chunks,
        "facts": len(soulprint.facts),
    }


def measure(pipeline: str, export: Path) -> dict[str, Any]:
    """One run in a fresh process."""
    command = [sys.executable, "-m", "bench.pipelines", "--export", str(export), "--only", pipeline]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, Any] = json.loads(finished.stdout)
    return measured | {"mb_per_second": round(export.stat().st_size / MEGABYTE / measured["seconds"], 1)}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("megabytes", type=int, nargs="?", default=200)
    parser.add_argument("--export", type=Path)
    parser.add_argument("--only", choices=PIPELINES, help="in this process, as JSON")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        export = arguments.export or Path(folder) / "export.json"
        if arguments.only:
            print(json.dumps(asyncio.run(run_once(arguments.only, export, Path(folder)))))
            return
        if not arguments.export:
            write_export(export, arguments.megabytes)
        for pipeline in PIPELINES:
            measured = measure(pipeline, export)
            print(json.dumps(measured))
            tell([Figure(f"{pipeline}: memory above the start, MB", measured["mb_above_start"], GOAL)])


if __name__ == "__main__":
    main()
