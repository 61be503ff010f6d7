"""What the columns of a file mean that is not SDMX; part of the declaration of a dataset."""

from typing import Annotated, Literal

from msgspec import Meta

from workbench.declarations.models import Declaration, DimensionName, Read, Unfit

Texts = Annotated[tuple[str, ...], Read(lambda said: [said] if isinstance(said, str) else said)]
"""One text, or several that stand for the same."""


class ColumnLayout(Declaration):
    """Where the codes of a dimension are: in a ``column``, in the name of the ``sheet``, or the same everywhere (``always``).

    Attributes
    ----------
    column : tuple of str
        Its heading. Several are spellings, of which a file has one.
    sheet : dict
        Name of a sheet to the code of all its rows; ``*`` in a name stands for any text. The first that fits decides.
    always : str or None
        The code of all rows.
    codes : str
        What the column contains: ``provider`` codes as they are, ``iso2`` or ``iso3`` codes of ISO 3166-1, English
        ``labels``, ``names`` that no list has, such as those of towns, or ``capitals``: such names, brought to capitals.
    also : dict
        Text of the file to its code: for instance the provider's own codes among those of ISO.
    without : tuple of str
        Marks at the end of a cell that do not belong to the label.
    """

    column: Texts = ()
    sheet: dict[str, str] = {}
    always: str | None = None
    codes: Literal["provider", "iso2", "iso3", "labels", "names", "capitals"] = "provider"
    also: dict[str, str] = {}
    without: Texts = ()

    def __post_init__(self) -> None:
        if bool(self.column) + bool(self.sheet) + (self.always is not None) != 1:
            raise Unfit("either a column, or codes by sheet, or a code for all rows")


class Layout(Declaration):
    """How a table or workbook is laid out.

    Headings are compared by their words: capitals, blanks, line breaks, punctuation, footnote marks and the plural do not
    matter, nor does what is in parentheses where only one column fits without.

    Attributes
    ----------
    dimensions : dict
        Dimension to where its codes are.
    time : tuple of str
        The column of the period. None where each period is a column, or stands elsewhere, or the file does not name it.
    time_columns : str or None
        The form of the headings of periods, as ``strptime`` has it (``%b%Y`` for JAN2009).
    time_in : tuple of str
        Texts above or below the table, or names of sheets, that name the period; ``*`` stands for it.
    values : dict
        Column of numbers to its code of the dimension ``measure``; a single column needs no such dimension. Columns with the
        same code are spellings, of which a file has one. Empty where each period is a column.
    other_columns : tuple of str
        Columns that the files have besides; ``*`` stands for any text. Where they are named, a file may lack some of the
        values, unless it has a column that is neither named nor among these.
    flags : dict
        Column of values to the column of their flags.
    special_values : dict
        Text in place of a number to the flags that it stands for; to none (``""``) where it only says that there is no value.
    decimal : str
        The mark before decimals.
    sheet : str or None
        The sheet of a workbook, where several have these headings.
    totals : tuple of str
        Texts that mark a row as a total, in a column that a dimension is read from; ``*`` stands for any text.
    totals_without : tuple of str
        The column that totals leave empty, as do notes among the rows.
    otherwise : Layout or None
        The layout of files of the dataset that do not have these headings.
    """

    dimensions: Annotated[dict[DimensionName, ColumnLayout], Meta(min_length=1)]
    time: Texts = ()
    time_columns: str | None = None
    time_in: Texts = ()
    values: dict[str, str] = {}
    other_columns: Texts = ()
    flags: dict[str, str] = {}
    special_values: dict[str, str] = {}
    decimal: Literal[".", ","] = "."
    sheet: str | None = None
    totals: Texts = ()
    totals_without: Texts = ()
    otherwise: "Layout | None" = None

    def __post_init__(self) -> None:
        if bool(self.values) == bool(self.time_columns):
            raise Unfit("either columns of values, or columns of periods")
        if sum(map(bool, (self.time, self.time_columns, self.time_in))) > 1:
            raise Unfit("either a column of the period, or columns of periods, or texts that name it")
        if self.totals_without and self.totals_without not in self.key_columns.values():
            raise Unfit("a column that a dimension is read from", key=("totals_without",))
        if not set(self.flags) <= set(self.values):
            raise Unfit("a column of values, and the column of its flags", key=("flags",))

    @property
    def key_columns(self) -> dict[str, tuple[str, ...]]:
        """The dimensions that are read from columns, each with the spellings of its heading."""
        return {dimension: where.column for dimension, where in self.dimensions.items() if where.column}

    @property
    def value_columns(self) -> dict[str, tuple[str, ...]]:
        """Code of a measure to the spellings of its heading."""
        return {code: tuple(name for name in self.values if self.values[name] == code) for code in self.values.values()}

    @property
    def required_columns(self) -> list[tuple[str, ...]]:
        """The columns without which a file is of another layout, each with its spellings."""
        columns = [
            *self.key_columns.values(),
            *([self.time] if self.time else []),
            *((name,) for name in self.flags.values()),
        ]
        return columns if self.other_columns else [*columns, *self.value_columns.values()]

    @property
    def columns(self) -> list[tuple[str, ...]]:
        """All columns that it names, each with its spellings."""
        return list(dict.fromkeys([*self.required_columns, *self.value_columns.values()]))

    @property
    def forms(self) -> "list[Layout]":
        """This layout, and those to try after it."""
        return [self, *(self.otherwise.forms if self.otherwise else [])]
