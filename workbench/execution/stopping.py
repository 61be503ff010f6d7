"""How a command is stopped: the first Ctrl-C, or SIGTERM, asks it to end; the second ends it, and so does the clock."""

import contextlib
import os
import signal
import sys
import time
from typing import NoReturn

from workbench.execution.processes import adopt_orphans, end_own_family

STOPPED = 130
"""The exit code of a command that was stopped, as a shell has it."""

_ENDS_WITHIN = 5
_SAME_KEY = 0.5
"""Seconds in which a second signal is taken for a key held down: the end is on its way, and comes then at the latest."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_asked_at: float | None = None


def heed_signals() -> None:
    """Have the first signal raise `KeyboardInterrupt`, wherever this process is; have nothing below it get out of sight."""
    adopt_orphans()
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _ask)


def is_asked() -> bool:
    """Whether a signal has come: then whatever is raised is of that, for imports make other errors of an interrupt."""
    return _asked_at is not None


def leave() -> NoReturn:
    """End all that this process has started, and this process, without waiting for anything."""
    end_own_family()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(STOPPED)


def _ask(*_) -> NoReturn:
    global _asked_at
    _asked_at = time.monotonic()
    for number in _SIGNALS:
        signal.signal(number, _insist)
    _end_after(_ENDS_WITHIN)  # whatever it is that does not let the interrupt through, or takes long to end
    raise KeyboardInterrupt


def _insist(*_) -> None:
    passed = time.monotonic() - _asked_at
    if passed < _SAME_KEY:
        _end_after(_SAME_KEY - passed)
    else:
        _end()


def _end_after(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _end)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _end(*_) -> NoReturn:
    end_own_family()
    os.write(2, b"stopped at once\n")
    os._exit(STOPPED)
