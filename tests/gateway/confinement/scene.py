"""A stand-in for a worker, as any user, with a confined process beside it: forks, because no other user may read the
files of the interpreter that the tests run with."""

import encodings.idna  # noqa: F401 - a confined process could not import it
import json
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path

from gateway.confinement.confine import close_inherited
from gateway.confinement.kernel import SET_DUMPABLE, prctl
from tests.gateway.confinement.attacks import Target, try_all

EVERYBODY = "signal everybody"
Found = dict[str, list[str]]


@contextmanager
def standing_outside(user: int) -> Iterator[Target]:
    """Files of a user, and sockets at which somebody listens. The worker in it is this process."""
    folder = Path(tempfile.mkdtemp())  # short enough for the path of a socket
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        outside, own, path = folder / "outside", folder / "own", folder / "socket"
        outside.mkdir()
        own.mkdir()
        for file in (outside / "secret", outside / "export", outside / "removable", own / "mine"):
            file.write_text("kept")
        made = [stack.enter_context(socket.socket(family, kind)) for family, kind in KINDS]
        addresses: tuple[str | tuple[str, int], ...] = (
            str(path),
            f"\0{folder}",
            f"\0{folder}.datagrams",
            ("127.0.0.1", 0),
            ("127.0.0.1", 0),
        )
        for one, address in zip(made, addresses, strict=True):
            one.bind(address)
        for one in made[:2] + made[3:4]:
            one.listen(64)
        for item in (folder, *folder.rglob("*")):
            os.chown(item, user, user)
        ports = made[3].getsockname()[1], made[4].getsockname()[1]
        yield Target(os.getpid(), outside, own, *ports, str(path), str(folder))


def described(target: Target) -> str:
    """For a guest in a process of its own."""
    return json.dumps(asdict(target), default=str)


KINDS = (
    (socket.AF_UNIX, socket.SOCK_STREAM),
    (socket.AF_UNIX, socket.SOCK_STREAM),
    (socket.AF_UNIX, socket.SOCK_DGRAM),
    (socket.AF_INET, socket.SOCK_STREAM),
    (socket.AF_INET, socket.SOCK_DGRAM),
)


def attack(user: int, restrict: Callable[[Path], object], *, hidden: bool = True) -> Found:
    """What gets out of a process of a user that was restricted so, beside a worker of the same user."""
    with standing_outside(user) as target:
        return in_a_fork(lambda _: worker(user, target, restrict, hidden=hidden))


def worker(user: int, target: Target, restrict: Callable[[Path], object], *, hidden: bool) -> Found:
    """It hides its memory, holds a file open by mistake, and starts the process."""
    os.setpgid(0, 0)
    if user != os.getuid():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    prctl(SET_DUMPABLE, int(not hidden))
    os.set_inheritable(os.open(target.outside / "secret", os.O_RDONLY), True)
    signalled = target.outside / "signalled"
    signal.signal(signal.SIGURG, lambda *_: signalled.touch())
    found = in_a_fork(lambda channel: inside(replace(target, worker=os.getppid()), channel, restrict))
    return found | ({"processes": [*found["processes"], EVERYBODY]} if signalled.exists() else {})


def inside(target: Target, channel: int, restrict: Callable[[Path], object]) -> Found:
    os.setpgid(0, 0)
    close_inherited(channel)
    restrict(target.own)
    with suppress(OSError):
        os.kill(-1, signal.SIGURG)  # succeeds, whoever it reaches; whoever does not wait for it never notices
    return try_all(target)


def in_a_fork(work: Callable[[int], Found]) -> Found:
    """What `work` returns, in a process of its own, and nothing but the pipe for that open in it."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            os.write(theirs, json.dumps(work(theirs)).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as answer:
        said = answer.read()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    found: Found = json.loads(said)
    return found
