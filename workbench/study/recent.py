"""Figures of a year before the reference year: while they are recent they still say something of it, and later nothing."""

from workbench.model.types import Result
from workbench.study.study import Study

RECENT_YEARS = 2
"""So many years back a figure that is not renewed is still shown, under its own year."""


def newest_if_recent(study: Study, indicator: str) -> Result | None:
    """The newest number of a count for the study's country; None where it is older than `RECENT_YEARS`, or there is none.

    Nothing is read for the study that it does not show: what is too old stands neither among its numbers nor its sources.
    """
    newest = study.newest(indicator)
    if "vintage" not in newest or int(newest["time"]) < study.year - RECENT_YEARS:
        return None
    tried = study.tried(indicator, time=[newest["time"]], dataset={newest["dataset"]: newest["vintage"]}).one()
    return study.one(indicator, time=newest["time"]) if tried.is_available else None
