"""A new study: notebook, sidecar and test that run at once, and its name in an edition.

All that it says is translated already, but its title and summary. Whoever writes the study replaces it cell by cell.
"""

import re
from pathlib import Path

from workbench.declarations.editions import edition_file, read_edition
from workbench.declarations.new_notebooks import CODE, MARKDOWN, new_notebook
from workbench.declarations.yaml_files import names_in
from workbench.model.errors import InvalidDeclaration
from workbench.model.names import STUDY
from workbench.model.new_files import make_files
from workbench.model.paths import Project

_SIDECAR = """\
title: {title}
topic: asylum
summary: What this study is about, in one sentence.
parameters:
  country: {{type: country, default: LT}}
  year: {{type: year, default: 2022, minimum: 2008, maximum: 2024}}
  language: {{type: language, default: en}}
# The counts without which a year says too little.
headline: {{asylum_applicants: {{}}}}
# What the notebook reads. Without the codes that are required, a run is refused.
datasets:
  migr_asyappctza:
    required: {{applicant: TOTAL}}
  demo_gind:
    required: {{indic_de: JAN}}
"""


_CELLS = (
    ("parameters", CODE, 'country = "LT"\nyear = 2022\nlanguage = "en"'),
    (
        "open",
        CODE,
        """\
from workbench.study import Finding, Lines, Place, Study

study = Study.open("{name}", country=country, year=year, language=language)
say = study.say""",
    ),
    ("key-findings-heading", MARKDOWN, "## Key findings"),
    (
        "numbers",
        CODE,
        """\
# study.find("minors") searches the indicators and datasets, study.codes("citizen", "Belarus") the codes.
over_years = study.results("asylum_applicants", time=study.years)
applicants = study.one("asylum_applicants")
minors = study.one("applicants_minor_share_pct")""",
    ),
    (
        "key-findings",
        CODE,
        """\
study.findings(
    Finding(
        say("In {{year}}, {{number}} persons applied for asylum in {{country:locative}}.", number=applicants),
        applicants,
        over_years,
    ),
    Finding(
        say("Of the applicants of known age, {{minors}} were under eighteen.", minors=minors),
        minors,
        study.results("applicants_minor_share_pct", time=study.years),
    ),
)""",
    ),
    ("over-the-years-heading", MARKDOWN, "## Over the years"),
    (
        "rates",
        CODE,
        """\
# workbench explore … --cell writes such cells. What seaborn or statsmodels make: docs/how-to/own-figure.md.
rates = study.results("asylum_applicants_per_million", geo=[study.country, study.eu27], time=study.years)
rate, rate_eu = study.results("asylum_applicants_per_million", geo=[study.country, study.eu27])""",
    ),
    (
        "rates-by-year",
        CODE,
        """\
study.figure(
    "rates-by-year",
    Lines(rates, by="geo"),
    title=say(
        "In {{year}}, there were {{per_million}} applicants per million inhabitants in {{country:locative}}, and {{low}} in "
        "{{there:locative}}",
        per_million=rate,
        low=rate_eu,
        there=Place("geo", study.eu27),
    ),
    subtitle=say("Asylum applicants per million inhabitants, to {{year}}"),
)""",
    ),
    (
        "applicants-by-year",
        CODE,
        """\
study.table(
    "applicants-by-year",
    over_years,
    rows="time",
    columns="indicator",
    title=say("Asylum applicants, persons, by year, {{country}}"),
)""",
    ),
    ("comparability-heading", MARKDOWN, "## Comparability"),
    ("comparability", CODE, "study.comparability()"),
    ("definitions-heading", MARKDOWN, "## Definitions"),
    ("definitions", CODE, "study.definitions()"),
    ("sources-heading", MARKDOWN, "## Sources"),
    ("sources", CODE, "study.sources()"),
    ("provenance-heading", MARKDOWN, "## Provenance"),
    ("provenance", CODE, "study.provenance()"),
)

_TEST = '''\
"""What the study {name} says of a year, and that it says it of any country."""

import pytest

from notebook_code import executed

STUDY = "{name}"


@pytest.mark.parametrize(("country", "year"), [("LT", 2022), ("LV", 2021)])
def test_it_states_the_applicants_of_the_year(country, year):
    run = executed(STUDY, country, year)
    applicants = run.names["applicants"]
    assert (applicants.geo, applicants.time) == (country, str(year)) and applicants.is_available
    assert len(run.findings()) == 2 and run.record.findings[0].results == (applicants,)
    assert {{"figure-rates-by-year", "table-applicants-by-year"}} == set(run.exhibits())
'''


def make_study(project: Project, name: str, edition: str) -> list[Path]:
    """Make notebook, sidecar and test of a study, and name it in an edition.

    Returns
    -------
    list of Path
        The files written: the three new ones, then the edition.

    Raises
    ------
    InvalidName
        If the name is not valid for a study.
    WorkbenchError
        If one of the files is there already.
    InvalidDeclaration
        If there is no such edition, or its studies are not one on each line.
    """
    STUDY.checked(name, known=names_in(project.params / "studies", STUDY))
    read_edition(project, edition)
    path = edition_file(project, edition)
    new = {
        project.notebook(name): _notebook(name),
        project.sidecar(name): _SIDECAR.format(title=_title(name)),
        project.root / "tests" / "notebooks" / f"test_{name}.py": _TEST.format(name=name),
    }
    return make_files(project, new, {path: _with_study(path, name)})


def _title(name: str) -> str:
    """``children_seeking_asylum`` is Children seeking asylum, until somebody finds a better title."""
    return name.replace("_", " ").strip().capitalize()


def _notebook(name: str) -> str:
    return new_notebook((identifier, kind, source.format(name=name)) for identifier, kind, source in _CELLS)


def _with_study(edition: Path, name: str) -> str:
    """The declaration of an edition with one more study, below the last; its comments and order stay."""
    text = edition.read_text(encoding="utf-8")
    listed = re.search(r"^studies:\n(?:  - .+\n)+", text, re.MULTILINE)
    if listed is None:
        raise InvalidDeclaration(
            "the studies of the edition are not listed one on each line",
            where=edition.name,
            expected="a line `studies:`, and below it a line for each, such as `  - visas`",
            unchanged="all files: nothing was written",
            hint="list them so, and say it again",
        )
    return f"{text[: listed.end()]}  - {name}\n{text[listed.end() :]}"
