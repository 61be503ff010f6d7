"""``params/collections/<name>.yaml``: what an institution is asked for, for which periods, and until when."""

import datetime
import hashlib
import itertools
import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from workbench.declarations.codelists import code_list, has_code_list
from workbench.declarations.datasets import read_dataset
from workbench.declarations.yaml_files import (
    DatasetName,
    Declaration,
    DimensionName,
    LanguageName,
    names_in,
    read_named,
)
from workbench.model.errors import InvalidDeclaration, UnknownCode
from workbench.model.names import COLLECTION
from workbench.model.paths import Project

_LONGEST_SHEET_NAME = 31
_OF_THE_FORM = "1"
"""Changes when forms that were sent can no longer be read by this code."""

Codes = Mapping[str, str]
"""Dimension to code."""


def _is_a_year(period: str) -> str:
    if not re.fullmatch(r"(19|20)\d\d", period):
        raise PydanticCustomError("period", "a year, such as 2026")
    return period


Period = Annotated[str, BeforeValidator(str), AfterValidator(_is_a_year)]


class Sum(Declaration):
    """A total and its parts along a dimension.

    Attributes
    ----------
    parts : tuple of str
        The codes of the parts; none stands for all others that the table has.
    exact : bool
        Whether the parts add up to the total; otherwise they are no more than it.
    """

    dimension: DimensionName
    total: str
    parts: tuple[str, ...] = ()
    exact: bool = True


class Jump(Declaration):
    """From when on a difference from the year before must be explained: more than so many times as many, or so many times fewer.

    Where neither figure reaches ``least``, it need not.
    """

    times: float = Field(gt=1)
    least: int = Field(ge=1)


class Table(Declaration):
    """A table, which becomes a dataset of the institution's own. It has a sheet of the form.

    Attributes
    ----------
    dataset : str
        Declared in ``params/datasets/``: title, definition and unit are told to the institution from there.
    name : str
        What its sheet is called.
    rows, columns : dict
        Dimension to the codes that the form lists; several dimensions are crossed. Without columns there is one.
    further_rows : int
        So many rows more, in which the institution chooses codes of the only dimension of the rows.
    fixed : dict
        Dimension to its code in all observations, beside the frequency and, where no row has it, the country.
    sums : tuple of Sum
        What must agree, or be explained.
    """

    dataset: DatasetName
    name: str = Field(max_length=_LONGEST_SHEET_NAME)
    rows: dict[DimensionName, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(min_length=1)
    columns: dict[DimensionName, Annotated[tuple[str, ...], Field(min_length=1)]] = {}
    further_rows: int = Field(default=0, ge=0, le=300)
    fixed: dict[DimensionName, str] = {}
    sums: tuple[Sum, ...] = ()
    jump: Jump = Field(default_factory=lambda: Jump(times=3, least=30))

    @model_validator(mode="after")
    def _codes_are_of_the_lists(self) -> Self:
        for dimension, codes in {
            **self.rows,
            **self.columns,
            **{name: (code,) for name, code in self.fixed.items()},
        }.items():
            _check_codes(dimension, codes)
        for one in self.sums:
            _check_codes(one.dimension, (one.total, *one.parts))
        return self

    @model_validator(mode="after")
    def _dimensions_are_told_once(self) -> Self:
        named = [*self.rows, *self.columns, *self.fixed]
        if len(named) != len(set(named)):
            raise PydanticCustomError("rows", "each dimension once: in rows, in columns, or fixed")
        if self.further_rows and len(self.rows) > 1:
            raise PydanticCustomError("further_rows", "rows of one dimension, where further ones may be chosen")
        if any(one.dimension not in {**self.rows, **self.columns} for one in self.sums):
            raise PydanticCustomError("sums", "sums along a dimension of the rows or columns")
        return self

    @cached_property
    def listed_rows(self) -> tuple[tuple[str, ...], ...]:
        """The codes of each row that the form lists, in the order of the dimensions."""
        return tuple(itertools.product(*self.rows.values()))

    @cached_property
    def value_columns(self) -> tuple[Codes, ...]:
        """The codes of each column of figures."""
        return tuple(dict(zip(self.columns, codes)) for codes in itertools.product(*self.columns.values()))


class Collection(Declaration):
    """What an institution is asked for.

    Attributes
    ----------
    institution : str
        Its name: never that of a person.
    country : str
        The country that its figures are about.
    language : str
        The language that it is written to.
    periods : dict
        Year to the day until which its figures are asked for.
    purpose : str
        What the figures are for, and what becomes of them; it stands on the cover.
    licence : str
        What may be done with the figures; it stands on the cover and on the cards.
    """

    collection: str
    institution: str
    country: str
    language: LanguageName
    periods: dict[Period, datetime.date] = Field(min_length=1)
    purpose: str
    licence: str
    tables: tuple[Table, ...] = Field(min_length=1)

    @field_validator("country")
    @classmethod
    def _is_a_country(cls, country: str) -> str:
        _check_codes("geo", (country,))
        return country

    @model_validator(mode="after")
    def _is_due_after_its_period(self) -> Self:
        for period, deadline in self.periods.items():
            if deadline.year <= int(period):
                raise PydanticCustomError("periods", "a day after the end of the period")
        return self

    @model_validator(mode="after")
    def _datasets_and_sheets_are_told_once(self) -> Self:
        for given in ([table.dataset for table in self.tables], [table.name.casefold() for table in self.tables]):
            if len(given) != len(set(given)):
                raise PydanticCustomError("tables", "each dataset and each name once")
        return self

    @property
    def newest_period(self) -> str:
        """The last period that it is asked for."""
        return max(self.periods)

    def version(self, period: str) -> str:
        """What tells a form of this declaration from that of an older one, whatever its language and deadline."""
        tables = [table.model_dump(mode="json", exclude={"jump", "sums"}) for table in self.tables]
        told = json.dumps([_OF_THE_FORM, self.collection, self.country, period, tables], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:8]

    def codes_of(self, table: Table) -> dict[str, str]:
        """Dimension to the code that all observations of a table have."""
        of_place = {} if "geo" in {**table.rows, **table.columns} else {"geo": self.country}
        return {"freq": "A", **table.fixed, **of_place}


def _check_codes(dimension: str, codes: tuple[str, ...]) -> None:
    if not has_code_list(dimension):
        raise PydanticCustomError("dimension", "a dimension that has a code list, not {name}", {"name": dimension})
    for code in codes:
        try:
            code_list(dimension).code(code)
        except UnknownCode as error:
            raise PydanticCustomError("code", "{expected}", {"expected": error.expected}) from None


_OF_PERSONS_WITHOUT_COUNTRY = frozenset({"STLS", "UNK", "RNC"})


def choices(dimension: str, period: str) -> list[str]:
    """The codes of a dimension that an institution may choose for a period: no totals, and nothing that has ended before."""
    codes = code_list(dimension).codes.values()
    has_kinds = any(code.kind for code in codes)
    return [
        code.code
        for code in codes
        if (not has_kinds or code.kind == "country" or code.code in _OF_PERSONS_WITHOUT_COUNTRY)
        and (not code.valid_to or code.valid_to >= period)
    ]


def declared_collections(project: Project) -> list[str]:
    """The names of all collections, sorted."""
    return names_in(_folder(project), COLLECTION)


def read_collection(project: Project, name: str) -> Collection:
    """Read the declaration of a collection.

    Raises
    ------
    InvalidDeclaration
        If there is none, naming the nearest; or if a dataset of it is not declared.
    InvalidName
        If the name is not valid for a collection.
    """
    declared = read_named(
        _folder(project),
        COLLECTION,
        name,
        Collection,
        absent=f"the collection {name} is not declared",
        hint=f"write params/collections/{name}.yaml: institution, periods, tables (docs/how-to/collect.md)",
        collection=name,
    )
    datasets = [read_dataset(project, table.dataset) for table in declared.tables]
    for dataset in datasets:
        if dataset.comes_by != "form" and dataset.layout is None:
            raise InvalidDeclaration(
                f"{dataset.dataset} does not say that it comes by a form",
                where=str(project.params / "datasets" / f"{dataset.dataset}.yaml"),
                expected="comes_by: form; or a layout, where files that the institution publishes are imported too",
                found="neither",
                hint="add comes_by: form",
            )
    agencies = {dataset.agency for dataset in datasets}
    if len(agencies) > 1:
        raise InvalidDeclaration(
            f"the tables of {name} are of several providers",
            where=str(_folder(project) / f"{name}.yaml"),
            expected="datasets of one agency: that of the institution",
            found=", ".join(sorted(agencies)),
            hint="declare a collection for each institution",
        )
    return declared


def _folder(project: Project) -> Path:
    return project.params / "collections"
