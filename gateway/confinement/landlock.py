"""Landlock: from here on this process, and all that it starts, reaches only the files that are named.

It needs no privilege and Linux 5.13; newer ones can do more (the kernel's "ABI"): keep what is not named from being
truncated (3), TCP (4), devices (5), abstract sockets and signals (6).
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from gateway.confinement.kernel import system_call

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on all architectures
ASK_VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = 1, 2, 4, 8, 16, 32
MAKE_DIR, MAKE_REG, REFER, TRUNCATE = 1 << 7, 1 << 8, 1 << 13, 1 << 14
KNOWN_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights over files each has, from the lowest bit on
TCP = 0b11  # bind and connect
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
TCP_SINCE, SCOPES_SINCE, TRUNCATE_SINCE = 4, 6, 3
READ = READ_FILE | READ_DIR | EXECUTE
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE  # the rights that a rule for a single file may give
# No links, pipes, sockets or devices: what the worker finds in the folder is a file or a folder of that folder.
OWN = READ_FILE | READ_DIR | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE


def version() -> int:
    """What this kernel can do; 0 where it has no Landlock."""
    try:
        return system_call(CREATE_RULESET, None, 0, ASK_VERSION)
    except OSError:
        return 0


def restrict(own: Path, readable: Iterable[Path], written: Iterable[Path], *, network: bool, level: int) -> None:
    """Keep this process to `own`, to reading `readable`, and to the single files `written`. Raises OSError.

    `level` is the version to use, at most that of the kernel; `network`: TCP and other processes' sockets stay open.
    """
    known = (1 << KNOWN_BY_VERSION.get(level, 16)) - 1
    values = [known]
    if level >= TCP_SINCE:
        values.append(0 if network else TCP)
    if level >= SCOPES_SINCE:
        values.append(ABSTRACT_SOCKETS_AND_SIGNALS)
    attributes = struct.pack(f"={len(values)}Q", *values)
    rules = system_call(CREATE_RULESET, ctypes.c_char_p(attributes), len(attributes), 0)
    try:
        allow(rules, own, OWN & known)
        for path in readable:
            with suppress(FileNotFoundError, PermissionError):
                allow(rules, path, READ & known)
        for path in written:
            with suppress(FileNotFoundError, PermissionError):
                allow(rules, path, (READ_FILE | WRITE_FILE | TRUNCATE) & known)
        system_call(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def allow(rules: int, path: Path, rights: int) -> None:
    """A rule for a file, or a folder and all that is in it."""
    at = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        given = rights if path.is_dir() else rights & OF_FILES
        rule = struct.pack("=Qi", given, at)
        system_call(ADD_RULE, rules, PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(at)
