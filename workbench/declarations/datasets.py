"""``params/datasets/<code>.yaml``: what the workbench knows of a dataset beyond the cards of its snapshots."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from workbench.declarations.layouts import Layout
from workbench.declarations.models import Checked, DatasetName, Declaration, DimensionName, SourceName, Unfit
from workbench.declarations.yaml_files import names_in, read_named
from workbench.model.errors import UnknownCode
from workbench.model.names import DATASET, FLOW, MAINTAINER
from workbench.model.paths import Project


class Renaming(Declaration):
    """A dimension that has another name in older vintages, with those of its codes that changed (older: newer)."""

    formerly: DimensionName
    codes: dict[str, str] = {}


class ComparabilityNote(Declaration):
    """Something a reader must know to compare.

    Attributes
    ----------
    since : int or None
        The first year concerned, if it depends on the year.
    geo : str or None
        The country concerned, if it is one alone: the pages of others do not show it.
    """

    text: str
    since: int | None = None
    geo: str | None = None

    def concerns(self, country: str, year: int) -> bool:
        """Whether a study of the country and year shows it."""
        return self.geo in (None, country) and (self.since is None or self.since <= year)


class Deadline(Declaration):
    """Until when the figures of a year must be at the provider.

    Attributes
    ----------
    months : int
        The months after the end of the year.
    law : str
        The article that sets it.
    """

    months: Annotated[int, Meta(ge=1, le=24)]
    law: str

    def of(self, year: int) -> str:
        """The month at whose end the figures of a year are due: ``2024-03``."""
        return f"{year + 1 + (self.months - 1) // 12}-{(self.months - 1) % 12 + 1:02d}"


class CarriedOver(Declaration):
    """From which size on a year that repeats the year before is not a count: this many parts, this many persons together.

    Persons are added up over all observations, totals included.
    """

    persons: Annotated[int, Meta(ge=1)]
    parts: Annotated[int, Meta(ge=1)]


def _check_reference(flow: str) -> None:
    *agency, name = flow.split(",")[:2]
    if not (FLOW.allow(name) and all(map(MAINTAINER.allow, agency)) and flow.count(",") <= 2):
        raise Unfit("FLOW, AGENCY,FLOW or AGENCY,FLOW,VERSION, as SDMX writes them")


class DatasetDeclaration(Declaration):
    """A dataset under its provider's code.

    Attributes
    ----------
    rounding_base : int or float
        Published values are rounded to the nearest multiple of it; 1 where they are exact, as a count is, and 0.1 where
        they are rates with one decimal.
    renamed : dict
        Dimension (newest name) to its renaming.
    signed : bool, or tuple of dict
        Whether figures may be negative, as balances are; otherwise a file with a negative figure is refused. Or those
        observations alone that may be, because the provider has published them so: dimension, or ``time``, to code.
    definition : str
        What is counted, for the reader.
    formerly : tuple of str
        Codes that the dataset had before, found in older files.
    selection_of : str or None
        The dataset from which the provider takes its figures, so that they must agree.
    flow : str or None
        The provider's name for it, where that is not the code: ``AGENCY,FLOW,VERSION`` of SDMX.
    place : str or None
        The place that its figures are about, where it has no dimension of place.
    reference_day : str or None
        Month and day to which the figure of a period refers, ``01-01``, where that is not its end.
    carried_over : CarriedOver or None
        When a year that repeats the year before in every part is not a count, where the provider is known to do so; see
        `workbench.data.carried_over`.
    due : Deadline or None
        Until when the law has States send the figures of a year to the provider; None where no law does, or none is known.
    layout : Layout or None
        What the columns of its files mean, where they are not SDMX.
    comes_by : str or None
        ``form``, where an institution sends its figures by the form of a collection, and ``register``, where they are those of
        the register of activities: then no file is imported past the checks of these. None where its provider publishes it.
    """

    dataset: DatasetName
    agency: SourceName
    provider: str
    title: str
    unit: str
    rounding_base: Annotated[int, Meta(gt=0)] | Annotated[float, Meta(gt=0)]
    signed: bool | tuple[Annotated[dict[DimensionName, str], Meta(min_length=1)], ...] = False
    renamed: dict[DimensionName, Renaming] = {}
    definition: str
    metadata_url: str
    notes: tuple[ComparabilityNote, ...] = ()
    formerly: tuple[DatasetName, ...] = ()
    selection_of: DatasetName | None = None
    flow: Annotated[str, Checked(_check_reference)] | None = None
    place: str | None = None
    reference_day: (
        Annotated[str, Meta(pattern=r"^\d\d-\d\d\Z", description="a month and a day, such as 01-01")] | None
    ) = None
    carried_over: CarriedOver | None = None
    due: Deadline | None = None
    layout: Layout | None = None
    comes_by: Literal["form", "register"] | None = None

    @property
    def taken_in_by(self) -> str:
        """The command that makes a snapshot of a file of it."""
        match self.comes_by:
            case "form":
                return "workbench collect read FILE"
            case "register":
                return "workbench activities add FILE"
        return f"workbench import FILE --dataset {self.dataset} --vintage DATE"

    def __hash__(self) -> int:
        # What a dataset's snapshots were opened with is looked up by it: equal declarations have the same code.
        return hash(self.dataset)

    @cached_property
    def newest_dimension(self) -> dict[str, str]:
        """Older name of a dimension to its newest name."""
        return {renaming.formerly: newest for newest, renaming in self.renamed.items()}

    def newest_code(self, dimension: str, code: str) -> str:
        """The newest name of a code of a dimension; the code itself where it was never renamed."""
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
        If the code is not valid for a dataset.
    UnknownCode
        If a declared dataset has had this code before.
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
                hint=f"call it {other}; files that still say {code} are accepted",
            )
    return None


def read_dataset(project: Project, code: str) -> DatasetDeclaration:
    """Read the declaration of a dataset.

    Raises
    ------
    InvalidDeclaration
        If there is none, naming the nearest.
    InvalidName
        If the code is not valid for a dataset.
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
