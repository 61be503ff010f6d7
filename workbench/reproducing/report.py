"""What became of an archive, as lines for a terminal and as JSON for a program."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from workbench.model.counted import counted
from workbench.reproducing.differences import TOLERANCE, Difference
from workbench.reproducing.reproduce import CLOSE, FAILED, ReproducedRun, Reproduction

_MOST_SHOWN = 5
_LONGEST_TEXT = 160


def lines(made: Reproduction) -> Iterator[str]:
    """A line for each run, below it one for each file that differs, and the first of what differs in it."""
    if made.other_code:
        yield f"made by the archive's own code ({made.other_code}), which is not the one installed here"
    for change in made.environment:
        yield f"warning: {change.name} is {change.here} here, and was {change.archived}"
    if made.environment:
        yield f"so numbers are compared to a relative {TOLERANCE:g}, and other differences are told but excused"
    studies = max(len(one.run.study) for one in made.runs)
    for one in made.runs:
        yield f"{one.run.study:{studies}}  {one.run.country}  {_said(one)}"
        yield from _details(one)
    yield _sum(made)


def _said(one: ReproducedRun) -> str:
    if one.state == FAILED:
        return "was not made"
    differing = sum(map(bool, one.files.values()))
    compared = f"{counted(len(one.files), 'file')}: "
    if not differing:
        return compared + "the same bytes"
    close = ", and all numbers are close" if one.state == CLOSE else ""
    return compared + f"{differing} {'differs' if differing == 1 else 'differ'}{close}"


def _details(one: ReproducedRun) -> Iterator[str]:
    yield from (f"  {line}" for line in (one.failure or "").splitlines())
    yield from (f"  {name}: not compared: {reason}" for name, reason in one.skipped.items())
    for name, found in one.files.items():
        if found:
            counted = Counter(difference.kind for difference in found)
            yield f"  {name}: {', '.join(f'{kind} {times}×' for kind, times in counted.items())}"
            yield from (f"    {_line(difference)}" for difference in found[:_MOST_SHOWN])
            if (more := len(found) - _MOST_SHOWN) > 0:
                yield f"    and {more} more"


def _line(difference: Difference) -> str:
    what = f"{difference.kind}: {difference.where}"
    if not difference.archived and not difference.now:
        return what
    return f"{what}: {_short(difference.archived)} → {_short(difference.now)}"


def _short(text: str) -> str:
    shown = text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
    return shown or "nothing"


def _sum(made: Reproduction) -> str:
    states = Counter(one.state for one in made.runs)
    return f"{made.archive}: {counted(len(made.runs), 'run')} made again: {', '.join(f'{n} {name}' for name, n in states.items())}"


def as_json(made: Reproduction) -> str:
    """All that is known, with every difference."""
    runs = [
        {
            "study": one.run.study,
            "country": one.run.country,
            "year": one.run.year,
            "state": one.state,
            "failure": one.failure,
            "files": {name: [asdict(difference) for difference in found] for name, found in one.files.items()},
            "not_compared": one.skipped,
        }
        for one in made.runs
    ]
    said = {
        "archive": made.archive,
        "is_reproduced": made.is_reproduced,
        "other_code": made.other_code,
        "environment": [asdict(change) for change in made.environment],
        "tolerance": TOLERANCE if made.environment else 0,
        "runs": runs,
    }
    return json.dumps(said, indent=1, ensure_ascii=False)
