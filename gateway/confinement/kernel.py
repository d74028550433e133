"""Calls of the Linux kernel for which Python has no function. Elsewhere, each of them fails with ENOSYS."""

import ctypes
import errno
import os
import signal
import sys
from contextlib import suppress
from functools import cache
from typing import Any

SET_PARENT_DEATH_SIGNAL, SET_DUMPABLE, DROP_BOUNDING, NO_NEW_PRIVILEGES, AMBIENT = 1, 4, 24, 38, 47
CLEAR_ALL_AMBIENT = 4
CAPABILITY_VERSION = 0x20080522
NOTHING = (ctypes.c_ulong(0),) * 3


def prctl(option: int, *values: Any) -> None:
    """Change something about this process. Raises OSError."""
    padded = [*values, 0, 0, 0, 0][:4]
    check(library().prctl(option, *(ctypes.c_ulong(v) if isinstance(v, int) else v for v in padded)))


def system_call(number: int, *values: Any) -> int:
    """Call the kernel by number; integers are passed as long. Raises OSError."""
    return check(library().syscall(ctypes.c_long(number), *(as_argument(value) for value in values)))


def as_argument(value: Any) -> Any:
    return ctypes.c_long(value) if isinstance(value, int) else value


@cache
def library() -> ctypes.CDLL:
    """The C library. Raises OSError where the kernel is another one."""
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "not Linux")
    return ctypes.CDLL(None, use_errno=True)


def check(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def forbid_new_privileges() -> None:
    """Whatever is executed from here on gives no rights, as a set-user-id program would. Raises OSError."""
    prctl(NO_NEW_PRIVILEGES, 1)


def drop_capabilities() -> None:
    """Keep none, and none to be had again: root's process is from here on one of any user who owns its files.

    Raises OSError.
    """
    with suppress(OSError):  # of others than root
        os.setgroups([])
    call = library().prctl
    for capability in range(64):
        if call(DROP_BOUNDING, ctypes.c_ulong(capability), *NOTHING):
            break  # past the last one, or nobody's to drop
    with suppress(OSError):
        prctl(AMBIENT, CLEAR_ALL_AMBIENT)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    check(library().capset(header, (ctypes.c_uint32 * 6)()))


def hide_memory() -> None:
    """No other process of this user may read this one's memory, environment or descriptors, or trace it; no dump is
    written of it. Raises OSError."""
    prctl(SET_DUMPABLE, 0)


def end_with_parent() -> None:
    """Be killed when the one who started this process ends, however that ends. Raises OSError."""
    prctl(SET_PARENT_DEATH_SIGNAL, int(signal.SIGKILL))
