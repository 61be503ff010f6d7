"""The brief of a sealed edition, on the screen and on paper: two tagged sheets, the same bytes each time, and an editor's word."""

import io
import json
import stat
import zipfile
from itertools import pairwise

import psutil
import pytest
from pypdf import PdfReader

import workbench.page.html as page_html
from browser import CHROMIUM, Visit, barriers
from conftest import copy_project
from workbench.declarations.editions import read_edition
from workbench.editions import unprinted
from workbench.editions.make import make_edition
from workbench.editions.plan import plan, resolve_here
from workbench.editions.single_run import render_alone
from workbench.execution import fingerprint
from workbench.model.errors import FailedRun
from workbench.page import printing

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]

COMMENTARY = """---
author: Made-up Author
date: 2026-11-20
numbers:
  rate: {indicator: recognition_rate_pct}
---
"""
SAID = {
    "en": "This commentary is made up. The recognition rate was {rate}.",
    "lt": "Šis komentaras išgalvotas. Pripažinimo rodiklis buvo {rate}.",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An edition of one brief with a commentary of the greatest length, rendered and sealed: project and outcome."""
    project = copy_project(tmp_path_factory.mktemp("brief") / "project")
    declared = project.params / "editions" / "2022.yaml"
    text = declared.read_text(encoding="utf-8").replace("[asylum_applications]", "[brief]")
    declared.write_text(text, encoding="utf-8")
    folder = project.params / "commentary" / "LT"
    folder.mkdir(parents=True)
    for language, said in SAID.items():
        filled = said + "\n\n" + "Žodis po žodžio. " * 37
        (folder / f"2022.{language}.md").write_text(COMMENTARY + filled, encoding="utf-8")
    outcome = make_edition(project, read_edition(project, 2022))
    assert not outcome.failures, "\n".join(map(str, outcome.failures))
    return project, outcome


@pytest.fixture(params=["en", "lt"])
def language(request):
    return request.param


def file_of(made, name):
    return made[0].outputs / "2022" / "LT" / name


def elements(kid, depth=0):
    """The elements of a structure, each with its kind and what it says of itself."""
    kid = kid.get_object()
    if isinstance(kid, list):
        for one in kid:
            yield from elements(one)
    elif isinstance(kid, dict) and "/S" in kid:
        yield kid
        yield from elements(kid.get("/K", []))


def test_it_is_two_tagged_sheets_of_a4_in_its_language(made, language):
    reader = PdfReader(file_of(made, f"brief.{language}.pdf"))
    root = reader.trailer["/Root"]
    assert len(reader.pages) == 2
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and root["/Lang"] == language
    assert (
        reader.metadata.title
        == {"en": "The year in brief – Lithuania, 2022", "lt": "Metai trumpai – Lietuva, 2022"}[language]
    )
    assert (
        root["/ViewerPreferences"]["/DisplayDocTitle"]
        and reader.metadata.title in root["/Metadata"].get_data().decode()
    )
    assert all(page["/Tabs"] == "/S" for page in reader.pages)
    assert [item.title for item in reader.outline if not isinstance(item, list)]


def test_its_tags_are_those_of_pdf_ua(made, language):
    """What a machine can check of ISO 14289-1 here: headings in order, figures with a text alternative, headers of the table with
    their scope, items of lists with a body."""
    reader = PdfReader(file_of(made, f"brief.{language}.pdf"))
    found = list(elements(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))
    kinds = [element["/S"] for element in found]
    headings = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdecimal()]
    assert headings[0] == 1 and headings.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(headings))
    drawings = [element for element in found if element["/S"] == "/Figure" and "/Alt" in element]
    assert len(drawings) == 1 and len(drawings[0]["/Alt"]) > 40
    scopes = [
        attributes.get_object().get("/Scope")
        for element in found
        if element["/S"] == "/TH"
        for attributes in element["/A"]
        if "/Scope" in attributes.get_object()
    ]
    assert len(scopes) == kinds.count("/TH") and {"/Column", "/Row"} == set(scopes)
    for item in (element for element in found if element["/S"] == "/LI"):
        assert [kid.get_object()["/S"] for kid in item["/K"]] == ["/LBody"]


def test_a_link_leads_to_the_page_beside_it_and_says_so(made):
    page = file_of(made, "brief.en.html").read_text(encoding="utf-8")
    more = '<p class="more"><a href="asylum_applications.en.html">More</a></p>'
    before, points, after = page.partition('<ol class="points">')
    linked = before + points + after.replace("</li>", f"{more}</li>", 1)
    sheets = PdfReader(io.BytesIO(printing.printed(linked, "a brief"))).pages
    (link,) = (note.get_object() for sheet in sheets for note in sheet.get("/Annots", []))
    assert link["/A"]["/URI"] == link["/Contents"] == "asylum_applications.en.html"


def test_its_sentences_can_be_read_out_of_it(made, language):
    record = json.loads(file_of(made, "brief.ipynb").read_text(encoding="utf-8"))
    findings = record["metadata"]["migration_workbench"]["pages"][language]["findings"]
    first, second = (
        " ".join(page.extract_text().split()) for page in PdfReader(file_of(made, f"brief.{language}.pdf")).pages
    )
    assert len(findings) == 5 and all(" ".join(finding.split()) in first for finding in findings)
    assert "Made-up Author" in second and SAID[language].split(".")[0] in second


def test_nothing_of_the_machine_or_of_the_time_is_in_it(made, language):
    content = file_of(made, f"brief.{language}.pdf").read_bytes()
    for trace in (b"CreationDate", b"Chrome", b"Skia", b"file:", b"/ID [", str(made[0].root).encode()):
        assert trace not in content, trace


def test_printed_again_it_has_the_same_bytes(made, language):
    page = file_of(made, f"brief.{language}.html").read_text(encoding="utf-8")
    assert printing.printed(page, "again") == file_of(made, f"brief.{language}.pdf").read_bytes()


def test_it_is_archived_with_the_commentary_and_listed_for_portals(made):
    project, outcome = made
    with zipfile.ZipFile(outcome.sealed.path) as archive:
        names = {name.split("data/")[-1] for name in archive.namelist()}
        crate = next(name for name in archive.namelist() if name.endswith("ro-crate-metadata.json"))
        described = {one["@id"]: one for one in json.loads(archive.read(crate))["@graph"]}
    assert {"studies/LT/brief.en.pdf", "studies/LT/brief.lt.pdf", "params/commentary/LT/2022.en.md"} <= names
    assert described["studies/LT/brief.lt.pdf"]["encodingFormat"] == "application/pdf"
    catalogue = json.loads((project.outputs / "catalog.jsonld").read_text(encoding="utf-8"))
    assert json.dumps(catalogue).count("2022/LT/brief.lt.pdf") >= 2


def test_a_change_of_the_commentary_is_noticed(made, monkeypatch):
    project, _ = made
    path = project.params / "commentary" / "LT" / "2022.en.md"
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(before + "!", encoding="utf-8")
        (planned,) = plan(project, read_edition(project, 2022), resolve_here)
        assert planned.reasons == ("the commentary 2022.en.md changed",)
    finally:
        path.write_text(before, encoding="utf-8")


def test_a_lost_sheet_is_printed_again(made):
    project, _ = made
    path = file_of(made, "brief.lt.pdf")
    content = path.read_bytes()
    path.unlink()
    (planned,) = plan(project, read_edition(project, 2022), resolve_here)
    path.write_bytes(content)
    assert planned.all_reasons == ("brief.lt.pdf is missing or was changed",)


def test_without_a_browser_it_is_made_without_sheets_and_says_so_once(made, monkeypatch):
    project = made[0]
    for module in (fingerprint, unprinted, page_html):
        monkeypatch.setattr(module, "browser", lambda: None)
    path, warned = file_of(made, "brief.en.pdf"), []
    kept = {other: other.read_bytes() for other in path.parent.iterdir()}
    render_alone(project, "brief", {"country": "LT", "year": 2022, "language": "en"}, warn=warned.append)
    assert not path.exists() and 'href="brief.en.pdf"' not in file_of(made, "brief.en.html").read_text(encoding="utf-8")
    assert [str(warning) for warning in warned if "PDF" in str(warning)] == [
        "brief: without PDF, because there is no Chromium or Chrome on the PATH to print it"
    ]
    for other, content in kept.items():
        other.write_bytes(content)


def test_a_browser_that_hangs_is_ended_with_all_that_it_started(tmp_path, monkeypatch):
    hanging = tmp_path / "chromium"
    hanging.write_text("#!/bin/sh\nsleep 4321 &\nwait\n")
    hanging.chmod(hanging.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setattr(printing, "browser", lambda: str(hanging))
    monkeypatch.setattr(printing, "_SECONDS", 1)
    with pytest.raises(FailedRun, match="brief LT 2022 en was not printed: the browser did not end within 1 seconds"):
        printing.printed("<p>x</p>", "brief LT 2022 en")
    assert not [process for process in psutil.process_iter(["cmdline"]) if "4321" in (process.info["cmdline"] or [])]


def test_a_browser_that_cannot_be_started_or_prints_nothing_says_so(tmp_path, monkeypatch):
    silent = tmp_path / "chromium"
    monkeypatch.setattr(printing, "browser", lambda: str(silent))
    with pytest.raises(FailedRun, match="cannot be started"):
        printing.printed("<p>x</p>", "a brief")
    silent.write_text("#!/bin/sh\necho no display >&2\n")
    silent.chmod(0o755)
    with pytest.raises(FailedRun, match=r"printed nothing(.|\n)*no display"):
        printing.printed("<p>x</p>", "a brief")


def test_what_does_not_fit_two_sheets_is_refused(made):
    page = file_of(made, "brief.en.html").read_text(encoding="utf-8")
    longer = page.replace("<p>Žodis", "<p>" + "Žodis po žodžio. " * 400 + "Žodis")
    assert longer != page
    with pytest.raises(FailedRun, match=r"does not fit(.|\n)*found: 3"):
        printing.printed(longer, "a brief")


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 320, "light"), ("en", 1280, "dark"), ("lt", 320, "dark"), ("lt", 1280, "light")],
)
def test_on_the_screen_it_keeps_nobody_out(browser, made, language, width, scheme):
    visit = Visit(browser, file_of(made, f"brief.{language}.html"), width, color_scheme=scheme)
    page = visit.page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not barriers(page, scheme) and visit.complaints == []
    assert page.locator("ol.points > li").count() == 5 and page.locator("h1").count() == 1
    assert page.locator("figure.chart svg:visible").count() >= 1 and page.locator("table caption").count() >= 1


def test_a_number_says_what_it_is_where_the_pointer_is(browser, made):
    page = Visit(browser, file_of(made, "brief.en.html")).page
    page.locator("ol.points a.number").first.hover()
    card = page.locator("#about-number")
    card.wait_for()
    assert "65,110" in card.inner_text() and "migr_asytpsm" in card.inner_text()
