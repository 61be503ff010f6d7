"""The runs of the edition ``latest``: each study of each country, of the newest year that there is.

To find the years, data are read. They are noted beside the run log, so that an edition that is up to date is known to be so
without that.
"""

import json
from pathlib import Path

from workbench.declarations.editions import Edition
from workbench.declarations.studies import read_sidecar
from workbench.execution.fingerprint import Fingerprints
from workbench.execution.run_log import RunLog
from workbench.model.errors import RefusedRun
from workbench.model.paths import Project, write_whole
from workbench.model.types import Run

Years = dict[str, int | None]
"""Study to its newest year; None where the country has none."""


def newest_runs(project: Project, edition: Edition, digests: Fingerprints) -> list[Run]:
    """The runs of the edition, without parameters and vintages; a study is left out where a country has no year of it.

    Raises
    ------
    RefusedRun
        If no country has a year of any study, or if the sidecar of a study does not say what its year must have.
    """
    years = _of_each_country(project, edition, digests)
    runs = [
        Run(study, country, year, edition=edition.name)
        for country, of_country in years.items()
        for study, year in of_country.items()
        if year
    ]
    if not runs:
        raise RefusedRun(
            f"there is no year to render for the edition {edition.name}",
            expected="a year with data for one of its studies",
            found=f"none for {', '.join(edition.countries)}",
            unchanged="nothing was run and nothing was written",
            hint="give a country that reports: workbench edition latest --country LT",
        )
    return runs


def left_out(project: Project, edition: Edition) -> list[str]:
    """Which studies the edition leaves out, and for which country: a line for each; none but in ``latest``."""
    if edition.year:
        return []
    years = _of_each_country(project, edition, Fingerprints(project))
    return [
        f"{study} {country} is left out: the snapshots have no whole year of it"
        for country, of_country in years.items()
        for study, year in of_country.items()
        if not year
    ]


def note_newest_years(project: Project, edition: Edition) -> None:
    """Note the years that were found, for the next time."""
    digests = Fingerprints(project)
    for country, years in _of_each_country(project, edition, digests).items():
        noted = {"of": digests.of_newest_years(edition.studies), "years": years}
        write_whole(_path(project, edition, country), json.dumps(noted, indent=1) + "\n")


def _of_each_country(project: Project, edition: Edition, digests: Fingerprints) -> dict[str, Years]:
    of = digests.of_newest_years(edition.studies)
    return {
        country: _noted(_path(project, edition, country), of) or _found(project, edition, country)
        for country in edition.countries
    }


def _noted(path: Path, of: str) -> Years | None:
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
        return noted["years"] if noted["of"] == of else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _found(project: Project, edition: Edition, country: str) -> Years:
    # Imported here and not above: it imports all that reads data.
    from workbench.resolving.newest_year import newest_year

    return {study: newest_year(project, read_sidecar(project, study), country) for study in edition.studies}


def _path(project: Project, edition: Edition, country: str) -> Path:
    return RunLog(project).folder / "years" / edition.name / f"{country}.json"
