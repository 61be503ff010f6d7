"""``params/editions/<year>.yaml``: which studies an edition holds, and which vintages they read."""

import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from workbench.declarations.yaml_files import Declaration, LanguageName, StudyName, Vintage, names_in, read_yaml
from workbench.model.errors import RefusedRun, near
from workbench.model.names import DATASET, DIMENSION, EDITION
from workbench.model.paths import Project
from workbench.model.types import BY


class RunLimits(Declaration):
    """What a run may take before it is stopped; a study takes a few seconds and a quarter of a gigabyte.

    Attributes
    ----------
    output_kb : float
        What its cells may print or display beside the workbench's own blocks, in a draft; what is more is cut.
    """

    seconds: float = Field(default=300, gt=0)
    memory_mb: float = Field(default=4096, gt=0)
    output_kb: float = Field(default=1000, gt=0)


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
        The edition's name; the EMN's yearly product has changed its own over the years.
    released : datetime.date
        The day that stands on the edition. Never the clock's: the same inputs give the same bytes.
    vintages : dict
        Dataset to the vintage that every study of this reference year reads, in the edition or by itself.
    limits : RunLimits
        What each of its runs may take.
    """

    year: int
    title: str
    publisher: str
    licence: str
    released: datetime.date
    countries: tuple[str, ...] = Field(min_length=1)
    languages: tuple[LanguageName, ...] = Field(min_length=1)
    studies: tuple[StudyName, ...] = Field(min_length=1)
    vintages: dict[Annotated[str, AfterValidator(_pinned)], Vintage] = {}
    limits: RunLimits = RunLimits()


def edition_file(project: Project, year: int) -> Path:
    """Where the edition of a reference year is declared.

    Raises
    ------
    InvalidName
        If no edition can be of that year.
    """
    return project.params / "editions" / f"{EDITION.checked(str(year))}.yaml"


def read_edition(project: Project, year: int) -> Edition:
    """Read the declaration of the edition of a reference year.

    Raises
    ------
    RefusedRun
        If that year has none, naming the near ones.
    InvalidName
        If no edition can be of that year, or a file of the folder is named after none.
    """
    path = edition_file(project, year)
    declared = names_in(path.parent, EDITION)
    if str(year) not in declared:
        raise RefusedRun(
            f"there is no edition {year}",
            where=str(path.parent.relative_to(project.root)),
            expected=near(str(year), declared),
            hint=f"write {path.name} after the example of the others",
        )
    return read_yaml(path, Edition, year=year)


def studies_of(project: Project, year: int) -> list[str]:
    """The studies of a reference year: those of its edition, or, where it has none, all that there are."""
    if edition_file(project, year).is_file():
        return list(read_edition(project, year).studies)
    notebooks = sorted(notebook.stem for notebook in project.notebooks.glob("*.ipynb"))
    return [name for name in notebooks if project.sidecar(name).is_file()]


def run_limits(project: Project, year: int) -> RunLimits:
    """What a run of a reference year may take."""
    return read_edition(project, year).limits if edition_file(project, year).is_file() else RunLimits()


def pinned_vintages(project: Project, year: int) -> dict[str, str]:
    """The vintages that the edition of a reference year pins; none where the year has no edition."""
    if not edition_file(project, year).is_file():
        return {}
    return dict(read_edition(project, year).vintages)
