"""`python -m gateway.shadow.sandbox.start`: steps behind everybody else, and then imports what a comparison needs."""

import os
from contextlib import suppress
from pathlib import Path

from gateway.confinement.kernel import end_with_parent

NICENESS = 19
GROUP_NICENESS = 5  # a quarter of a core that others want: enough for the share that it gets however many jobs run


def come_last(pid: int) -> None:
    """Let a process, and its session, have the processor when nobody else wants it, where the system can."""
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
    with suppress(OSError):  # a session is a group of its own, and among groups its priority is the one that counts
        Path(f"/proc/{pid}/autogroup").write_text(str(GROUP_NICENESS))


def step_back() -> None:
    """End with the worker, and come last. What a system does not know is left out.

    In this order: who is that nice may be stopped, since it would end with the worker all the same.
    """
    come_last(os.getpid())
    with suppress(OSError):
        end_with_parent()
        os.nice(NICENESS)


if __name__ == "__main__":
    step_back()
    from gateway.shadow.sandbox.child import main

    main()
