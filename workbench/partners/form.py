"""The form of a collection for a period, in a language: what stands in which cell. Forms are written and read by it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workbench.data.snapshots import SnapshotStore
from workbench.declarations.collections import Codes, Collection, Table, choices
from workbench.declarations.datasets import DatasetDeclaration, read_dataset
from workbench.declarations.site import SiteDeclaration, read_site_declaration
from workbench.model.paths import Project
from workbench.model.periods import shift
from workbench.model.types import message
from workbench.partners.cells import MARKS
from workbench.partners.earlier import EarlierFigures
from workbench.presentation.collation import SortKey
from workbench.presentation.form_book import Fill, FormBook, FormColumn, FormSheet, written_form
from workbench.presentation.spreadsheet import sheet_names
from workbench.presentation.wording import Wording

_BETWEEN = " – "
FORM = "ID"
"""The label of the identity: the same in each language, for whoever reads a form back."""
_COVER, _CODES, _EXPLANATION = message("Cover"), message("Codes"), message("Explanation")
_HEADINGS = {
    "citizen": message("Citizenship"),
    "partner": message("Country of the consulate"),
    "geo": message("Country"),
    "measure": message("What is counted"),
}
_OTHER_HEADING = message("Breakdown")
_FILL_IN = message(
    "Fill in the white cells: a whole number from 0; “:” where there is no figure; “c” where it is confidential."
)
_WRONG_COUNT = message(
    "A whole number from 0, without spaces; “:” where there is no figure; “c” where it is confidential."
)
_HOW = (
    message(
        "Fill in the white cells of each table, and the yellow ones where something needs an explanation; all others are "
        "locked. Write 0 where there was none, and leave no white cell of a row that you use empty."
    ),
    message("Write “:” where there is no figure, and “c” where it is confidential and must not be published."),
    message(
        "Where rows are left below, choose a code for each further row from its list; leave rows that you do not need empty."
    ),
    message(
        "Where parts do not add up to their total, or a figure is far from that of the year before, write why in the column of "
        "explanations: it will stand in the studies beside the figures."
    ),
    message("Do not insert rows, columns or sheets, and use no formulas: paste values only."),
    message("Name no person, e-mail address or date of birth in any cell: such a form is sent back."),
    message("Save it as .xlsx or .ods without a password, and send it back under any name."),
)
_IDENTITY = re.compile(r"([a-z][a-z0-9_]*) / (\d{4}) / ([a-z]{2}) / ([0-9a-f]{8})")


@dataclass(frozen=True)
class Identity:
    """What a form says it is; it stands on the cover."""

    collection: str
    period: str
    language: str
    version: str

    def __str__(self) -> str:
        return f"{self.collection} / {self.period} / {self.language} / {self.version}"

    @classmethod
    def said_in(cls, text: str) -> "Identity | None":
        """The identity that a text is; None if it is none."""
        found = _IDENTITY.fullmatch(text)
        return cls(*found.groups()) if found else None


@dataclass(frozen=True)
class TableForm:
    """A table on its sheet: a column for each dimension of its rows, one for each figure, those of the year before where
    there are any, and one for explanations.

    Attributes
    ----------
    sheet : str
        The name of the sheet.
    """

    table: Table
    declaration: DatasetDeclaration
    sheet: str
    period: str
    wording: Wording
    earlier: EarlierFigures

    @property
    def key_headings(self) -> list[str]:
        """The heading of each dimension of the rows."""
        return [self.wording.text(_HEADINGS.get(dimension, _OTHER_HEADING)) for dimension in self.table.rows]

    @property
    def value_headings(self) -> list[str]:
        """The heading of each column of figures."""
        return [self._heading(codes, self.period) for codes in self.table.value_columns]

    @property
    def earlier_headings(self) -> list[str]:
        """The heading of each column of the year before; none where nothing is known of it."""
        if not self.earlier.is_known:
            return []
        return [self._heading(codes, shift(self.period, -1)) for codes in self.table.value_columns]

    @property
    def explanation_heading(self) -> str:
        return self.wording.text(_EXPLANATION)

    def entry(self, dimension: str, code: str) -> str:
        """How a code stands in the form: by its label; one that may be chosen, by itself too: ``UA – Ukraine``."""
        label = self.wording.label(dimension, code)
        return f"{code}{_BETWEEN}{label}" if code in self.choices else label

    def code_of(self, dimension: str, entry: str) -> str | None:
        """The code that a cell names: as the list has it, by code or by label; None if it names none of those allowed."""
        said = " ".join(entry.split())
        return self._codes[dimension].get(said.casefold())

    def label(self, codes: Codes) -> str:
        """The codes of a row or column in words."""
        return ", ".join(self.wording.label(dimension, code) for dimension, code in codes.items())

    def rows(self) -> list[dict[str, str]]:
        """The rows that are given: those declared, and those that had a figure the year before."""
        listed = [dict(zip(self.table.rows, codes)) for codes in self.table.listed_rows]
        return [*listed, *self._had_before(listed)] if self.table.further_rows else listed

    def _had_before(self, listed: list[dict[str, str]]) -> list[dict[str, str]]:
        (dimension,) = self.table.rows
        known = {row[dimension] for row in listed}
        codes = (self.earlier.codes(dimension) & set(self.choices)) - known
        return [{dimension: code} for code in sorted(codes, key=lambda code: self._order(dimension, code))]

    @cached_property
    def choices(self) -> list[str]:
        """The codes that may be chosen for further rows, in the order of the alphabet."""
        if not self.table.further_rows:
            return []
        (dimension,) = self.table.rows
        return sorted(choices(dimension, self.period), key=lambda code: self._order(dimension, code))

    def _order(self, dimension: str, code: str) -> SortKey:
        return self.wording.sort_key(self.wording.label(dimension, code))

    @cached_property
    def _codes(self) -> Mapping[str, Mapping[str, str]]:
        known: dict[str, dict[str, str]] = {}
        for dimension, listed in self.table.rows.items():
            known[dimension] = {
                text.casefold(): code
                for code in (*self.choices, *listed)
                for text in (code, self.wording.label(dimension, code), self.entry(dimension, code))
            }
        return known

    def _heading(self, codes: Codes, period: str) -> str:
        what = self.label(codes) if codes else self.wording.unit(self.declaration.unit)
        return f"{what[:1].upper()}{what[1:]}\n{self.wording.period(period)}"


@dataclass(frozen=True)
class Form:
    """The form of a collection for a period in a language."""

    collection: Collection
    period: str
    wording: Wording
    site: SiteDeclaration
    tables: list[TableForm] = field(default_factory=list)

    @classmethod
    def of(cls, project: Project, collection: Collection, period: str, language: str) -> "Form":
        """Plan it, with the figures of the year before beside."""
        wording, store = Wording.without_indicators(language), SnapshotStore.of(project)
        form = cls(collection, period, wording, read_site_declaration(project))
        names = sheet_names([wording.text(_COVER), *(wording.text(table.name) for table in collection.tables)])
        for table, sheet in zip(collection.tables, names[1:]):
            declaration = read_dataset(project, table.dataset)
            earlier = EarlierFigures.of(store, declaration, collection.codes_of(table), shift(period, -1))
            form.tables.append(TableForm(table, declaration, sheet, period, wording, earlier))
        return form

    @property
    def identity(self) -> Identity:
        return Identity(
            self.collection.collection, self.period, self.wording.language, self.collection.version(self.period)
        )

    @property
    def identifying(self) -> list[tuple[str, str]]:
        """What says on the cover whose form it is, and which."""
        text = self.wording.text
        return [
            (text("Institution"), text(self.collection.institution)),
            (text("Country"), self.wording.label("geo", self.collection.country)),
            (text("Period"), self.wording.period(self.period)),
            (FORM, str(self.identity)),
        ]

    @property
    def cover(self) -> list[tuple[str, str]]:
        """What stands on the cover, row by row."""
        text, deadline = self.wording.text, self.collection.periods[self.period]
        rows = [
            *self.identifying,
            (text("Please send it by"), self.wording.date(deadline)),
            (text("Send to"), f"{text(self.site.publisher)}, {self.site.contact_email}"),
            (text("What it is for"), text(self.collection.purpose)),
            (text("Use"), text(self.collection.licence)),
            (text("What is asked for"), ""),
        ]
        rows += [(table.sheet, self._asked(table)) for table in self.tables]
        steps = [(f"{number}.", text(line)) for number, line in enumerate(_HOW, start=1)]
        return [*rows, (text("How to fill it in"), ""), *steps]

    def _asked(self, table: TableForm) -> str:
        declaration, text = table.declaration, self.wording.text
        unit = text("Unit") + f": {self.wording.unit(declaration.unit)}."
        return " ".join([f"{text(declaration.title)}.", text(declaration.definition), unit])

    @property
    def cover_name(self) -> str:
        return self.wording.text(_COVER)

    @property
    def name_of_lists(self) -> str:
        return self.wording.text(_CODES)

    @property
    def sheet_names(self) -> list[str]:
        """The sheets that it has, in their order."""
        lists = [self.name_of_lists] if any(table.choices for table in self.tables) else []
        return [self.cover_name, *(table.sheet for table in self.tables), *lists]

    @property
    def title(self) -> str:
        return self.wording.text("Figures for {year}").format(year=self.period)

    def lines(self, table: TableForm) -> tuple[str, str]:
        """What stands below the title of a table."""
        unit = self.wording.text("Unit") + f": {self.wording.unit(table.declaration.unit)}"
        return self.wording.text(_FILL_IN), unit


def form_bytes(form: Form) -> bytes:
    """The form as a workbook."""
    text = form.wording.text
    lists = {table.key_headings[0]: table for table in form.tables if table.choices}
    return written_form(
        FormBook(
            name=form.cover_name,
            title=form.title,
            publisher=text(form.site.publisher),
            cover=form.cover,
            sheets=[_sheet(form, table) for table in form.tables],
            lists={
                heading: [table.entry(next(iter(table.table.rows)), code) for code in table.choices]
                for heading, table in lists.items()
            },
            name_of_lists=form.name_of_lists,
            marks=list(MARKS),
            wrong_count=(text("Not a figure"), text(_WRONG_COUNT)),
            wrong_choice=(text("Not in the list"), text("Please choose from the list.")),
            too_long=(text("Too long"), text("An explanation has at most 500 characters.")),
        )
    )


def _sheet(form: Form, table: TableForm) -> FormSheet:
    rows, further = table.rows(), [None] * table.table.further_rows
    many = len(rows) + len(further)
    keys = [
        FormColumn(
            heading,
            [*(table.entry(dimension, row[dimension]) for row in rows), *further],
            Fill.CHOICE if further else Fill.GIVEN,
        )
        for dimension, heading in zip(table.table.rows, table.key_headings)
    ]
    asked = [FormColumn(heading, [None] * many, Fill.COUNT) for heading in table.value_headings]
    before = [
        FormColumn(heading, [*(table.earlier.shown({**row, **codes}) for row in rows), *([""] * len(further))])
        for heading, codes in zip(table.earlier_headings, table.table.value_columns)
    ]
    words = FormColumn(table.explanation_heading, [None] * many, Fill.WORDS)
    title = form.wording.text(table.declaration.title)
    choice = table.key_headings[0] if further else ""
    return FormSheet(table.sheet, title, form.lines(table), [*keys, *asked, *before, words], choice)
