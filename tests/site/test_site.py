"""The catalogue over a made-up ``outputs/`` folder: complete, inert, one vintage a column, nothing stale, missing never zero."""

import json
import math
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import lxml.html
import matplotlib
import pytest

from workbench.declarations.codelists import members
from workbench.declarations.indicators import read_indicators
from workbench.model.errors import WorkbenchError
from workbench.model.paths import Project
from workbench.model.record import EditionNote, Record, Source
from workbench.model.results_csv import results_csv
from workbench.model.sentence import Sentence
from workbench.model.types import Result
from workbench.page.numbers import ShownNumber, shown_numbers
from workbench.presentation.about import about
from workbench.presentation.charts.lines import Lines
from workbench.presentation.share_picture import SharePicture, png
from workbench.presentation.wording import Wording
from workbench.site.build import write_site
from workbench.site.inventory import read_site

OLD, NEW = "2024-01-18", "2025-03-31"
# Without a number, which no finding may have.
HOSTILE = '"><img src=x onerror=alert(x)><script>alert(y)</script>'
MEMBERS = members("EU27_2020", 2022)


def made_up(indicator="asylum_applicants", geo="LT", time="2022", value=1025.0, vintage=OLD, flags="", **other):
    """A result that nobody measured."""
    unit = {"applicants_minor_share_pct": "%"}.get(indicator, "persons")
    flags = "x" if math.isnan(value) and not flags else flags
    parts = {"breakdown": "", "low": value, "high": value, "unit": unit, "dataset": "migr_asyappctza", **other}
    return Result(indicator=indicator, geo=geo, time=time, value=value, flags=flags, vintage=vintage, **parts)


def put(
    project,
    country="LT",
    year=2022,
    languages=("en", "lt"),
    results=(),
    study="asylum_applications",
    sealed=None,
    edition=True,
    in_edition=None,
    vintages=None,
    **said,
):
    """Put a made-up study into ``outputs/``, as rendering one would: sealed in all languages that it has, unless told."""
    folder = project.outputs / (in_edition or str(year)) / country
    folder.mkdir(parents=True, exist_ok=True)
    for language in languages:
        (folder / f"{study}.{language}.html").write_text("<!DOCTYPE html><title>made up</title>", encoding="utf-8")
        (folder / f"{study}.{language}.xlsx").write_bytes(b"made up")
    findings = said.pop("findings", [f"Finding {letter} of {country}." for letter in "ABCD"])
    record = Record(
        study=study,
        country=country,
        year=year,
        parameters={},
        sources=tuple(source(vintage) for vintage in sorted({result.vintage for result in results})),
        findings=tuple(one if isinstance(one, Sentence) else Sentence(one, {}) for one in findings),
        notes=(),
        results=(),
        **{"title": "Asylum applications", "summary": "", "topic": "asylum", **said},
    )
    note = made_up_edition(year, languages) if edition is True else edition or None
    made = sorted(path.name.split(".")[1] for path in folder.glob(f"{study}.*.html"))
    said_by = {
        language: about(record, note, Wording(language, read_indicators(project))).as_json()
        | {"status": "sealed" if sealed is None or language in sealed else "draft"}
        for language in made
    }
    chosen = {"vintages": vintages} if vintages else {}
    notebook = {"metadata": {"migration_workbench": {"pages": said_by, **chosen}}, "cells": []}
    (folder / f"{study}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / f"{study}.results.csv").write_text(results_csv(results), encoding="utf-8")


def made_up_edition(year, languages=("en", "lt"), **said):
    about = {
        "title": f"Report {year}",
        "publisher": "Made-up publisher",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "released": f"{year + 1}-05-07",
        "languages": tuple(languages),
    }
    return EditionNote(**{**about, **said})


def source(vintage):
    return Source(
        agency="estat", dataset="migr_asyappctza", vintage=vintage, sha256="0" * 64, provider="Eurostat",
        title="Asylum applicants", licence="", url=None, metadata_url="",
    )  # fmt: skip


@pytest.fixture
def filled(project) -> Project:
    """Two editions of made-up studies: 2022 of all Member States in one vintage, 2023 of two countries in another."""
    everywhere = [made_up(geo=geo, value=100.0 + 10 * place) for place, geo in enumerate(MEMBERS) if geo != "MT"]
    missing = made_up(geo="MT", value=math.nan)
    union = made_up(geo="EU27_2020", value=99_000.0)
    before = [made_up(time=str(year), value=500.0 + year - 2010) for year in range(2010, 2022)]
    put(project, "LT", 2022, results=[*everywhere, missing, union, *before])
    put(project, "EE", 2022, results=[made_up(geo="EE", value=170.0), made_up(geo="EE", time="2021", value=75.0)])
    put(project, "LT", 2023, results=[
        made_up(time="2022", value=1035.0, vintage=NEW),
        made_up(time="2023", value=575.0, vintage=NEW, flags="p"),
        made_up(geo="LV", time="2023", value=1700.0, vintage=NEW),
        made_up(geo="EE", time="2023", value=3900.0, vintage=NEW),
    ])  # fmt: skip
    project.archives.mkdir()
    (project.archives / "2022-r1.zip").write_bytes(b"0" * 1_240_000)
    return project


def pages(project: Project) -> dict[str, str]:
    """All pages of the catalogue by their address."""
    found = (
        path
        for pattern in ("*.html", "countries/*.html", "datasets/*.html", "indicators/*.html")
        for path in project.outputs.glob(pattern)
    )
    return {path.relative_to(project.outputs).as_posix(): path.read_text(encoding="utf-8") for path in sorted(found)}


def numbers_of(page: str) -> list[ShownNumber]:
    """The numbers on a page."""
    return list(shown_numbers(lxml.html.fromstring(page)))


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text of each table cell by row."""

    def __init__(self, page: str):
        super().__init__()
        self.elements, self.rows, self._in_cell = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, text):
        if self._in_cell:
            self.rows[-1][-1] += text.replace("\N{NO-BREAK SPACE}", " ")

    def row(self, name: str, which: int = 0) -> list[str]:
        return [[cell.strip() for cell in row] for row in self.rows if row and row[0].strip() == name][which]


def table(page: str, kind: str) -> Elements:
    return Elements(re.search(rf'<table class="{kind}">.*?</table>', page, re.DOTALL).group())


# What there is


def test_there_are_pages_for_each_language_country_and_indicator(filled):
    assert write_site(filled) == filled.outputs / "index.html"
    stems = (
        "compare", "countries/EE", "countries/LT", "datasets/migr_asyappctza", "glossary", "indicators/asylum_applicants",
    )  # fmt: skip
    expected = {
        "index.html",
        "index.lt.html",
        *(f"{stem}.{language}.html" for stem in stems for language in ("en", "lt")),
    }
    assert set(pages(filled)) == expected


def test_an_empty_folder_has_a_first_page(project):
    write_site(project)
    assert set(pages(project)) == {"index.html"}
    assert "workbench edition 2022" in pages(project)["index.html"]


def test_the_first_page_names_every_edition_study_and_archive(filled):
    write_site(filled)
    page = pages(filled)["index.html"]
    assert page.count('<li class="study"') == 3
    assert table(page, "editions").row("2022") == ["2022", "Report 2022", "7 May 2023", "2", "2022-r1 (1.2 MB)"]
    hrefs = {attributes["href"] for tag, attributes in Elements(page).elements if tag == "a"}
    assert {f"2022/LT/asylum_applications.{kind}" for kind in ("en.html", "lt.html", "results.csv", "en.xlsx")} <= hrefs
    assert {"archive/2022-r1.zip", "countries/LT.en.html", "indicators/asylum_applicants.en.html", "feed.xml"} <= hrefs


def test_what_is_new_is_what_was_released_last(filled):
    put(filled, "EE", 2021, edition=made_up_edition(2021, title="Late report", released="2030-01-01"))
    write_site(filled)
    new = re.search(r'<ul class="cards releases">.*?</ul>', pages(filled)["index.html"], re.DOTALL).group()
    assert re.findall(r'datetime="(.*?)"', new) == ["2030-01-01", "2024-05-07", "2023-05-07"]
    assert "1 January 2030" in new and "Late report" in new


def test_the_first_page_says_one_finding_of_a_study_and_the_country_page_two_in_the_open(filled):
    write_site(filled)
    for card in cards(pages(filled)["index.html"], 3):
        assert "Finding A" in card and "Finding B" not in card
    for card in cards(pages(filled)["countries/LT.en.html"], 2):
        before, folded = card.split("<details>")
        assert "Finding B" in before and "Finding C" in folded and "2 more findings" in folded


def cards(page: str, number: int) -> list[str]:
    found = re.findall(r'<li class="study".*?</p>\s*</li>', page, re.DOTALL)
    assert len(found) == number
    return found


def test_a_study_that_lacks_the_language_is_listed_in_the_one_it_has(filled):
    put(filled, "LV", 2022, languages=("en",), title="Only in English")
    write_site(filled)
    page = pages(filled)["index.lt.html"]
    assert re.search(r'<h4 lang="en"><a href="2022/LV/asylum_applications.en.html" hreflang="en">Only in English', page)
    assert "2022/LV/asylum_applications.lt.html" not in page


def test_a_study_without_an_edition_is_listed(filled):
    put(filled, "LT", 2019, edition=None)
    write_site(filled)
    assert table(pages(filled)["index.html"], "editions").row("2019")[1] == "Studies outside an edition"


def test_files_that_are_not_there_are_not_offered(filled):
    for path in filled.outputs.glob("2022/EE/*.xlsx"):
        path.unlink()
    (filled.outputs / "2022" / "EE" / "asylum_applications.results.csv").unlink()
    write_site(filled)
    assert "2022/EE/asylum_applications.en.xlsx" not in pages(filled)["index.html"]
    assert "2022/EE/asylum_applications.results.csv" not in pages(filled)["index.html"]


def test_a_study_has_a_page_for_each_language_whose_file_is_there(filled):
    put(filled, "LV", 2022, languages=("en",))
    (filled.outputs / "2022" / "EE" / "asylum_applications.lt.html").unlink()
    (filled.outputs / "2022" / "LT" / "asylum_applications.zz.html").touch()  # no language
    listed = {
        (page.html, page.language, page.title, page.place) for page in read_site(filled).pages if page.year == 2022
    }
    stem, title = "asylum_applications", {"en": "Asylum applications", "lt": "Prieglobsčio prašymai"}
    assert listed == {
        (f"2022/EE/{stem}.en.html", "en", title["en"], "Estonia"),
        (f"2022/LV/{stem}.en.html", "en", title["en"], "Latvia"),
        (f"2022/LT/{stem}.en.html", "en", title["en"], "Lithuania"),
        (f"2022/LT/{stem}.lt.html", "lt", title["lt"], "Lietuva"),
    }
    assert {page.notebook for page in read_site(filled).pages if page.country == "LT" and page.year == 2022} == {
        f"2022/LT/{stem}.ipynb"
    }


def test_a_study_can_be_sealed_in_one_language_and_a_draft_in_another(filled):
    put(filled, "LV", 2022, sealed=["en"])
    put(filled, "AT", 2022, sealed=[])
    write_site(filled)
    states = {(page.country, page.language): page.status for page in read_site(filled).pages if page.year == 2022}
    assert states == {
        ("AT", "en"): "draft", ("AT", "lt"): "draft", ("EE", "en"): "sealed", ("EE", "lt"): "sealed",
        ("LT", "en"): "sealed", ("LT", "lt"): "sealed", ("LV", "en"): "sealed", ("LV", "lt"): "draft",
    }  # fmt: skip
    for index, word in (("index.html", "Draft"), ("index.lt.html", "Juodraštis")):
        cards = re.findall(r'<li class="study".*?</p>\s*</li>', pages(filled)[index], re.DOTALL)
        drafts = {re.search(r"2022/(\w\w)/", card).group(1) for card in cards if f">{word}<" in card}
        assert drafts == {"AT"} | ({"LV"} if index == "index.lt.html" else set())


def test_an_executed_notebook_of_the_layout_before_is_no_study(filled):
    """Its name had a language, its metadata no record; it may be deleted, and lies beside the new one until then."""
    before = read_site(filled)
    older = {"metadata": {"migration_workbench": {"study": "asylum_applications", "language": "en"}}, "cells": []}
    (filled.outputs / "2022" / "LT" / "asylum_applications.en.ipynb").write_text(json.dumps(older), encoding="utf-8")
    assert read_site(filled) == before


# Nothing runs, nothing leads astray


def test_what_comes_from_data_is_inert(filled):
    declared = filled.params / "indicators.yaml"
    text = declared.read_text(encoding="utf-8")
    for own in (
        "label: Asylum applicants\n",
        "definition: All applicants for international protection, first-time and",
    ):
        text = text.replace(
            own, own.rstrip("\n") + " " + HOSTILE.replace(":", "") + ("\n" if own.endswith("\n") else "")
        )
    declared.write_text(text, encoding="utf-8")
    put(filled, "LV", 2022, results=[made_up(geo="LV")], title=HOSTILE, findings=[HOSTILE] * 3,
        summary=HOSTILE, topic=HOSTILE, edition=made_up_edition(2022, title=HOSTILE, publisher=HOSTILE,
            licence="javascript:alert(3)", released="2031-01-01"))  # fmt: skip
    write_site(filled)
    assert len(pages(filled)) == 16
    for path, page in pages(filled).items():
        elements = Elements(page).elements
        scripts = [attributes.get("type") for tag, attributes in elements if tag == "script"]
        assert scripts.count(None) == 1 and set(scripts) <= {None, "application/json"}, path
        for tag, attributes in elements:
            assert tag not in {"img", "iframe", "object", "embed", "base"}, path
            assert not any(name.startswith("on") or name in {"style", "srcdoc"} for name in attributes), (path, tag)
            leads_outside = attributes.get("rel") in ("external", "canonical")
            refused = ("javascript:",) if leads_outside else ("javascript:", "http:", "https:", "//")
            assert not attributes.get("href", "").strip().lower().startswith(refused)


def test_a_name_that_is_an_address_leads_nowhere(filled):
    put(filled, "LV", 2022)
    for notebook in filled.outputs.glob("2022/LV/*.ipynb"):
        said = notebook.read_text(encoding="utf-8").replace(
            '"study": "asylum_applications"', '"study": "javascript:alert(1)?x#y"'
        )
        notebook.write_text(said, encoding="utf-8")
    write_site(filled)
    hrefs = [attributes.get("href", "") for _, attributes in Elements(pages(filled)["index.html"]).elements]
    assert "2022/LV/javascript%3Aalert%281%29%3Fx%23y.en.html" in hrefs


@pytest.mark.parametrize(
    ("written", "instead", "what"),
    [
        ('"summary": ""', '"abstract": ""', "another version of the workbench wrote its notebook"),
        ('"findings": [', '"found": [', "another version of the workbench wrote its notebook"),
    ],
    ids=["text", "list"],
)
def test_a_study_that_cannot_be_listed_is_named_and_nothing_is_written(filled, written, instead, what):
    write_site(filled)
    before = pages(filled)
    put(filled, "LV", 2022)
    (notebook,) = filled.outputs.glob("2022/LV/*.ipynb")
    said = notebook.read_text(encoding="utf-8")
    assert said.count(written)
    notebook.write_text(said.replace(written, instead), encoding="utf-8")
    with pytest.raises(WorkbenchError, match=re.escape(what)) as caught:
        write_site(filled)
    assert caught.value.where.startswith(str(notebook.with_suffix(""))) and "make the study again" in caught.value.hint
    assert pages(filled) == before and not list(filled.root.rglob("elsewhere*"))


def test_the_policy_holds_no_exception(filled):
    write_site(filled)
    for page in pages(filled).values():
        (policy,) = [a["content"] for _, a in Elements(page).elements if a.get("http-equiv")]
        expected = r"default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; img-src data:; base-uri 'none'; form-action 'none'"
        assert re.fullmatch(expected, policy)
        assert "<style " not in page and " style=" not in page


def test_links_are_relative_and_lead_to_files_and_places_that_are_there(filled):
    write_site(filled)
    own = pages(filled)
    ids = {path: {a["id"] for _, a in Elements(page).elements if "id" in a} for path, page in own.items()}
    for path, page in own.items():
        for _, attributes in Elements(page).elements:
            href = attributes.get("href", "")
            if not href or href.startswith(("data:", "mailto:")) or attributes.get("rel") in ("external", "canonical"):
                continue
            address, _, place = href.partition("#")
            address = address.partition("?")[0]
            target = (filled.outputs / path).parent / unquote(address) if address else filled.outputs / path
            assert target.resolve().is_file(), (path, href)
            relative = target.resolve().relative_to(filled.outputs.resolve()).as_posix()
            assert not place or place in ids[relative], (path, href)


# Always the same, nothing stale


def test_the_same_folder_gives_the_same_bytes(filled):
    write_site(filled)
    first = pages(filled)
    write_site(filled)
    assert pages(filled) == first


def test_pages_of_what_is_gone_are_removed(filled):
    write_site(filled)
    for path in filled.outputs.glob("2022/EE/*"):
        path.unlink()
    stray = filled.outputs / "indicators" / "gone.en.html"
    stray.write_text("", encoding="utf-8")
    write_site(filled)
    assert "countries/EE.en.html" not in pages(filled) and "indicators/gone.en.html" not in pages(filled)
    for path in filled.outputs.glob("*/LT/*.lt.html"):
        path.unlink()
    write_site(filled)
    assert not any(".lt." in path for path in pages(filled))


# Numbers


def test_a_column_has_one_vintage_and_a_change_of_vintage_is_a_seam(filled):
    write_site(filled)
    years = table(pages(filled)["indicators/asylum_applicants.en.html"], "years")
    assert years.rows[0][1:] == [OLD, NEW]
    assert years.rows[1][-2:] == ["2022", "2023"]
    # Of 2022 both vintages hold Lithuania: the one with most countries stands, for all of them.
    assert years.row("Lithuania")[-2:] == ["260", "575 [p]"]
    assert years.row("Latvia")[-2:] == ["280", "1,700"]
    seams = [attributes for tag, attributes in years.elements if "seam" in attributes.get("class", "")]
    assert len(seams) == 2 + len(years.rows) - 2
    keys = {
        (a["data-result"].split("|")[3], a["title"].split("vintage ")[1][:10])
        for t, a in years.elements
        if t == "a" and "title" in a
    }
    assert len(keys) == len({time for time, _ in keys})


def test_where_two_studies_disagree_the_countrys_own_stands(filled):
    write_site(filled)
    years = table(pages(filled)["indicators/asylum_applicants.en.html"], "years")
    # 170 in Estonia's own study, 170 by its place among all in Lithuania's: make them differ.
    put(filled, "EE", 2022, results=[made_up(geo="EE", value=171.0)])
    write_site(filled)
    changed = table(pages(filled)["indicators/asylum_applicants.en.html"], "years")
    assert years.row("Estonia")[-2] == "170" and changed.row("Estonia")[-2] == "171"


def test_missing_is_said_and_is_never_zero(filled):
    put(filled, "LT", 2023, results=[made_up(geo=geo, time="2022", value=5.0, vintage=NEW) for geo in ("LT", "LV")])
    write_site(filled)
    page = pages(filled)["indicators/asylum_applicants.en.html"]
    ranked, years = table(page, "ranked"), table(page, "years")
    assert "Malta" not in {row[0].strip() for row in ranked.rows}
    assert re.search(r"Not available:</strong> Malta \[x\]\.", page)
    assert "Malta" not in {row[0].strip() for row in years.rows}, "only places with data have a row"
    assert years.row("Austria")[1] == "" and not any(cell == "0" for row in years.rows for cell in row)


def test_the_union_is_set_apart_and_has_no_rank(filled):
    write_site(filled)
    page = pages(filled)["indicators/asylum_applicants.en.html"]
    assert "Countries compared, 2023" in page
    for path in filled.outputs.glob("2023/LT/*"):
        path.unlink()
    write_site(filled)
    page = pages(filled)["indicators/asylum_applicants.en.html"]
    assert "Countries compared, 2022" in page
    rows = table(page, "ranked").rows
    assert rows[1][1] == "99,000" and rows[1][3] == ""
    assert [row[3].strip() for row in rows[2:]] == [str(place) for place in range(1, 27)]
    values = [int(row[1]) for row in rows[2:]]
    assert values == sorted(values, reverse=True)


def test_no_ranks_where_not_all_member_states_were_asked_about(filled):
    write_site(filled)
    page = pages(filled)["indicators/asylum_applicants.en.html"]
    assert len(table(page, "ranked").rows[1]) == 3 and "_rank_eu27" not in page
    assert re.search(r"No study publishes in this vintage:</strong> Austria, ", page)


def test_a_countrys_figures_are_of_its_newest_edition(filled):
    write_site(filled)
    page = pages(filled)["countries/LT.en.html"]
    rows = Elements(re.search(r"<table>.*?</table>", page, re.DOTALL).group()).rows
    assert [[cell.strip() for cell in row] for row in rows[1:]] == [["2022", "1,035"], ["2023", "575 [p]"]]
    assert f"migr_asyappctza, vintage {NEW}" in page and OLD not in page
    assert "provisional" in page
    # Latvia's number, published in Lithuania's study, is not Lithuania's.
    assert "1,700" not in page


@pytest.fixture
def with_latest(filled) -> Project:
    """The edition latest beside those of years: of one study the year that an edition has too, of the other a newer one."""
    note = made_up_edition(2025, title="Latest figures", released="2026-11-24", remark="the newest year with data")
    both = [made_up(time="2024", value=570.0, vintage=OLD), made_up(time="2024", value=590.0, vintage=NEW)]
    last = made_up(indicator="first_permits", time="2023", value=53.0, vintage=NEW, dataset="migr_resfirst")
    chosen = {"migr_asyappctza": OLD, "migr_resfirst": NEW}
    latest = {"in_edition": "latest", "edition": note, "vintages": chosen}
    put(filled, "LT", 2024, results=[made_up(time="2023", value=560.0), *both], **latest)
    put(filled, "LT", 2023, results=[last], study="legal_migration", title="Legal migration", **latest)
    put(filled, "LT", 2024, results=[made_up(time="2024", value=580.0, vintage=NEW)])
    (filled.archives / "latest-r1.zip").write_bytes(b"0" * 1_240_000)
    return filled


def test_latest_is_an_edition_of_its_own_before_all_years(with_latest):
    write_site(with_latest)
    page = pages(with_latest)["index.html"]
    editions = table(page, "editions")
    assert [row[0] for row in editions.rows[1:]] == ["Newest year of each topic", "2024", "2023", "2022"]
    assert editions.row("Newest year of each topic")[1:] == [
        "Latest figures", "24 November 2026", "2", "latest-r1 (1.2 MB)",
    ]  # fmt: skip
    years = re.search(r'<select id="in-year".*?</select>', page, re.DOTALL).group()
    assert re.findall(r'<option value="(\d+)">', years) == ["2024", "2023", "2022"]
    assert "Lithuania, 2024 – the newest year with data</span>" in page
    assert (
        'href="latest/LT/asylum_applications.en.html"' in page and 'href="2024/LT/asylum_applications.en.html"' in page
    )


def test_a_countrys_figures_are_each_of_its_newest_year_where_latest_has_them(with_latest):
    """The vintage that its run chose speaks, not the newest; nor what the edition of the same year has."""
    write_site(with_latest)
    page = pages(with_latest)["countries/LT.en.html"]
    assert '<span class="place">Newest year of each topic</span>' in page
    topics = re.search(r'<ul class="tiles topics">.*?</section>', page, re.DOTALL).group()
    assert re.findall(r'<h3><a href="../(.*?)"', topics) == [
        "latest/LT/asylum_applications.en.html",
        "latest/LT/legal_migration.en.html",
    ]
    tiles = re.findall(r'class="at-large"><a [^>]*data-result="(.*?)"', page)
    assert tiles == [f"asylum_applicants|LT||2024|migr_asyappctza|{OLD}", f"first_permits|LT||2023|migr_resfirst|{NEW}"]


def test_a_topic_is_not_told_by_what_a_stock_gained(project):
    """Where it began within the year, its gain is the stock."""
    stock = [made_up(f"temporary_protection_{one}", value=65_000.0) for one in ("granted", "gain", "granted_less_gain")]
    put(project, study="temporary_protection", results=stock)
    write_site(project)
    page = pages(project)["countries/LT.en.html"]
    topics = re.search(r'<ul class="tiles topics">.*?</section>', page, re.DOTALL).group()
    assert "temporary_protection_granted|LT" in topics and "gain" not in topics
    assert any(one.key.startswith("temporary_protection_gain|LT") for one in numbers_of(page))


def test_latest_decides_between_vintages_on_the_page_of_an_indicator(with_latest):
    write_site(with_latest)
    years = table(pages(with_latest)["indicators/asylum_applicants.en.html"], "years")
    assert years.row("Lithuania")[-1] == "570"


def test_every_number_is_defined_on_its_page(filled):
    write_site(filled)
    for path, page in pages(filled).items():
        elements = Elements(page).elements
        ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
        assert len(ids) == len(set(ids)), path
        numbers = numbers_of(page)
        assert all(one.definition in ids for one in numbers), path
        assert bool(numbers) == path.startswith(("index", "countries", "indicators"))


def test_the_languages_show_the_same_numbers(filled):
    write_site(filled)
    own = pages(filled)
    for path in own:
        if path.endswith(".en.html"):
            both = [sorted(one.key for one in numbers_of(own[page])) for page in (path, path.replace(".en.", ".lt."))]
            assert both[0] == both[1] and (both[0] or not path.startswith(("countries", "indicators"))), path
    assert own["index.html"].count('<li class="study"') == own["index.lt.html"].count('<li class="study"')


def test_the_numbers_can_be_saved(filled):
    write_site(filled)
    for path in ("countries/LT.en.html", "indicators/asylum_applicants.en.html"):
        saved = [a["href"] for _, a in Elements(pages(filled)[path]).elements if "download" in a]
        files = [(filled.outputs / path).parent / href for href in saved if "/" not in href]
        assert {file.suffix for file in files} >= {".csv"} and all(file.is_file() for file in files), path
        for file in files:
            text = file.read_text(encoding="utf-8")
            assert text.startswith("<?xml" if file.suffix == ".svg" else "indicator,"), file


# For machines


def test_a_page_says_its_address_and_the_picture_of_a_shared_link(filled):
    write_site(filled)
    assert (
        (filled.outputs / "robots.txt").read_text().endswith("Sitemap: https://migration-studies.example/sitemap.xml\n")
    )
    drawn = {path.relative_to(filled.outputs).as_posix() for path in filled.outputs.glob("share/*.png")}
    shown = set()
    for path, page in pages(filled).items():
        elements = Elements(page).elements
        (canonical,) = [a["href"] for tag, a in elements if tag == "link" and a.get("rel") == "canonical"]
        assert canonical == f"https://migration-studies.example/{path}"
        # What validators of HTML find in addresses.
        assert not any(" " in attributes.get("href", "") for _, attributes in elements), path
        own = {a["hreflang"]: a["href"] for tag, a in elements if tag == "link" and "hreflang" in a}
        assert set(own) == {"en", "lt"} and all("://" not in href for href in own.values())
        said = {a["property"]: a["content"] for _, a in elements if a.get("property", "").startswith("og:")}
        assert said["og:title"] and said["og:url"] == canonical
        shown.add(said["og:image"].removeprefix("https://migration-studies.example/"))
    assert shown == drawn, "no picture is missing, none is left over"
    for path in drawn:
        picture = (filled.outputs / path).read_bytes()
        assert picture.startswith(b"\x89PNG") and b"Software" not in picture


def test_a_picture_has_the_same_bytes_whenever_it_is_drawn():
    picture = SharePicture(
        "Title", "Site", "Asylum applicants. Lithuania, 2022", "1,025", (("2021", 3940.0), ("2022", 1025.0))
    )
    drawn = png.__wrapped__(picture)
    with matplotlib.rc_context({"figure.autolayout": True}):
        assert png.__wrapped__(picture) == drawn


def test_a_chart_is_drawn_again_only_if_it_changed(filled, monkeypatch):
    write_site(filled)
    whole, drawn = pages(filled), []
    svg = Lines.svg
    monkeypatch.setattr(Lines, "svg", lambda chart, *rest: drawn.append(chart) or svg(chart, *rest))
    write_site(filled)
    assert not drawn and pages(filled) == whole
    put(filled, "LT", 2021, results=[made_up(time="2009", value=77.0)])
    write_site(filled)
    assert len(drawn) == 2, "once in each language"
    (filled.journal / "drawings.json").write_text("{")
    write_site(filled)
    assert len(drawn) > 2


# Other countries


def test_other_countries_are_computed_only_where_the_formula_confirms_what_is_published(filled):
    """The made-up numbers are not those of the snapshot: nothing stands beside them. True ones are joined by the others."""
    write_site(filled)
    assert "are computed by the same formula" not in pages(filled)["indicators/asylum_applicants.en.html"]
    true = made_up(geo="LT", value=1025.0, low=1022.5, high=1027.5)
    for path in filled.outputs.glob("20*/*/*"):
        path.unlink()
    put(filled, "LT", 2022, results=[true])
    write_site(filled)
    page = pages(filled)["indicators/asylum_applicants.en.html"]
    assert "are computed by the same formula" in page
    ranked = table(page, "ranked")
    assert ranked.row("Lithuania")[1] == "1,025" and len(ranked.rows) > 27
