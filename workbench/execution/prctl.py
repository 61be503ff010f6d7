"""What a process asks of Linux: to be given the orphans among its descendants, and to end with its parent.

It stands apart from what ends processes, whose libraries a command that starts none does without.
"""

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own, on Linux, so that none escapes.

    Neither another session nor a double fork lets it escape. Elsewhere the system gives orphans to its first process.
    """
    _ask(_PR_SET_CHILD_SUBREAPER, 1)


def end_with_parent() -> None:
    """Have the system ask this process to end when its parent has ended, on Linux."""
    _ask(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _ask(wish: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(wish, value, 0, 0, 0)
