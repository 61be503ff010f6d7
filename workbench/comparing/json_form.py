"""A comparison as JSON, for programs."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbench.comparing.changes import RUNS, NumberChange, StudyChanges
from workbench.comparing.comparison import Comparison
from workbench.comparing.parts import DATA, METHOD, PERIOD
from workbench.comparing.ranking import kind_of
from workbench.comparing.side import Side
from workbench.model.encoding import row_of
from workbench.model.types import RESULT_COLUMNS, Result

_PARTS = (DATA, METHOD, PERIOD)


def as_json(found: Comparison, folder: Path) -> dict[str, Any]:
    """The comparison for programs."""
    return {
        "accepted": True,
        "is_same": found.is_same,
        "report": str(folder),
        "before": _side(found.before),
        "after": _side(found.after),
        "replaces": found.is_replacement,
        "corrections": [{"date": day, "text": said} for day, said in found.corrections],
        "studies": [_study(one) for one in found.studies],
        "inputs": [{"kind": one.kind, "name": one.name, "state": one.state} for one in found.inputs],
        "crossed_runs": found.crossed,
        "other_packages": [asdict(one) for one in found.packages],
    }


def _side(side: Side) -> dict[str, Any]:
    return {"archive": side.archive, "edition": side.edition, "revision": side.revision, "code": side.version["sha256"]}


def _study(study: StudyChanges) -> dict[str, Any]:
    return {
        "study": study.either.study,
        "country": study.either.country,
        "years": [one and one.year for one in (study.before, study.after)],
        "is_same": study.is_same,
        "same_numbers": study.same,
        "changed_method": study.method,
        "changed_data": study.data,
        "not_run": [{"run": RUNS[corner], "because": reason} for corner, reason in study.failures],
        "numbers": [_number(one) for one in study.numbers],
        "new_year": [
            {
                "now": _result(one.now),
                "year_before": _result(one.year_before),
                "told_then": _result(one.told_then),
                "is_revised": one.is_revised,
            }
            for one in study.years
        ],
        "texts": {
            language: [{"kind": one.kind, "words": one.words} for one in changes]
            for language, changes in study.texts.items()
        },
        "figures": {language: [asdict(one) for one in changes] for language, changes in study.figures.items()},
    }


def _number(change: NumberChange) -> dict[str, Any]:
    return {
        "kind": kind_of(change),
        "is_key_finding": change.is_headline,
        "before": _result(change.pair.before),
        "after": _result(change.pair.after),
        "difference": change.difference,
        "parts": change.parts and {part: change.parts.of(part) for part in _PARTS},
        "orders": change.orders,
        "causes": change.causes,
    }


def _result(result: Result | None) -> dict[str, Any] | None:
    return dict(zip(RESULT_COLUMNS, row_of(result))) if result else None
