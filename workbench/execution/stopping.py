"""How a command is stopped: the first Ctrl-C or SIGTERM asks it to end; the second ends it, as does a time limit."""

import contextlib
import os
import signal
import sys
import time
from typing import NoReturn

from workbench.execution.prctl import adopt_orphans

STOPPED = 130
"""The exit code of a command that was stopped, as in a shell."""

_ENDS_WITHIN = 5
_SAME_KEY = 0.5
"""Seconds in which a second signal counts as a key held down: the command then ends when they have passed."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_first_signal_at: float | None = None


def heed_signals() -> None:
    """Have the first signal raise `KeyboardInterrupt`, whatever this process is doing, and let no descendant escape."""
    adopt_orphans()
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _ask)


def is_stopping() -> bool:
    """Whether a signal has come. Then any error comes from it: an import turns an interrupt into other errors."""
    return _first_signal_at is not None


def leave() -> NoReturn:
    """End all descendants of this process, and this process, without waiting for anything."""
    try:
        _end_family()
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        os._exit(STOPPED)


def _ask(*_: object) -> NoReturn:
    global _first_signal_at
    _first_signal_at = time.monotonic()
    for number in _SIGNALS:
        signal.signal(number, _insist)
    _end_after(_ENDS_WITHIN)  # should something swallow the interrupt or take long to end
    raise KeyboardInterrupt


def _insist(*_: object) -> None:
    passed = time.monotonic() - (_first_signal_at or 0)
    if passed < _SAME_KEY:
        _end_after(_SAME_KEY - passed)
    else:
        _end()


def _end_after(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _end)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _end(*_: object) -> NoReturn:
    try:
        _end_family()
        os.write(2, b"stopped at once\n")
    finally:
        os._exit(STOPPED)


def _end_family() -> None:
    # Imported here and not above: a command that is not stopped, and starts no process, does without its libraries.
    from workbench.execution.processes import end_own_family

    end_own_family()
