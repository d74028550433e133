"""A test run: its mark, its scratch folder, and the watcher beside it."""

import os
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from tests.orphans.watcher import DONE, VARIABLE

ENDING_SECONDS = 40.0


@dataclass(slots=True)
class Run:
    """Everything that is started after `begin_run` carries the run's mark, and has its temporary files in `scratch`."""

    watcher: "subprocess.Popen[bytes]"
    scratch: Path

    def forget_when_killed(self, folder: Path) -> None:
        """Remove it when the run is killed; when it comes to its end, others look after the folder."""
        self._say(str(folder))

    def end(self) -> None:
        """The run came to its end: whatever it left is ended and told."""
        self._say(DONE)
        assert self.watcher.stdin is not None
        self.watcher.stdin.close()
        self.watcher.wait(ENDING_SECONDS)

    def _say(self, line: str) -> None:
        assert self.watcher.stdin is not None
        self.watcher.stdin.write(f"{line}\n".encode())
        self.watcher.stdin.flush()


def begin_run(temporary: Path) -> Run:
    """Mark the environment. Its scratch folder is made in `temporary`; pytest keeps its own there, too, for a few runs.

    The watcher has the mark of the run around this one, if any, and a session of its own: Ctrl-C is not for it.
    """
    outer = os.environ.get(VARIABLE, "")
    mark = f"{outer}/{uuid.uuid4().hex[:12]}" if outer else uuid.uuid4().hex[:12]
    scratch = Path(tempfile.mkdtemp(prefix="gw-", dir=temporary))  # short: sockets' paths may not be long
    if os.geteuid() == 0:
        scratch.chmod(0o1777)  # as /tmp is: tests run programs as other users, too
    watcher = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("watcher.py")), mark, str(scratch)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.environ[VARIABLE] = mark
    os.environ["TMPDIR"] = str(scratch)
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(temporary))
    tempfile.tempdir = None  # found anew
    return Run(watcher, scratch)
