"""What the columns of a file mean that is not SDMX; part of the declaration of a dataset."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from workbench.declarations.yaml_files import Declaration, DimensionName


class ColumnLayout(Declaration):
    """Where the codes of a dimension are: in a ``column``, or the same code in each row (``always``).

    Attributes
    ----------
    codes : str
        What the column contains: ``provider`` codes as they are, ``iso2`` or ``iso3`` codes of ISO 3166-1, English
        ``labels``, or ``names`` that no list has, such as those of towns.
    also : dict
        Text of the file to its code: for instance the provider's own codes among those of ISO.
    """

    column: str | None = None
    always: str | None = None
    codes: Literal["provider", "iso2", "iso3", "labels", "names"] = "provider"
    also: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.column is None) == (self.always is None):
            raise PydanticCustomError("column", "either a column, or a code for all rows")
        return self


class Layout(Declaration):
    """How a table or workbook is laid out.

    Attributes
    ----------
    dimensions : dict
        Dimension to where its codes are.
    time : str or None
        The column of the period. None where each period is a column, or the file does not name the period.
    time_columns : str or None
        The form of the headings of periods, as ``strptime`` has it (``%b%Y`` for JAN2009).
    values : dict
        Column of numbers to its code of the dimension ``measure``; a single column needs no such dimension. Empty where
        each period is a column.
    sheet : str or None
        The sheet of a workbook, where several have these headings.
    ends_without : str or None
        The column that is empty from the end of the table on, where totals follow below.
    otherwise : Layout or None
        The layout of files of the dataset that do not have these headings.
    """

    dimensions: dict[DimensionName, ColumnLayout] = Field(min_length=1)
    time: str | None = None
    time_columns: str | None = None
    values: dict[str, str] = {}
    sheet: str | None = None
    ends_without: str | None = None
    otherwise: "Layout | None" = None

    @model_validator(mode="after")
    def _numbers_are_somewhere(self) -> Self:
        if bool(self.values) == bool(self.time_columns):
            raise PydanticCustomError("values", "either columns of values, or columns of periods")
        if self.time and self.time_columns:
            raise PydanticCustomError("time", "either a column of the period, or columns of periods")
        return self

    @model_validator(mode="after")
    def _ends_in_a_column_of_its_own(self) -> Self:
        if self.ends_without and self.ends_without not in self.key_columns:
            raise PydanticCustomError("ends_without", "a column that a dimension is read from")
        return self

    @property
    def key_columns(self) -> list[str]:
        """The columns that dimensions are read from."""
        return [column.column for column in self.dimensions.values() if column.column]

    @property
    def named_columns(self) -> list[str]:
        """All columns that the file must have."""
        return [*self.key_columns, *([self.time] if self.time else []), *self.values]

    @property
    def forms(self) -> "list[Layout]":
        """This layout, and those to try after it."""
        return [self, *(self.otherwise.forms if self.otherwise else [])]
