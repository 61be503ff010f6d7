"""Forms that LibreOffice opened and saved are read as they were filled in, and keep what guides whoever fills them in."""

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from filling import ASYLUM, ASYLUM_CELLS, CLEAN, asked_for_2025, filled

from conftest import copy_project
from workbench.data.formats.plain_workbook import Kind, read_plain_workbook
from workbench.partners.read import read_form

pytestmark = [pytest.mark.slow]


def saved_by_libreoffice(folder: Path, form: str, *files: Path) -> dict[str, Path]:
    """The same files, opened and saved by the program in another form."""
    program = shutil.which("soffice")
    if not program and os.environ.get("CI"):
        pytest.fail("CI must have LibreOffice: .ci/run installs it")
    if not program:
        pytest.skip("no LibreOffice on this machine")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [program, profile, "--headless", "--convert-to", form, "--outdir", str(folder / form), *map(str, files)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    made = {file.stem: folder / form / f"{file.stem}.{form}" for file in files}
    assert all(path.exists() for path in made.values()), done.stdout + done.stderr
    return made


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    return asked_for_2025(copy_project(tmp_path_factory.mktemp("collections") / "project"))


@pytest.fixture(scope="module", params=["xlsx", "ods"])
def saved(request, asked, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    wrong = {"B5": "=B6*2", "B6": "28 000", "D6": "Paaiškino Jonas Jonaitis"}
    files = [
        filled(asked, folder / "flows.xlsx", CLEAN | {"D5": "Perkelta iš kito registro."}),
        filled(asked, folder / "asylum.xlsx", ASYLUM_CELLS, ASYLUM),
        filled(asked, folder / "wrong.xlsx", wrong),
    ]
    return saved_by_libreoffice(folder, request.param, *files)


def test_what_it_saved_is_read_as_it_was_filled_in(asked, saved):
    for name in ("flows", "asylum"):
        reading = read_form(asked, saved[name])
        assert reading.is_clean, [(one.sheet, one.cell, one.text(reading.wording)) for one in reading.findings]
    (table,) = read_form(asked, saved["flows"]).tables
    assert [row.figures[0].value for row in table.rows] == list(CLEAN.values())
    assert table.rows[0].explanation == "Perkelta iš kito registro."
    applicants = read_form(asked, saved["asylum"]).tables[0]
    assert [row.codes["citizen"] for row in applicants.rows] == ["TOTAL", "UA", "BY"]


def test_what_is_wrong_is_told_with_its_cell(asked, saved):
    assert [one.cell for one in read_form(asked, saved["wrong"]).findings] == ["B5", "D6", "B6"]
    (formula,) = read_plain_workbook(saved["wrong"]).foreign
    assert (formula.kind, formula.sheet, formula.cell) == (Kind.FORMULA, "Imigracija ir emigracija", "B5")


@pytest.mark.parametrize("saved", ["xlsx"], indirect=True)  # which openpyxl reads
def test_it_keeps_the_locks_lists_and_rules(saved):
    sheet = openpyxl.load_workbook(saved["asylum"])["Prieglobsčio prašytojai"]
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert "Kodai" in rules["list"].formula1 and "ISNUMBER" in rules["custom"].formula1
    assert sheet.protection.sheet and sheet["A5"].protection.locked and not sheet["B5"].protection.locked
