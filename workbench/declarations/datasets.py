"""``params/datasets/<code>.yaml``: what the workbench knows of a dataset beyond its snapshots' cards."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from workbench.declarations.layouts import Layout
from workbench.declarations.yaml_files import DatasetName, Declaration, DimensionName, SourceName, names_in, read_named
from workbench.model.errors import UnknownCode
from workbench.model.names import DATASET, FLOW, MAINTAINER
from workbench.model.paths import Project


class Renaming(Declaration):
    """A dimension that older vintages call otherwise, with those of its codes that changed (older: newer)."""

    formerly: DimensionName
    codes: dict[str, str] = {}


class ComparabilityNote(Declaration):
    """Something a reader must know to compare. ``since`` is the first year it bears on, if it bears on a time."""

    text: str
    since: int | None = None


class CarriedOver(Declaration):
    """When a year that repeats the year before is no count: from so many parts on, of so many persons together.

    Persons are added up over all observations, a total among them counted as a part.
    """

    persons: int = Field(ge=1)
    parts: int = Field(ge=1)


class DatasetDeclaration(Declaration):
    """A dataset under its provider's code.

    Attributes
    ----------
    rounding_base : int
        Published values are rounded to the nearest multiple of it; 1 where they are exact.
    renamed : dict
        Dimension (newest name) to its renaming.
    signed : bool
        Whether a figure may be negative, as balances are: else one that is makes its file a wrong one.
    definition : str
        What is counted, for the reader.
    formerly : tuple of str
        Codes that the dataset had before: older files say them.
    flow : str or None
        What the provider calls it, where that is not the code: ``AGENCY,FLOW,VERSION`` of SDMX.
    place : str or None
        The code that its figures are filed under, where it has no dimension of place.
    reference_day : str or None
        Month and day that a period's figure is of, ``01-01``, where that is not its end.
    carried_over : CarriedOver or None
        When a year that repeats the year before in every part is not counted, where the provider is known to repeat one;
        see `workbench.data.carried_over`.
    layout : Layout or None
        What the columns of its files mean, where they are no SDMX.
    """

    dataset: DatasetName
    agency: SourceName
    provider: str
    title: str
    unit: str
    rounding_base: int = Field(ge=1)
    signed: bool = False
    renamed: dict[DimensionName, Renaming] = {}
    definition: str
    metadata_url: str
    notes: tuple[ComparabilityNote, ...] = ()
    formerly: tuple[DatasetName, ...] = ()
    flow: str | None = None
    place: str | None = None
    reference_day: str | None = Field(default=None, pattern=r"\d\d-\d\d")
    carried_over: CarriedOver | None = None
    layout: Layout | None = None

    @field_validator("flow")
    @classmethod
    def _is_a_reference(cls, flow: str | None) -> str | None:
        *agency, name = (flow or "any").split(",")[:2]
        if not (FLOW.allow(name) and all(map(MAINTAINER.allow, agency)) and (flow or "").count(",") <= 2):
            raise PydanticCustomError("flow", "FLOW, AGENCY,FLOW or AGENCY,FLOW,VERSION, as SDMX writes them")
        return flow

    @cached_property
    def newest_dimension(self) -> dict[str, str]:
        """Older name of a dimension to its newest."""
        return {renaming.formerly: newest for newest, renaming in self.renamed.items()}

    def newest_code(self, dimension: str, code: str) -> str:
        """The newest name of a code of a dimension, itself where it was never renamed."""
        return self.newest_codes(dimension, [code])[0]

    def newest_codes(self, dimension: str, codes: Sequence[str]) -> Sequence[str]:
        """The newest name of each of some codes."""
        renaming = self.renamed.get(dimension)
        return [renaming.codes.get(code, code) for code in codes] if renaming else codes


def declared_datasets(project: Project) -> list[str]:
    """Codes of all declared datasets, sorted."""
    return names_in(_folder(project), DATASET)


def find_dataset(project: Project, code: str) -> DatasetDeclaration | None:
    """Read the declaration of a dataset; None where it is not declared.

    Raises
    ------
    InvalidName
        If no dataset can have this code.
    UnknownCode
        If a declared dataset had this code before.
    """
    declared = declared_datasets(project)
    if DATASET.checked(code, known=declared) in declared:
        return read_dataset(project, code)
    for other in declared:
        if code in read_dataset(project, other).formerly:
            raise UnknownCode(
                f"the dataset {code} is now {other}",
                expected=other,
                found=code,
                unchanged="nothing was asked for and nothing was stored",
                hint=f"name it {other}; files that still say {code} are taken for it",
            )
    return None


def read_dataset(project: Project, code: str) -> DatasetDeclaration:
    """Read the declaration of a dataset.

    Raises
    ------
    InvalidDeclaration
        If there is none, naming the near ones.
    InvalidName
        If no dataset can have this code.
    """
    return read_named(
        _folder(project),
        DATASET,
        code,
        DatasetDeclaration,
        absent=f"the dataset {code} is not declared",
        hint=f"write {code}.yaml: rounding base, unit, definition (see CONTRIBUTING.md, how to add a dataset)",
        dataset=code,
    )


def _folder(project: Project) -> Path:
    return project.params / "datasets"
