"""``params/editions/<year>.yaml``: which studies an edition holds, and which vintages they read."""

import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from workbench.declarations.yaml_files import Declaration, LanguageName, StudyName, Vintage, names_in, read_yaml
from workbench.model.errors import RefusedRun, near
from workbench.model.names import DATASET, DIMENSION, EDITION
from workbench.model.paths import Project
from workbench.model.types import BY


class RunLimits(Declaration):
    """What a run may use before it is stopped; a study uses a few seconds and a quarter of a gigabyte.

    Attributes
    ----------
    output_kb : float
        What its cells may print or display beside the workbench's own blocks, in a draft; the rest is cut.
    """

    seconds: float = Field(default=300, gt=0)
    memory_mb: float = Field(default=4096, gt=0)
    output_kb: float = Field(default=1000, gt=0)


def _several(pinned: object) -> object:
    """A vintage alone is one of one."""
    return [pinned] if isinstance(pinned, str | datetime.date) else pinned


def _pinned(name: str) -> str:
    dataset, *dimension = name.split(BY, 1)
    if not (DATASET.allow(dataset) and all(map(DIMENSION.allow, dimension))):
        raise PydanticCustomError("pinned", "DATASET, or DATASET by DIMENSION")
    return name


class Edition(Declaration):
    """The studies of one reference year, for one or more countries, in one or more languages.

    Attributes
    ----------
    title : str
        The edition's name; the EMN has renamed its yearly product over the years.
    released : datetime.date
        The date printed on the edition; never the clock's, for the same inputs give the same bytes.
    vintages : dict
        Dataset to the vintage that every study of this reference year reads, in the edition or on its own; or to several,
        of which a country's study reads the one that is fullest for it.
    limits : RunLimits
        What each of its runs may use.
    """

    year: int
    title: str
    publisher: str
    licence: str
    released: datetime.date
    countries: tuple[str, ...] = Field(min_length=1)
    languages: tuple[LanguageName, ...] = Field(min_length=1)
    studies: tuple[StudyName, ...] = Field(min_length=1)
    vintages: dict[
        Annotated[str, AfterValidator(_pinned)],
        Annotated[tuple[Vintage, ...], BeforeValidator(_several), Field(min_length=1)],
    ] = {}
    limits: RunLimits = RunLimits()


def edition_file(project: Project, year: int) -> Path:
    """Where the edition of a reference year is declared.

    Raises
    ------
    InvalidName
        If the year is not valid for an edition.
    """
    return project.params / "editions" / f"{EDITION.checked(str(year))}.yaml"


def read_edition(project: Project, year: int) -> Edition:
    """Read the declaration of the edition of a reference year.

    Raises
    ------
    RefusedRun
        If that year has none, naming the nearest.
    InvalidName
        If the year, or the name of a file in the folder, is not valid for an edition.
    """
    path = edition_file(project, year)
    declared = names_in(path.parent, EDITION)
    if str(year) not in declared:
        raise RefusedRun(
            f"there is no edition {year}",
            where=str(path.parent.relative_to(project.root)),
            expected=near(str(year), declared),
            hint=f"write {path.name} after the example of another",
        )
    return read_yaml(path, Edition, year=year)


def studies_of(project: Project, year: int) -> list[str]:
    """The studies of a reference year: those of its edition or, without an edition, all studies."""
    if edition_file(project, year).is_file():
        return list(read_edition(project, year).studies)
    notebooks = sorted(notebook.stem for notebook in project.notebooks.glob("*.ipynb"))
    return [name for name in notebooks if project.sidecar(name).is_file()]


def run_limits(project: Project, year: int) -> RunLimits:
    """What a run of a reference year may use."""
    return read_edition(project, year).limits if edition_file(project, year).is_file() else RunLimits()


def pinned_vintages(project: Project, year: int) -> dict[str, tuple[str, ...]]:
    """The vintages that the edition of a reference year pins; empty without an edition."""
    if not edition_file(project, year).is_file():
        return {}
    return dict(read_edition(project, year).vintages)
