"""Ways out of a confined process, each tried for real: what raises OSError is held, whatever returns got out."""

import ctypes
import fcntl
import json
import os
import platform
import resource
import shutil
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.confinement.kernel import prctl, system_call

X86 = platform.machine() == "x86_64"


@dataclass(frozen=True, slots=True)
class Target:
    """What stands outside: a worker, its files, and where somebody listens."""

    worker: int  # its process
    outside: Path  # a folder of the same user, with the files `secret` and `export`
    own: Path
    tcp: int
    udp: int
    path: str  # of a socket, as Postgres' is
    abstract: str


def target_of(described: str, own: Path) -> Target:
    """As a test described it for a guest that has the folder `own`."""
    told = json.loads(described[described.index("{") :])
    (own / "mine").write_text("kept")
    return Target(**told | {"outside": Path(told["outside"]), "own": own})


Attack = Callable[[Target], object]


def call(x86: int, arm: int, *values: object) -> int:
    return system_call(x86 if X86 else arm, *values)


def connect(family: int, kind: int, address: object) -> None:
    with socket.socket(family, kind) as made:
        made.connect(address)  # type: ignore[arg-type]


def look_into_memory(pid: int) -> bytes:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
        return memory.read(0)


def read_memory(target: Target) -> int:
    """process_vm_readv: permission is asked before anything is read."""
    return call(310, 270, target.worker, vector(), 1, vector(), 1, 0)


def vector() -> object:
    room = ctypes.create_string_buffer(8)
    return ctypes.create_string_buffer(struct.pack("=QQ", ctypes.addressof(room), 8))


def trace(target: Target) -> None:
    call(101, 117, 0x4206, target.worker, 0, 0)  # PTRACE_SEIZE: until this process ends


def signal_by_file(target: Target) -> None:
    """A file that became ready signals whom its owner names."""
    one, other = socket.socketpair()
    with one, other:
        fcntl.fcntl(one, 8, target.worker)  # F_SETOWN


def pair_of_datagrams(target: Target) -> None:
    """A socket that was never opened, only made as one of two, connected anew."""
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, other:
        one.connect("\0" + target.abstract + ".datagrams")


def replace_by_link(target: Target) -> None:
    """The folder itself becomes a link to elsewhere, into which the worker would write."""
    aside = target.own.with_suffix(".old")
    target.own.rename(aside)
    try:
        target.own.symlink_to(target.outside)
        target.own.unlink()
    finally:
        aside.rename(target.own)


def link_out(target: Target) -> None:
    (target.own / "linked").symlink_to(target.outside)
    (target.own / "linked").unlink()


def link_in(target: Target) -> bytes:
    """The same file under a name in the own folder."""
    (target.own / "hard").hardlink_to(target.outside / "secret")
    return (target.own / "hard").read_bytes()


def make_pipe(target: Target) -> None:
    """On which the worker would wait for ever."""
    os.mkfifo(target.own / "pipe")
    (target.own / "pipe").unlink()


def execute_own(target: Target) -> None:
    """A program of its own making."""
    program = target.own / "program"
    descriptor = os.open(program, os.O_CREAT | os.O_WRONLY, 0o700)
    with open(descriptor, "wb") as file:  # noqa: PTH123
        file.write(Path("/bin/true").resolve().read_bytes())
    if os.spawnv(os.P_WAIT, str(program), ["true"]) == 127:
        raise PermissionError


def in_memory(_: Target) -> None:
    os.close(os.memfd_create("program"))


def lower(target: Target) -> None:
    os.setpriority(os.PRIO_PROCESS, target.worker, 19)


def raise_signal(target: Target) -> None:
    """rt_sigqueueinfo."""
    call(129, 138, target.worker, 0, ctypes.create_string_buffer(128))


def own_descriptors(target: Target) -> None:
    """Of a worker: open files, connections and keys would be among them."""
    list(Path(f"/proc/{target.worker}/fd").iterdir())


def take_descriptor(target: Target) -> None:
    """Of the worker, through a handle on it (pidfd_getfd)."""
    handle = call(434, 434, target.worker, 0)
    os.close(call(438, 438, handle, 0, 0))


def inherited_descriptors(target: Target) -> None:
    """Files of elsewhere, and sockets that others made, but for the one to the worker."""
    found = [(int(path.name), leads_to(path)) for path in Path("/proc/self/fd").iterdir() if int(path.name) > 2]
    files = [name for _, name in found if name.startswith(str(target.outside))]
    sockets = [number for number, name in found if name.startswith("socket:") and made_by_others(number)]
    if not files and len(sockets) <= 1:
        raise PermissionError


def leads_to(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:  # the listing's own
        return ""


def made_by_others(descriptor: int) -> bool:
    with socket.socket(fileno=os.dup(descriptor)) as one:
        maker = struct.unpack("3i", one.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        return one.family != socket.AF_UNIX or bool(one.getsockname()) or maker != os.getpid()


def new_name_space(_: Target) -> None:
    """Of users, in which it would be root."""
    pid = call(56, 220, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def secrets_in_environment(_: Target) -> None:
    if not [name for name in os.environ if name.startswith(("DATABASE", "SUPABASE", "ANTHROPIC", "SECRET"))]:
        raise PermissionError


def in_a_child(act: Callable[[], object]) -> None:
    """Raises OSError as the act does in a child, which no group or session has as its leader."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    if refused := os.waitpid(pid, 0)[1]:
        raise PermissionError(refused >> 8, "refused")


def memory_of_all(_: Target) -> None:
    call(31, 195, call(29, 194, 0x5EC2E7, 4096, 0o1600), 0, None)


def mount(target: Target) -> None:
    kind = ctypes.create_string_buffer(b"tmpfs")
    call(165, 40, kind, ctypes.create_string_buffer(bytes(target.own)), kind, 0, None)


def rights_of_own(target: Target) -> None:
    """A set-user-id program for whoever comes next."""
    (target.own / "own").write_bytes(b"")
    (target.own / "own").chmod(0o4755)


def undo_dumpable(_: Target) -> None:
    prctl(4, 1)


def outlive_worker(_: Target) -> None:
    prctl(1, 0)


ATTACKS: Mapping[str, Mapping[str, Attack]] = {
    "memory": {
        "read the worker's environment": lambda it: Path(f"/proc/{it.worker}/environ").read_bytes(),
        "read the worker's memory": lambda it: look_into_memory(it.worker),
        "list the worker's descriptors": own_descriptors,
        "follow the worker's working folder": lambda it: list(Path(f"/proc/{it.worker}/cwd/").iterdir()),
        "allow others to look into this process": undo_dumpable,
    },
    "privileges": {
        "become another user": lambda _: os.setuid(12345),
        "act as root on the clock": lambda _: time.clock_settime(time.CLOCK_REALTIME, time.time()),
        "open a file by its number": lambda _: call(304, 265, -100, ctypes.create_string_buffer(16), 0),
        "mount": mount,
        "change the root": lambda it: os.chroot(it.own),
    },
    "files": {
        "read a file of the same user": lambda it: (it.outside / "secret").read_bytes(),
        "list a folder of the same user": lambda it: list(it.outside.iterdir()),
        "read accounts": lambda _: Path("/etc/passwd").read_bytes(),
        "list processes": lambda _: list(Path("/proc").iterdir()),
        "write a file outside": lambda it: (it.outside / "new").write_text("x"),
        "write into an existing file": lambda it: (it.outside / "export").write_text("x"),
        "cut a file off": lambda it: os.truncate(it.outside / "export", 0),
        "cut a file off by opening it": lambda it: os.close(os.open(it.outside / "export", os.O_RDONLY | os.O_TRUNC)),
        "make a folder outside": lambda it: (it.outside / "folder").mkdir(),
        "remove a file outside": lambda it: (it.outside / "removable").unlink(),
        "move a file out": lambda it: shutil.move(it.own / "mine", it.outside / "mine"),
        "read a file by a way round": lambda it: Path(f"/proc/self/root{it.outside}/secret").read_bytes(),
        "write to memory that all share": lambda it: Path(f"/dev/shm/{it.own.name}").write_text("x"),
        "write to the code": lambda _: Path(__file__).open("a").close(),
        "execute what it wrote": execute_own,
        "replace its folder by a link": replace_by_link,
        "hear of others' files": lambda _: os.close(call(294, 26, 0)),
        "link to elsewhere": link_out,
        "a second name for a file": link_in,
        "a pipe with a name": make_pipe,
        "others' rights": lambda it: (it.outside / "export").chmod(0o600),
        "times of others' files": lambda it: os.utime(it.outside / "export", (0, 0)),
        "a program with its user's rights": rights_of_own,
    },
    "network": {
        "TCP": lambda it: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", it.tcp)),
        "UDP": lambda it: connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", it.udp)),
        "a socket with a path": lambda it: connect(socket.AF_UNIX, socket.SOCK_STREAM, it.path),
        "a socket with an abstract name": lambda it: connect(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + it.abstract),
        "a pair of sockets, connected anew": pair_of_datagrams,
        "the kernel's own sockets": lambda _: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0),
        "requests in a ring (io_uring)": lambda _: call(425, 425, 1, ctypes.create_string_buffer(120)),
    },
    "processes": {
        "signal the worker": lambda it: os.kill(it.worker, 0),
        "signal the worker's group": lambda it: os.killpg(os.getpgid(it.worker), 0),
        "signal with a message": raise_signal,
        "signal through a file": signal_by_file,
        "signal through a handle": lambda it: signal.pidfd_send_signal(os.pidfd_open(it.worker), 0),
        "trace the worker": trace,
        "read by a call": read_memory,
        "take a descriptor": take_descriptor,
        "limit the worker": lambda it: resource.prlimit(it.worker, resource.RLIMIT_CORE, (0, 0)),
        "slow the worker": lower,
        "move the worker to one processor": lambda it: os.sched_setaffinity(it.worker, {0}),
        "leave the session": lambda _: in_a_child(os.setsid),
        "leave the group": lambda _: in_a_child(lambda: os.setpgid(0, 0)),
        "outlive the worker": outlive_worker,
        "a name space of its own": lambda _: in_a_child(lambda: call(272, 97, 0x10000000)),
        "a process in a new name space": new_name_space,
        "memory of all of the user's": memory_of_all,
        "a key ring": lambda _: call(250, 219, 0, -3, 0, 0, 0),
        "a program in memory": in_memory,
        "programs in the kernel": lambda _: call(321, 280, 0, ctypes.create_string_buffer(128), 128),
    },
    "always": {
        "inherited descriptors": inherited_descriptors,
        "secrets in the environment": secrets_in_environment,
    },
}


def try_all(target: Target) -> dict[str, list[str]]:
    """Those that got out, by the restriction that should hold them."""
    return {kind: [name for name, act in attacks.items() if gets_out(act, target)] for kind, attacks in ATTACKS.items()}


def gets_out(act: Attack, target: Target) -> bool:
    try:
        act(target)
    except OSError:
        return False
    return True
