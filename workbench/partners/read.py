"""What an institution sent back: which form it is, what it holds, and all that is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.data.formats.plain_workbook import Foreign, PlainWorkbook, read_plain_workbook
from workbench.data.formats.text import malformed
from workbench.declarations.collections import declared_collections, read_collection
from workbench.model.paths import Project
from workbench.model.types import message
from workbench.partners.checks import check_table
from workbench.partners.filled import CHANGED, FilledTable, personal_data_in, read_table
from workbench.partners.findings import Finding
from workbench.partners.form import FORM, Form, Identity
from workbench.presentation.wording import SOURCE_LANGUAGE, Wording, languages

NOT_DECLARED = message("This form ({form}) was not sent by the contact point: ask for one.")
NOT_ASKED = message("Your institution is not asked for {period}: ask the contact point for the right form.")
OLD_FORM = message("This is an older version of the form: ask the contact point for the newest one, and fill that in.")
SHEET_MISSING = message("The sheet “{sheet}” is missing, or has another name.")
SHEET_ADDED = message("The sheet “{sheet}” does not belong to the form: please take it out.")
FOREIGN = message("The file holds {kind}: paste values only.")

MOST_FINDINGS = 300
"""More than these no report shows: the form was filled in otherwise than it is meant."""


@dataclass(frozen=True)
class Reading:
    """What a file holds.

    Attributes
    ----------
    identity : Identity
        The form that it says it is.
    form : Form or None
        The form as it was sent; None where there is no such form.
    tables : list of FilledTable
        As far as they could be read.
    findings : list of Finding
        What must be mended, and what an explanation has not settled.
    """

    path: Path
    identity: Identity
    wording: Wording
    form: Form | None
    tables: list[FilledTable]
    findings: list[Finding]

    @property
    def is_clean(self) -> bool:
        return not self.findings

    @property
    def institution(self) -> str:
        """The institution that the form was made for, in its language; empty where there is no such form."""
        return self.wording.text(self.form.collection.institution) if self.form else ""


def read_form(project: Project, path: Path) -> Reading:
    """Read a filled form and check it.

    Raises
    ------
    MalformedFile
        If it is no workbook that could be read, or none of the forms.
    """
    workbook = read_plain_workbook(path)
    identity = _identity(workbook, path)
    wording = Wording.without_indicators(identity.language if identity.language in languages() else SOURCE_LANGUAGE)
    wrong = _not_this_form(project, identity)
    if wrong:
        return Reading(path, identity, wording, None, [], [wrong])
    form = Form.of(project, read_collection(project, identity.collection), identity.period, wording.language)
    tables = list(_tables(form, workbook))
    findings = [
        *_foreign(workbook.foreign, wording),
        *_sheets(form, workbook),
        *_cover(form, workbook),
        *personal_data_in(workbook.sheets, _own_texts(form), identity.period),
        *(finding for table in tables for finding in _unsettled(table)),
    ]
    return Reading(path, identity, wording, form, tables, list(_first_of_each_cell(findings))[:MOST_FINDINGS])


def _first_of_each_cell(findings: list[Finding]) -> Iterator[Finding]:
    """A cell is told once: a formula is no empty cell besides."""
    seen: set[tuple[str, str]] = set()
    for finding in findings:
        where = (finding.sheet, finding.cell)
        if not finding.cell or where not in seen:
            seen.add(where)
            yield finding


def _identity(workbook: PlainWorkbook, path: Path) -> Identity:
    for sheet in workbook.sheets:
        for row in sheet.rows:
            if len(row) > 1 and row[0] == FORM and (said := Identity.said_in(row[1])):
                return said
    raise malformed(
        "this is not one of the forms",
        where=path.name,
        expected=f"a sheet with a row {FORM}: collection / period / language / version, as workbench collect forms writes it",
        found=f"sheets {', '.join(sheet.name for sheet in workbook.sheets[:5])[:200] or 'none'}",
        hint="copy the figures into the form that was sent",
    )


def _not_this_form(project: Project, identity: Identity) -> Finding | None:
    if identity.collection not in declared_collections(project) or identity.language not in languages():
        return Finding(NOT_DECLARED, said={"form": str(identity)})
    collection = read_collection(project, identity.collection)
    if identity.period not in collection.periods:
        return Finding(NOT_ASKED, said={"period": identity.period})
    if identity.version != collection.version(identity.period):
        return Finding(OLD_FORM)
    return None


def _foreign(foreign: list[Foreign], wording: Wording) -> Iterator[Finding]:
    for one in foreign:
        yield Finding(FOREIGN, one.sheet, one.cell, {"kind": wording.text(one.kind)})


def _sheets(form: Form, workbook: PlainWorkbook) -> Iterator[Finding]:
    expected, found = form.sheet_names, [sheet.name for sheet in workbook.sheets]
    for name in expected:
        if name not in found:
            yield Finding(SHEET_MISSING, said={"sheet": name})
    for name in found:
        if name not in expected:
            yield Finding(SHEET_ADDED, name, said={"sheet": name})


def _cover(form: Form, workbook: PlainWorkbook) -> Iterator[Finding]:
    """What says whose form it is must be as it was sent."""
    cells = next((sheet.rows for sheet in workbook.sheets if sheet.name == form.cover_name), [])
    said = {row[0]: (number, row[1]) for number, row in enumerate(cells, start=1) if len(row) > 1}
    for label, text in form.identifying:
        number, found = said.get(label, (0, ""))
        if found != text:
            cell = f"B{number}" if number else ""
            yield Finding(CHANGED, form.cover_name, cell, {"expected": f"{label}: {text}", "found": found[:80]})


def _tables(form: Form, workbook: PlainWorkbook) -> Iterator[FilledTable]:
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    for table in form.tables:
        if table.sheet in sheets:
            yield read_table(table, sheets[table.sheet])


def _unsettled(table: FilledTable) -> Iterator[Finding]:
    """What is wrong with a table, without the deviations that are explained in their row."""
    explained = {f"{row.number}" for row in table.rows if row.explanation}
    yield from table.findings
    for finding in check_table(table):
        if not (finding.may_be_explained and finding.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") in explained):
            yield finding


def _own_texts(form: Form) -> set[str]:
    texts = {text for row in form.cover for text in row} | {form.title}
    for table in form.tables:
        texts |= {form.wording.text(table.declaration.title), *form.lines(table)}
        texts |= {*table.key_headings, *table.value_headings, *table.earlier_headings}
        texts |= {table.entry(dimension, code) for dimension in table.table.rows for code in table.choices}
        texts |= {table.entry(dimension, code) for row in table.rows() for dimension, code in row.items()}
    return {" ".join(text.split()) for text in texts}
