"""``params/collections/<name>.yaml``: what an institution is asked for, for which periods, and until when."""

import datetime
import hashlib
import itertools
import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated

from msgspec import Meta, to_builtins

from workbench.declarations.codelists import code_list, has_code_list
from workbench.declarations.datasets import read_dataset
from workbench.declarations.models import (
    Checked,
    DatasetName,
    Declaration,
    DimensionName,
    LanguageName,
    Read,
    Unfit,
)
from workbench.declarations.yaml_files import names_in, read_named
from workbench.model.errors import InvalidDeclaration, UnknownCode
from workbench.model.names import COLLECTION
from workbench.model.paths import Project

_LONGEST_SHEET_NAME = 31
_OF_THE_FORM = "1"
"""Changes when forms that were sent can no longer be read by this code."""

Codes = Mapping[str, str]
"""Dimension to code."""


def _check_year(period: str) -> None:
    if not re.fullmatch(r"(19|20)\d\d", period):
        raise Unfit("a year, such as 2026")


Period = Annotated[str, Read(str), Checked(_check_year)]


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

    times: Annotated[float, Meta(gt=1)]
    least: Annotated[int, Meta(ge=1)]


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
    name: Annotated[str, Meta(max_length=_LONGEST_SHEET_NAME)]
    rows: Annotated[dict[DimensionName, Annotated[tuple[str, ...], Meta(min_length=1)]], Meta(min_length=1)]
    columns: dict[DimensionName, Annotated[tuple[str, ...], Meta(min_length=1)]] = {}
    further_rows: Annotated[int, Meta(ge=0, le=300)] = 0
    fixed: dict[DimensionName, str] = {}
    sums: tuple[Sum, ...] = ()
    jump: Jump = Jump(times=3, least=30)

    def __post_init__(self) -> None:
        self._refuse_codes_of_no_list()
        self._refuse_dimensions_told_twice()

    def _refuse_codes_of_no_list(self) -> None:
        for dimension, codes in (*self.rows.items(), *self.columns.items()):
            _check_codes(dimension, codes)
        for dimension, code in self.fixed.items():
            _check_codes(dimension, (code,))
        for one in self.sums:
            _check_codes(one.dimension, (one.total, *one.parts))

    def _refuse_dimensions_told_twice(self) -> None:
        named = [*self.rows, *self.columns, *self.fixed]
        if len(named) != len(set(named)):
            raise Unfit("each dimension once: in rows, in columns, or fixed")
        if self.further_rows and len(self.rows) > 1:
            raise Unfit("rows of one dimension, where further ones may be chosen")
        if any(one.dimension not in {**self.rows, **self.columns} for one in self.sums):
            raise Unfit("sums along a dimension of the rows or columns", key=("sums",))

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
    country: Annotated[str, Checked(lambda code: _check_codes("geo", (code,)))]
    language: LanguageName
    periods: Annotated[dict[Period, datetime.date], Meta(min_length=1)]
    purpose: str
    licence: str
    tables: Annotated[tuple[Table, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        for period, deadline in self.periods.items():
            if deadline.year <= int(period):
                raise Unfit("a day after the end of the period", str(deadline), ("periods", period))
        for given in ([table.dataset for table in self.tables], [table.name.casefold() for table in self.tables]):
            if len(given) != len(set(given)):
                raise Unfit("each dataset and each name once", key=("tables",))

    @property
    def newest_period(self) -> str:
        """The last period that it is asked for."""
        return max(self.periods)

    def version(self, period: str) -> str:
        """What tells a form of this declaration from that of an older one, whatever its language and deadline."""
        tables = [
            {name: one for name, one in to_builtins(table).items() if name not in ("jump", "sums")}
            for table in self.tables
        ]
        told = json.dumps([_OF_THE_FORM, self.collection, self.country, period, tables], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:8]

    def codes_of(self, table: Table) -> dict[str, str]:
        """Dimension to the code that all observations of a table have."""
        of_place = {} if "geo" in {**table.rows, **table.columns} else {"geo": self.country}
        return {"freq": "A", **table.fixed, **of_place}


def _check_codes(dimension: str, codes: tuple[str, ...]) -> None:
    if not has_code_list(dimension):
        raise Unfit(f"a dimension that has a code list, not {dimension}")
    for code in codes:
        try:
            code_list(dimension).code(code)
        except UnknownCode as error:
            raise Unfit(error.expected or "a code of its list", code) from None


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
