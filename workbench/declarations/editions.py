"""``params/editions/<name>.yaml``: which studies an edition holds, and which vintages they read."""

import datetime
from pathlib import Path
from typing import Annotated

from msgspec import Meta, field

from workbench.declarations.models import Checked, Declaration, LanguageName, Read, StudyName, Unfit, Vintage, Words
from workbench.declarations.yaml_files import explained, names_in, read_yaml
from workbench.model.errors import RefusedRun, near
from workbench.model.names import DATASET, DIMENSION, EDITION, query_of
from workbench.model.paths import Project
from workbench.model.types import BY, IS


class RunLimits(Declaration):
    """What a run may use before it is stopped; a study uses a few seconds and a quarter of a gigabyte.

    Attributes
    ----------
    output_kb : float
        What its cells may print or display beside the workbench's own blocks, in a draft; the rest is cut.
    """

    seconds: Annotated[float, Meta(gt=0)] = 300
    memory_mb: Annotated[float, Meta(gt=0)] = 4096
    output_kb: Annotated[float, Meta(gt=0)] = 1000


def _several(pinned: object) -> object:
    """A vintage alone is one of one."""
    return [pinned] if isinstance(pinned, str | datetime.date) else pinned


def _check_pinned(name: str) -> None:
    dataset, *breakdown = name.split(BY, 1)
    dimensions = [axis.partition(IS)[0] for axis in breakdown]
    if not (DATASET.allow(dataset) and all(map(DIMENSION.allow, dimensions)) and not name.endswith(IS)):
        raise Unfit("DATASET, DATASET by DIMENSION, or DATASET by DIMENSION=CODE")


Orcid = Annotated[
    str,
    Meta(
        pattern=r"^https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]\Z",
        description="the address of an ORCID, such as https://orcid.org/0000-0002-1825-0097",
    ),
]


class Person(Declaration):
    """A person who wrote an edition, as they wish to be named.

    Attributes
    ----------
    orcid : str or None
        The address of their ORCID, ``https://orcid.org/0000-0002-1825-0097``.
    """

    name: Words
    orcid: Orcid | None = None

    @property
    def identifier(self) -> str:
        """Their ORCID, or a name that holds within one archive."""
        return self.orcid or "#author-" + "-".join(self.name.lower().split())


class Correction(Declaration):
    """What was corrected after an edition was published, and why.

    Attributes
    ----------
    date : datetime.date
        When.
    studies : tuple of str
        The studies that it bears on; all, where none is named.
    text : dict
        Language to what readers are told.
    """

    date: datetime.date
    studies: tuple[StudyName, ...] = ()
    text: dict[LanguageName, Words]

    def bears_on(self, study: str) -> bool:
        return not self.studies or study in self.studies

    def told_in(self, language: str) -> str:
        """The text in a language; in another, where the edition has not this one."""
        return self.text.get(language) or next(iter(self.text.values()))


class Edition(Declaration):
    """The studies of one reference year, or each of the newest that it has, for one or more countries, in one or more
    languages.

    Attributes
    ----------
    name : str
        ``2022``; or ``latest``, for which the year is found by study and country.
    title : str
        The edition's name; the EMN has renamed its yearly product over the years.
    released : datetime.date
        The date printed on the edition; never the clock's, for the same inputs give the same bytes.
    vintages : dict
        Dataset to the vintage that every study of the edition reads, and every study of its year that is run on its own; or
        to several, of which a country's study reads the one that is fullest for it.
    limits : RunLimits
        What each of its runs may use.
    authors : tuple of Person
        Who wrote it, if persons are to be named; the archive does so.
    corrections : tuple of Correction
        What was corrected since it was released, in their order: pages say so, and the archive that holds a correction first
        names it as why it replaces the one before.
    """

    name: str
    title: str
    publisher: str
    licence: str
    released: datetime.date
    countries: Annotated[tuple[str, ...], Meta(min_length=1)]
    languages: Annotated[tuple[LanguageName, ...], Meta(min_length=1)]
    studies: Annotated[tuple[StudyName, ...], Meta(min_length=1)]
    vintages: dict[
        Annotated[str, Checked(_check_pinned)], Annotated[tuple[Vintage, ...], Read(_several), Meta(min_length=1)]
    ] = {}
    limits: RunLimits = field(default_factory=RunLimits)
    authors: tuple[Person, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def modified(self) -> datetime.date:
        """When it was published or last corrected."""
        return max([self.released, *(correction.date for correction in self.corrections)])

    @property
    def year(self) -> int | None:
        """The reference year of all its studies, if they have one."""
        return int(self.name) if self.name.isdecimal() else None


EditionName = str | int
"""The name of an edition; a year may be a number."""


def declared_editions(project: Project) -> list[str]:
    """The names of all editions, sorted."""
    return names_in(project.params / "editions", EDITION)


def edition_file(project: Project, name: EditionName) -> Path:
    """Where an edition is declared.

    Raises
    ------
    InvalidName
        If the name is not valid for an edition.
    """
    if query := query_of(str(name)):
        return project.queries / f"{query}.yaml"
    return project.params / "editions" / f"{EDITION.checked(str(name))}.yaml"


def read_edition(project: Project, name: EditionName) -> Edition:
    """Read the declaration of an edition.

    Raises
    ------
    RefusedRun
        If there is none of that name, naming the nearest.
    InvalidName
        If the name, or that of a file in the folder, is not valid for an edition.
    """
    if query_of(str(name)):
        # Imported here and not above: it imports what an edition declares.
        from workbench.declarations.queries import edition_of, read_query_in

        return edition_of(project, read_query_in(project, str(name)))
    folder = project.params / "editions"
    declared = declared_editions(project)
    if EDITION.checked(str(name), known=declared) not in declared:
        raise RefusedRun(
            f"there is no edition {name}",
            where=str(folder.relative_to(project.root)),
            expected=near(str(name), declared),
            hint=f"write {name}.yaml after the example of another",
        )
    path = edition_file(project, name)
    edition = read_yaml(path, Edition, name=str(name))
    for place, correction in enumerate(edition.corrections):
        if expected := _what_a_correction_lacks(edition, correction):
            raise explained(Unfit(expected, str(correction.text), ("corrections", str(place))), path)
    return edition


def _what_a_correction_lacks(edition: Edition, correction: Correction) -> str | None:
    if lacking := set(edition.languages) - set(correction.text):
        return f"each correction in {', '.join(sorted(lacking))}, too"
    if others := set(correction.studies) - set(edition.studies):
        return f"corrections of studies of the edition, not {', '.join(sorted(others))}"
    if correction.date < edition.released:
        return f"corrections after {edition.released}, when it was released"
    return None


def studies_of(project: Project, name: EditionName) -> list[str]:
    """The studies of an edition or, where none of that name is declared, all studies."""
    if edition_file(project, name).is_file():
        return list(read_edition(project, name).studies)
    notebooks = sorted(notebook.stem for notebook in project.notebooks.glob("*.ipynb"))
    return [study for study in notebooks if project.sidecar(study).is_file()]


def run_limits(project: Project, name: EditionName) -> RunLimits:
    """What a run of an edition may use."""
    return read_edition(project, name).limits if edition_file(project, name).is_file() else RunLimits()


def pinned_vintages(project: Project, name: EditionName) -> dict[str, tuple[str, ...]]:
    """The vintages that an edition pins; empty where none of that name is declared."""
    if not edition_file(project, name).is_file():
        return {}
    return dict(read_edition(project, name).vintages)
