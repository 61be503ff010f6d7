"""Forms as institutions fill them in: written by the workbench, filled by another library, as a spreadsheet program would."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl

from workbench.declarations.collections import read_collection
from workbench.model.paths import Project
from workbench.partners.form import Form, form_bytes

FLOWS, ASYLUM = "lt_state_data_agency", "lt_migration_department"
PERIOD = "2025"
CLEAN = {"B5": 44_000, "B6": 28_000}
"""Figures of the flows that call for nothing."""


def asked_for_2025(project: Project) -> Project:
    """The collections ask for a year that has ended, whatever the day."""
    for declared in (project.params / "collections").glob("*.yaml"):
        declared.write_text(
            declared.read_text(encoding="utf-8").replace("2026: 2027-03-01", "2025: 2026-03-02"), encoding="utf-8"
        )
    return project


def form(project: Project, collection: str = FLOWS, language: str = "lt", period: str = PERIOD) -> Form:
    return Form.of(project, read_collection(project, collection), period, language)


def filled(
    project: Project,
    path: Path,
    cells: Mapping[str, object] | Mapping[str, Mapping[str, object]],
    collection: str = FLOWS,
    language: str = "lt",
    period: str = PERIOD,
    change: Callable[[openpyxl.Workbook], None] = lambda book: None,
) -> Path:
    """A form with these cells filled in: those of its first table, or by the number of the table."""
    path.write_bytes(form_bytes(form(project, collection, language, period)))
    book = openpyxl.load_workbook(path)
    by_table = cells if all(isinstance(value, dict) for value in cells.values()) and cells else {1: cells}
    for table, given in by_table.items():
        for cell, value in given.items():
            book.worksheets[table][cell] = value
    change(book)
    book.save(path)
    return path


ASYLUM_CELLS = {
    1: {"B5": 30, "C5": 25, "D5": ":", "A6": "UA – Ukraina", "B6": 20, "C6": 20, "D6": 0, "A7": "BY", "B7": 10, "C7": 5, "D7": "c"},
    2: {**dict(zip(("B5", "C5", "D5", "E5", "F5", "G5"), (9, 6, 3, 2, 1, 3))), "A6": "Sirija",
        **dict(zip(("B6", "C6", "D6", "E6", "F6", "G6"), (9, 6, 3, 2, 1, 3)))},
    3: {**dict(zip(("B5", "C5", "D5", "E5", "F5"), (10, 4, 3, 2, 1))), "A6": "UA – Ukraina",
        **dict(zip(("B6", "C6", "D6", "E6", "F6"), (10, 4, 3, 2, 1)))},
    4: {"B5": 5, "C5": 2, "D5": 3, "B6": 5, "C6": 2, "D6": 3},
}  # fmt: skip
"""A whole form of four tables in which nothing is wrong."""


def libreoffice() -> str | None:
    """The program, where it is installed."""
    return shutil.which("soffice")
