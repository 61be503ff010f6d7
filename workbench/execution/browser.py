"""Chromium on this machine, by which pages are printed: a program that may be there, and is not needed."""

import shutil
import subprocess
from functools import cache

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_ANSWERS_WITHIN = 20


@cache
def browser() -> str | None:
    """Where it is; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@cache
def browser_version() -> str | None:
    """What it says of itself, such as ``Chromium 131.0.6778.85``; None where there is none, or it says nothing."""
    if (program := browser()) is None:
        return None
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=_ANSWERS_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return said.stdout.strip() or None
