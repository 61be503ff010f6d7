"""Forms say what is asked for, let nothing else be changed, and are the same bytes for the same declaration."""

import openpyxl
import pytest
from filling import ASYLUM, FLOWS, asked_for_2025, form

from workbench.declarations.collections import declared_collections, read_collection
from workbench.model.errors import InvalidDeclaration
from workbench.partners.form import form_bytes


@pytest.fixture
def asked(project):
    return asked_for_2025(project)


@pytest.fixture
def book(asked, tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(form_bytes(form(asked, ASYLUM)))
    return openpyxl.load_workbook(path)


def test_every_collection_has_a_form_in_both_languages_and_the_same_bytes_again(asked):
    for name in declared_collections(asked):
        english, lithuanian = (form_bytes(form(asked, name, language)) for language in ("en", "lt"))
        assert english != lithuanian and lithuanian == form_bytes(form(asked, name, "lt"))


def test_nothing_can_be_changed_but_what_is_asked_for(book):
    sheet = book["Prieglobsčio prašytojai"]
    assert all(one.protection.sheet for one in book.worksheets)
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert {"B5", "C5", "D5", "E5", "A6", "B6", "E65"} <= open_cells
    assert not {"A1", "A4", "B4", "A5", "E4"} & open_cells, "headings and given codes"
    assert not any(not cell.protection.locked for row in book["Viršelis"].iter_rows() for cell in row)


def test_a_spreadsheet_program_offers_the_codes_and_refuses_what_is_no_figure(book):
    rules = {str(rule.sqref): rule for rule in book["Prieglobsčio prašytojai"].data_validations.dataValidation}
    assert rules["A6:A65"].type == "list" and rules["A6:A65"].formula1.startswith("'Kodai'!$A$2:")
    assert rules["B5:B65"].type == "custom" and 'B5=":"' in rules["B5:B65"].formula1
    assert rules["B5:B65"].error == (
        "Įrašykite sveikąjį skaičių nuo 0 be tarpų; „:“, jei duomenų nėra; „c“, jei skaičius konfidencialus."
    )
    codes = [cell.value for cell in book["Kodai"]["A"]]
    assert "UA – Ukraina" in codes and not [code for code in codes if code.startswith("TOTAL")]


def test_the_cover_says_who_what_until_when_and_by_which_definition(book):
    said = {row[0].value: row[1].value for row in book["Viršelis"].iter_rows()}
    assert said["Institucija"] == "Migracijos departamentas prie Vidaus reikalų ministerijos"
    assert said["Prašome atsiųsti iki"] == "2026 m. kovo 2 d."
    assert "asmuo, ataskaitiniais metais" in said["Prieglobsčio prašytojai"]


def test_the_year_before_stands_beside(asked, tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(form_bytes(form(asked, FLOWS)))
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert [cell.value for cell in sheet[4]] == ["Kas skaičiuojama", "Asmenys\n2025", "Asmenys\n2024", "Paaiškinimas"]
    assert [cell.value for cell in sheet[5]] == ["Imigrantai", None, 51_845, None]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("institution:", "colour: red\ninstitution:", "unknown key colour"),
        ("rows: {measure: [IMMIGRANTS, EMIGRANTS]}", "rows: {measure: [IMMIGRANT]}", "IMMIGRANTS"),
        ("rows: {measure: [IMMIGRANTS, EMIGRANTS]}", "rows: {colour: [RED]}", "a dimension that has a code list"),
        ("2025: 2026-03-02", "2025: 2025-03-02", "a day after the end of the period"),
        ("2025: 2026-03-02", "25: 2026-03-02", "a year, such as 2026"),
        ("dataset: lsd_migration_flows", "dataset: lsd_flows", "the dataset lsd_flows is not declared"),
        ("country: LT", "country: Lithuania", "LT is the code of Lithuania"),
        ("jump: {times: 1.5, least: 1000}", "sums: [{dimension: sex, total: T}]", "a dimension of the rows or columns"),
    ],
)
def test_a_declaration_is_refused_with_what_it_must_say(asked, old, new, said):
    declared = asked.params / "collections" / f"{FLOWS}.yaml"
    declared.write_text(declared.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidDeclaration) as refused:
        read_collection(asked, FLOWS)
    assert said in str(refused.value)


def test_a_dataset_of_a_collection_says_that_it_comes_by_a_form(project):
    declared = project.params / "datasets" / "urm_visas.yaml"
    declared.write_text(declared.read_text(encoding="utf-8").replace("comes_by: form\n", ""), encoding="utf-8")
    with pytest.raises(InvalidDeclaration, match="urm_visas does not say that it comes by a form"):
        read_collection(project, "lt_ministry_of_foreign_affairs")
