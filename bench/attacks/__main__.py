"""`python -m bench.attacks [WORD ...]`: each attack (or those with a word in their name) on a gateway at its defaults.

For each: what was answered, the memory of the process before, at most, and `--rest` seconds after, and the longest that
`/health` took meanwhile, asked every 20 ms. Children are told apart: the process that reads large bodies is one.
"""

import argparse
import http.client
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue
from pathlib import Path

import psutil

from bench.attacks.attacks import ATTACKS, MIB, Attack

START_SECONDS = 90


@contextmanager
def running_gateway(folder: Path) -> Iterator[tuple[psutil.Process, int]]:
    """A gateway without a worker, and its port."""
    environment = {**os.environ, "DATA_DIR": str(folder), "PORT": "0", "LOG_LEVEL": "error"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gateway", "serve", "--no-worker"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "listens on" in line)
        yield psutil.Process(process.pid), int(line.rstrip().rpartition(":")[2])
    finally:
        process.terminate()
        process.wait(START_SECONDS)


class Watch:
    """Asks `/health`, and looks at memory, until it is told to stop."""

    def __init__(self, process: psutil.Process, port: int) -> None:
        self._process = process
        self._port = port
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.longest = 0.0
        self.most = self.most_children = 0

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._over.is_set():
            began = time.perf_counter()
            connection.request("GET", "/health")
            connection.getresponse().read()
            self.longest = max(self.longest, time.perf_counter() - began)
            own, children = memory(self._process)
            self.most, self.most_children = max(self.most, own), max(self.most_children, children)
            time.sleep(0.02)


def memory(process: psutil.Process) -> tuple[int, int]:
    """MiB of the process, and of those of its children that read bodies."""
    children = 0
    for child in process.children():
        try:
            if "anyio" in " ".join(child.cmdline()):
                children += child.memory_info().rss
        except psutil.Error:
            continue
    return process.memory_info().rss // MIB, children // MIB


def apart(attack: Attack, port: int) -> str:
    """What is answered to it, carried out in another process: making it up takes time, too."""
    context = multiprocessing.get_context("fork")
    answers: Queue[str] = context.Queue()
    process = context.Process(target=lambda: answers.put(attack(port)))
    process.start()
    answer = answers.get()
    process.join()
    return answer


def measure(name: str, attack: Attack, process: psutil.Process, port: int, rest: float) -> None:
    before = memory(process)
    with Watch(process, port) as watch:
        began = time.perf_counter()
        answer = apart(attack, port)
        took = time.perf_counter() - began
        time.sleep(0.1)
    time.sleep(rest)
    after = memory(process)
    print(
        f"| {name} | {answer} | {took:.1f} s | {before[0]} -> {watch.most} -> {after[0]} | "
        f"{before[1]} -> {watch.most_children} -> {after[1]} | {watch.longest * 1000:.0f} ms |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--rest", type=float, default=5.0)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-attacks-"))
    try:
        with running_gateway(folder) as (process, port):
            measure("(nothing)", lambda _port: "", process, port, 2)
            print("| attack | answer | took | MiB | MiB of children | longest /health |\n|---|---|---|---|---|---|")
            for name, attack in ATTACKS.items():
                if not asked.words or any(word in name for word in asked.words):
                    measure(name, attack, process, port, asked.rest)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
