"""Attacks from inside, as root and as the image's user, on this kernel and as on older ones: each held, or named."""

import os

import pytest

from gateway.confinement import landlock
from gateway.confinement.confine import Bounds, confine, restrict_access
from tests.gateway.confinement.attacks import ATTACKS
from tests.gateway.confinement.scene import Found, attack

IMAGE_USER = 10001  # of the Dockerfile
NONE: Found = {kind: [] for kind in ATTACKS}


def as_user(user: int) -> int:
    if user != os.getuid() and os.getuid() != 0:
        pytest.skip(f"only root can become user {user}")
    return user


users = pytest.mark.parametrize("user", [0, IMAGE_USER])


@users
def test_nothing_gets_out(user: int) -> None:
    assert attack(as_user(user), lambda own: confine(Bounds.of(own))) == NONE


@users
@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_nor_does_it_on_an_older_kernel(user: int, level: int) -> None:
    """Linux 5.13 to 6.11: what its Landlock does not see, the filter of calls refuses."""
    if level > landlock.version():
        pytest.skip("this kernel is older still")
    assert attack(as_user(user), lambda own: confine(Bounds(own, level=level))) == NONE


@users
def test_without_landlock_only_files_are_open(user: int) -> None:
    found = attack(as_user(user), lambda own: confine(Bounds(own, level=0)))
    assert {"read a file of the same user", "write a file outside"} <= set(found.pop("files"))
    assert set(found.pop("memory")) <= {"list the worker's descriptors"}  # their numbers: what they are is hidden
    assert set(map(len, found.values())) == {0}


@users
def test_without_the_filter_of_calls_memory_and_contents_of_files_are_closed(user: int) -> None:
    found = attack(as_user(user), lambda own: restrict_access(Bounds.of(own)))
    assert {"UDP", "a socket with a path"} <= set(found.pop("network"))
    assert {"leave the group", "limit the worker"} <= set(found.pop("processes"))
    assert set(found.pop("files")) == {
        "hear of others' files", "others' rights", "times of others' files", "a program with its user's rights",
    }  # fmt: skip
    assert found.pop("memory") == ["allow others to look into this process"]
    assert set(map(len, found.values())) == {0}


@users
def test_a_run_that_may_open_connections_reaches_ports_and_no_sockets_of_this_machine(user: int) -> None:
    found = attack(as_user(user), lambda own: confine(Bounds.of(own, network=True)))
    assert found == NONE | {"network": ["TCP", "UDP"]}


def test_a_process_that_is_not_confined_gets_out_nearly_everywhere() -> None:
    """So the attacks are real. What none of a user's processes may do, they try for the case that they are root's. What
    the kernel refuses once in a while, as a busy one does, is not held."""
    rounds = [attack(as_user(IMAGE_USER), lambda _: None, hidden=False) for _ in range(3)]
    never = {"privileges", "always"}
    held = {
        name
        for kind in ATTACKS.keys() - never
        for name in ATTACKS[kind]
        if not any(name in found[kind] for found in rounds)
    }
    assert held <= {
        "signal with a message",
        "programs in the kernel",
        "write to the code",
        "write to memory that all share",
    }
    assert [found["always"] for found in rounds] == [[], [], []]
