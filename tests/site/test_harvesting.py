"""What others harvest from the catalogue: DCAT-AP, Atom, the sitemap, and the JSON-LD of a study's page."""

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pyshacl
import pytest
import yaml
from rdflib import DCTERMS, FOAF, PROV, RDF, XSD, Graph, Literal, Namespace, URIRef

from conftest import ROOT, copy_project
from workbench.declarations.indicators import read_indicators
from workbench.declarations.site import read_site_declaration
from workbench.model.errors import InvalidDeclaration, WorkbenchError
from workbench.model.paths import Project
from workbench.model.record import About, EditionNote, Record, Source
from workbench.model.results_csv import results_csv
from workbench.model.sentence import Period, Sentence
from workbench.model.types import Result
from workbench.page.schema_org import covered_days, schema_org
from workbench.presentation.about import about
from workbench.presentation.wording import Wording
from workbench.site import sitemap
from workbench.site.atom import write_feed
from workbench.site.dcat import write_dcat
from workbench.site.inventory import read_site
from workbench.site.sitemap import write_sitemap

ADDRESS = "https://migration-studies.example/"
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib knows an older version
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
HOSTILE = "</script><script>alert(1)</script><!-- & \N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR} \" ' ]]>"

# Mandatory and recommended properties of DCAT-AP 3.0.0 with their ranges
# (https://semiceu.github.io/DCAT-AP/releases/3.0.0/): what has a class there must have it here, for nothing is looked up.
# Left out are the recommended ones that nobody declares: dct:type of an agent and of a licence.
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <urn:shapes:> .

:Catalog a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property
    [ sh:path dct:title ; sh:minCount 1 ; sh:datatype <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> ; sh:uniqueLang true ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
    [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
    [ sh:path dcat:dataset ; sh:minCount 1 ; sh:class dcat:Dataset ] ,
    [ sh:path dct:language ; sh:minCount 1 ; sh:class dct:LinguisticSystem ] ,
    [ sh:path dct:license ; sh:minCount 1 ; sh:maxCount 1 ; sh:class dct:LicenseDocument ] ,
    [ sh:path dct:spatial ; sh:minCount 1 ; sh:class dct:Location ] ,
    [ sh:path dct:issued ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ] ,
    [ sh:path dct:modified ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ] ,
    [ sh:path foaf:homepage ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Document ] ,
    [ sh:path dcat:themeTaxonomy ; sh:minCount 1 ; sh:class skos:ConceptScheme ] .

:Dataset a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property
    [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
    [ sh:path dct:identifier ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dcat:contactPoint ; sh:minCount 1 ; sh:class vcard:Kind ] ,
    [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] ,
    [ sh:path dcat:keyword ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
    [ sh:path dct:spatial ; sh:minCount 1 ; sh:class dct:Location ] ,
    [ sh:path dct:temporal ; sh:minCount 1 ; sh:class dct:PeriodOfTime ] ,
    [ sh:path dcat:theme ; sh:minCount 1 ; sh:class skos:Concept ] ,
    [ sh:path dct:accessRights ; sh:maxCount 1 ; sh:class dct:RightsStatement ] ,
    [ sh:path dct:accrualPeriodicity ; sh:maxCount 1 ; sh:class dct:Frequency ] ,
    [ sh:path dct:language ; sh:class dct:LinguisticSystem ] ,
    [ sh:path dct:issued ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ] ,
    [ sh:path dct:type ; sh:minCount 1 ; sh:class skos:Concept ] ,
    [ sh:path dcat:landingPage ; sh:class foaf:Document ] ,
    [ sh:path dcat:version ; sh:maxCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dcat:inSeries ; sh:class dcat:DatasetSeries ] .

:DatasetSeries a sh:NodeShape ; sh:targetClass dcat:DatasetSeries ; sh:property
    [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
    [ sh:path dcat:contactPoint ; sh:minCount 1 ; sh:class vcard:Kind ] ,
    [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
    [ sh:path dct:spatial ; sh:minCount 1 ; sh:class dct:Location ] ,
    [ sh:path dct:temporal ; sh:minCount 1 ; sh:class dct:PeriodOfTime ] ,
    [ sh:path dct:accrualPeriodicity ; sh:maxCount 1 ; sh:class dct:Frequency ] .

:Distribution a sh:NodeShape ; sh:targetClass dcat:Distribution ; sh:property
    [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dcat:downloadURL ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] ,
    [ sh:path dct:format ; sh:minCount 1 ; sh:maxCount 1 ; sh:class dct:MediaTypeOrExtent ] ,
    [ sh:path dct:license ; sh:minCount 1 ; sh:maxCount 1 ; sh:class dct:LicenseDocument ] ,
    [ sh:path dcatap:availability ; sh:minCount 1 ; sh:maxCount 1 ; sh:class skos:Concept ] ,
    [ sh:path dcat:mediaType ; sh:maxCount 1 ; sh:class dct:MediaType ] ,
    [ sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] .

:Agent a sh:NodeShape ; sh:targetClass foaf:Agent ; sh:property
    [ sh:path foaf:name ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ] .
:Kind a sh:NodeShape ; sh:targetClass vcard:Kind ; sh:property
    [ sh:path vcard:fn ; sh:minCount 1 ] , [ sh:path vcard:hasEmail ; sh:minCount 1 ; sh:nodeKind sh:IRI ] .
:Period a sh:NodeShape ; sh:targetClass dct:PeriodOfTime ; sh:property
    [ sh:path dcat:startDate ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ; sh:lessThanOrEquals dcat:endDate ] ,
    [ sh:path dcat:endDate ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ] .
:Concept a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ] .
:Scheme a sh:NodeShape ; sh:targetClass skos:ConceptScheme ; sh:property [ sh:path dct:title ; sh:minCount 1 ] .
"""


def made_up_result(time="2022", value=1025.0):
    return Result(
        "asylum_applicants", "LT", "", time, value, value, value, "persons", "", "migr_asyappctza", "2024-01-18"
    )


def made_up_record(year=2022, country="LT", study="made_up", title="Asylum applications") -> Record:
    """A record in no language; its title has a translation."""
    return Record(
        study=study,
        title=title,
        summary="A made-up summary.",
        topic="asylum",
        country=country,
        year=year,
        parameters={},
        sources=(
            Source(
                "estat",
                "migr_asyappctza",
                "2024-01-18",
                "0" * 64,
                "Eurostat",
                "Applicants",
                "Free",
                "https://e.example/",
                "https://e.example/metadata",
            ),
        ),
        findings=(Sentence("Finding < & > {year}.", {"year": Period(str(year))}),),
        notes=(),
        results=(made_up_result("2008"), made_up_result(str(year))),
    )


def made_up_edition(year=2022, released="2026-11-23") -> EditionNote:
    return EditionNote(
        title="Made-up edition {year}",
        publisher="National Contact Point of the European Migration Network, Lithuania",
        licence="https://creativecommons.org/licenses/by/4.0/",
        released=released,
        languages=("en", "lt"),
    )


def put(
    outputs: Path, record: Record, languages=("en", "lt"), sealed=None, released="2026-11-23", in_edition=None
) -> None:
    """Write the files of a made-up study, as far as the catalogue looks at them; sealed in all languages, unless told."""
    folder = outputs / (in_edition or str(record.year)) / record.country
    folder.mkdir(parents=True, exist_ok=True)
    for language in languages:
        (folder / f"{record.study}.{language}.html").write_text("<!DOCTYPE html><title>Made up</title>")
        (folder / f"{record.study}.{language}.xlsx").write_bytes(b"made up")
    note = made_up_edition(record.year, released)
    pages = {
        language: about(record, note, Wording(language, read_indicators(Project(ROOT)))).as_json()
        | {"status": "sealed" if sealed is None or language in sealed else "draft"}
        for language in languages
    }
    notebook = {"cells": [], "metadata": {"migration_workbench": {"pages": pages}}}
    (folder / f"{record.study}.ipynb").write_text(json.dumps(notebook))
    (folder / f"{record.study}.results.csv").write_text(results_csv(record.results))


@pytest.fixture
def made_up_outputs(project) -> Project:
    """A project whose outputs are made up: two sealed years, a draft, overview pages, archives."""
    outputs = project.outputs
    put(outputs, made_up_record())
    put(outputs, made_up_record(year=2021), released="2025-11-23")
    put(outputs, made_up_record(study="half_made"), sealed=["en"])
    put(outputs, made_up_record(year=2020, country="EL", study="draft_only"), ["en"], sealed=[])
    put(outputs, made_up_record(year=2021, country="EL"), ["en"], released="2025-11-23")
    for page in (
        "index",
        "index.lt",
        "countries/LT.en",
        "countries/LT.lt",
        "countries/EL.en",
        "indicators/asylum_applicants.en",
    ):
        (outputs / f"{page}.html").parent.mkdir(exist_ok=True)
        (outputs / f"{page}.html").write_text("<!DOCTYPE html><title>Made up</title>")
    project.archives.mkdir()
    for archive in ("2022-r1", "2022-r2", "2022-r10", "2019-r1"):
        (project.archives / f"{archive}.zip").write_bytes(archive.encode())
    return project


def write_all(project: Project) -> list[Path]:
    site, declared = read_site(project), read_site_declaration(project)
    return [write_dcat(site, declared), *write_feed(site, declared), write_sitemap(site, declared)]


def dcat(project: Project) -> Graph:
    return Graph().parse(write_dcat(read_site(project), read_site_declaration(project)), format="json-ld")


def below(project: Project, address: str) -> Path:
    """The file that an address of the catalogue leads to."""
    assert str(address).startswith(ADDRESS), address
    return project.outputs / unquote(str(address).removeprefix(ADDRESS))


# The declaration


@pytest.mark.parametrize(
    "address",
    ["", "migration.example/", "//migration.example/", "ftp://migration.example/", "https://migration.example",
     "https://migration.example/a?b=/", "https://migration.example/#/", "https://u:p@migration.example/", "https:///a/",
     "https://migration.example/a b/", "javascript:alert(1)//"],
)  # fmt: skip
def test_an_address_that_is_not_absolute_is_refused(project, address):
    path = project.params / "site.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"address": address}))
    with pytest.raises(InvalidDeclaration, match="an absolute address"):
        read_site_declaration(project)


def test_the_declaration_is_complete_and_knows_no_other_key(project):
    declared = read_site_declaration(project)
    assert declared.address == ADDRESS and declared.url("a b/č.html") == f"{ADDRESS}a%20b/%C4%8D.html"
    path = project.params / "site.yaml"
    path.write_text(path.read_text() + "owner: nobody\n")
    with pytest.raises(InvalidDeclaration, match="unknown key owner"):
        read_site_declaration(project)
    path.unlink()
    with pytest.raises(InvalidDeclaration, match=r"there is no site\.yaml"):
        read_site_declaration(project)


# DCAT-AP


def test_the_catalogue_keeps_to_dcat_ap(made_up_outputs):
    conforms, _, report = pyshacl.validate(
        dcat(made_up_outputs), shacl_graph=Graph().parse(data=SHAPES, format="turtle")
    )
    assert conforms, report


def test_the_shapes_notice_what_is_missing(made_up_outputs):
    graph = dcat(made_up_outputs)
    graph.remove((None, DCAT.accessURL, None))
    graph.remove((None, DCTERMS.publisher, None))
    conforms, _, report = pyshacl.validate(graph, shacl_graph=Graph().parse(data=SHAPES, format="turtle"))
    assert not conforms and "accessURL" in report and "publisher" in report


def test_a_study_is_a_dataset_and_an_edition_is_one(made_up_outputs):
    graph = dcat(made_up_outputs)
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    listed = set(graph.objects(catalogue, DCAT.dataset))
    names = {str(graph.value(dataset, DCTERMS.identifier)) for dataset in listed}
    assert names == {"made_up-LT-2022", "made_up-LT-2021", "made_up-EL-2021", "edition-2022"}
    assert listed == set(graph.subjects(RDF.type, DCAT.Dataset)), (
        "harvesters take every dcat:Dataset for one of the catalogue's"
    )
    (study,) = graph.subjects(DCTERMS.identifier, Literal("made_up-LT-2022"))
    assert Literal("Prieglobsčio prašymai: Lietuva, 2022", "lt") in set(graph.objects(study, DCTERMS.title))
    assert Literal("A made-up summary. Finding < & > 2022.", "en") in set(graph.objects(study, DCTERMS.description))
    assert URIRef(AUTHORITY + "country/LTU") in set(graph.objects(study, DCTERMS.spatial))
    assert URIRef(AUTHORITY + "data-theme/SOCI") in set(graph.objects(study, DCAT.theme))
    assert {str(one) for one in graph.objects(study, DCTERMS.language)} == {
        AUTHORITY + "language/ENG", AUTHORITY + "language/LIT",
    }  # fmt: skip
    assert graph.value(study, DCTERMS.issued) == Literal("2026-11-23", datatype=XSD.date)
    period = graph.value(study, DCTERMS.temporal)
    assert (
        str(graph.value(period, DCAT.startDate)) == "2008-01-01"
        and str(graph.value(period, DCAT.endDate)) == "2022-12-31"
    )
    (snapshot,) = graph.objects(study, PROV.wasDerivedFrom)
    described = URIRef("https://e.example/metadata")
    own = {URIRef(f"{ADDRESS}datasets/migr_asyappctza.{language}.html") for language in ("en", "lt")}
    assert set(graph.objects(snapshot, FOAF.page)) == {URIRef("https://e.example/"), described, *own}
    assert graph.value(study, DCTERMS.type) == URIRef(AUTHORITY + "dataset-type/STATISTICAL")
    assert set(graph.objects(described, DCTERMS.title)) == {Literal("metadata", "en"), Literal("metaduomenys", "lt")}
    assert str(graph.value(snapshot, DCAT.version)) == "2024-01-18"


def test_greece_is_grc_to_the_publications_office(made_up_outputs):
    graph = dcat(made_up_outputs)
    (study,) = graph.subjects(DCTERMS.identifier, Literal("made_up-EL-2021"))
    assert str(graph.value(study, DCTERMS.spatial)) == AUTHORITY + "country/GRC"


def test_the_studies_of_a_topic_are_a_series_that_grows_each_year(made_up_outputs):
    graph = dcat(made_up_outputs)
    (series,) = graph.subjects(RDF.type, DCAT.DatasetSeries)
    assert len(set(graph.subjects(DCAT.inSeries, series))) == 3
    assert str(graph.value(series, DCTERMS.accrualPeriodicity)) == AUTHORITY + "frequency/ANNUAL"
    assert str(graph.value(series, DCTERMS.issued)) == "2025-11-23"
    assert str(graph.value(series, DCTERMS.modified)) == "2026-11-23"


def test_a_study_of_latest_is_a_dataset_of_its_own_that_changes(made_up_outputs):
    """Also where the edition of its year has the same study: neither is taken for the other."""
    put(made_up_outputs.outputs, made_up_record(), in_edition="latest")
    (made_up_outputs.archives / "latest-r2.zip").write_bytes(b"made up")
    graph = dcat(made_up_outputs)
    (latest,) = graph.subjects(DCTERMS.identifier, Literal("made_up-LT-latest"))
    (of_its_year,) = graph.subjects(DCTERMS.identifier, Literal("made_up-LT-2022"))
    assert not set(graph.objects(latest, DCAT.inSeries)) and set(graph.objects(of_its_year, DCAT.inSeries))
    assert str(graph.value(latest, DCTERMS.accrualPeriodicity)) == AUTHORITY + "frequency/IRREG"
    landing = {str(page) for page in graph.objects(latest, DCAT.landingPage)}
    assert landing == {f"{ADDRESS}latest/LT/made_up.{language}.html" for language in ("en", "lt")}
    assert list(graph.subjects(DCTERMS.identifier, Literal("edition-latest")))
    check_files(made_up_outputs, graph)


def test_the_feed_and_the_sitemap_list_a_study_of_latest_beside_that_of_its_year(made_up_outputs):
    put(made_up_outputs.outputs, made_up_record(), in_edition="latest")
    site, declared = read_site(made_up_outputs), read_site_declaration(made_up_outputs)
    english, _ = write_feed(site, declared)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries(english)]
    assert len(set(ids)) == len(ids)
    for year in (2023, 2024):
        put(made_up_outputs.outputs, made_up_record(year=year), in_edition="latest")
        english, _ = write_feed(read_site(made_up_outputs), declared)
        assert {entry.findtext(f"{ATOM}id") for entry in entries(english)} == set(ids)
    assert f"{ADDRESS}latest/LT/made_up.lt.html" in write_sitemap(site, declared).read_text()


def test_the_newest_archive_of_an_edition_is_offered(made_up_outputs):
    graph = dcat(made_up_outputs)
    (edition,) = graph.subjects(DCTERMS.identifier, Literal("edition-2022"))
    (distribution,) = graph.objects(edition, DCAT.distribution)
    assert str(graph.value(distribution, DCAT.downloadURL)) == f"{ADDRESS}archive/2022-r10.zip"
    assert str(graph.value(edition, DCAT.version)) == "10"


def check_files(project: Project, graph: Graph) -> None:
    distributions = set(graph.subjects(RDF.type, DCAT.Distribution))
    assert distributions
    for distribution in distributions:
        file = below(project, graph.value(distribution, DCAT.downloadURL))
        assert file.is_file() and int(graph.value(distribution, DCAT.byteSize)) == file.stat().st_size
        assert graph.value(distribution, DCAT.accessURL) == graph.value(distribution, DCAT.downloadURL)
    for page in graph.objects(None, DCAT.landingPage):
        assert below(project, page).is_file()
    for node in {*graph.subjects(), *graph.objects()}:
        if isinstance(node, URIRef):
            assert re.match(r"(https?://|mailto:)[^\s]+$", node), node
    for node in set(graph.subjects(RDF.type, None)):
        if isinstance(node, URIRef) and str(node).endswith((".csv", ".xlsx", ".zip")):
            assert str(node).startswith(ADDRESS)
    for literal in graph.objects():
        if isinstance(literal, Literal) and literal.datatype == XSD.date:
            datetime.date.fromisoformat(str(literal))


def test_every_file_that_is_offered_is_there(made_up_outputs):
    check_files(made_up_outputs, dcat(made_up_outputs))


def test_what_is_offered_of_a_study_are_its_results_its_spreadsheets_and_its_pages(made_up_outputs):
    """Not the executed notebook, which has no language: it is in the archive."""
    graph = dcat(made_up_outputs)
    (study,) = graph.subjects(DCTERMS.identifier, Literal("made_up-LT-2022"))
    offered = {
        str(graph.value(one, DCAT.downloadURL)): {str(code)[-3:] for code in graph.objects(one, DCTERMS.language)}
        for one in graph.objects(study, DCAT.distribution)
    }
    stem = f"{ADDRESS}2022/LT/made_up"
    assert offered == {
        f"{stem}.results.csv": {"ENG", "LIT"}, f"{stem}.en.xlsx": {"ENG"}, f"{stem}.en.html": {"ENG"},
        f"{stem}.lt.xlsx": {"LIT"}, f"{stem}.lt.html": {"LIT"},
    }  # fmt: skip
    pages = {str(page) for page in graph.objects(study, DCAT.landingPage)}
    assert pages == {f"{stem}.en.html", f"{stem}.lt.html"}


def test_the_description_of_an_edition_as_it_is_rendered(edition, tmp_path):
    rendered, _ = edition
    project = copy_project(tmp_path / "project")
    shutil.copytree(rendered.outputs, project.outputs, dirs_exist_ok=True)
    graph = dcat(project)
    conforms, _, report = pyshacl.validate(graph, shacl_graph=Graph().parse(data=SHAPES, format="turtle"))
    assert conforms, report
    check_files(project, graph)
    studies = {(page.year, page.country, page.study) for page in read_site(project).pages}
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == len(studies) + 1, "the studies, and their archive"


# Atom


def entries(feed: Path) -> list[ET.Element]:
    return ET.parse(feed).getroot().findall(f"{ATOM}entry")


def test_the_feeds_have_what_atom_requires(made_up_outputs):
    site, declared = read_site(made_up_outputs), read_site_declaration(made_up_outputs)
    english, lithuanian = write_feed(site, declared)
    assert (english.name, lithuanian.name) == ("feed.xml", "feed.lt.xml")
    ids = []
    for path, language in ((english, "en"), (lithuanian, "lt")):
        feed = ET.parse(path).getroot()
        assert feed.tag == f"{ATOM}feed" and feed.get(XML_LANG) == language
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == ADDRESS + path.name and below(made_up_outputs, links["alternate"]).is_file()
        for element in (feed, *feed.findall(f"{ATOM}entry")):
            for required in ("id", "title", "updated"):
                (found,) = element.findall(ATOM + required)
                assert found.text
            datetime.datetime.fromisoformat(element.findtext(f"{ATOM}updated"))
            assert element.find(f"{ATOM}author").findtext(f"{ATOM}name")
            assert element.findtext(f"{ATOM}id").startswith("urn:uuid:")
            ids.append(element.findtext(f"{ATOM}id"))
            alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
            assert len({(link.get("type"), link.get("hreflang")) for link in alternates}) == len(alternates) > 0
        assert feed.findtext(f"{ATOM}updated") == "2026-11-23T00:00:00Z"
    assert len(set(ids)) == len(ids)


def test_the_newest_studies_come_first_and_say_their_findings(made_up_outputs):
    write_all(made_up_outputs)
    newest, *others = entries(made_up_outputs.outputs / "feed.xml")
    assert newest.findtext(f"{ATOM}title") == "Asylum applications: Lithuania, 2022"
    assert newest.findtext(f"{ATOM}summary") == "Finding < & > 2022."
    assert [entry.findtext(f"{ATOM}updated")[:4] for entry in others] == ["2025", "2025"]
    for link in newest.findall(f"{ATOM}link"):
        assert below(made_up_outputs, link.get("href")).is_file()


def test_an_entry_keeps_its_id_when_it_is_built_again_or_published_elsewhere(made_up_outputs):
    write_all(made_up_outputs)
    feed = made_up_outputs.outputs / "feed.xml"
    before = [entry.findtext(f"{ATOM}id") for entry in entries(feed)]
    declared = made_up_outputs.params / "site.yaml"
    declared.write_text(declared.read_text().replace(ADDRESS, "https://elsewhere.example/sub/"))
    put(made_up_outputs.outputs, made_up_record(year=2023), released="2027-11-23")
    write_all(made_up_outputs)
    assert [entry.findtext(f"{ATOM}id") for entry in entries(feed)][1:] == before
    assert "migration-studies.example" not in feed.read_text()


def test_hostile_labels_stay_text(made_up_outputs):
    put(made_up_outputs.outputs, made_up_record(title=HOSTILE + "\x00\x1b"))
    graph = dcat(made_up_outputs)
    assert any(HOSTILE in str(title) for title in graph.objects(None, DCTERMS.title))
    write_all(made_up_outputs)
    titles = [entry.findtext(f"{ATOM}title") for entry in entries(made_up_outputs.outputs / "feed.xml")]
    assert any(title.startswith(HOSTILE) for title in titles)


# The sitemap


def test_the_sitemap_lists_every_page_once_with_its_languages(made_up_outputs):
    write_all(made_up_outputs)
    urls = ET.parse(made_up_outputs.outputs / "sitemap.xml").getroot().findall(f"{SITEMAP}url")
    listed = [url.findtext(f"{SITEMAP}loc") for url in urls]
    assert len(set(listed)) == len(listed)
    drafts = ("half_made", "draft_only")
    pages = [path for path in made_up_outputs.outputs.rglob("*.html") if not path.name.startswith(drafts)]
    assert {below(made_up_outputs, address) for address in listed} == set(pages)
    alternates = {
        url.findtext(f"{SITEMAP}loc"): {link.get("href"): link.get("hreflang") for link in url.findall(f"{XHTML}link")}
        for url in urls
    }
    for address, others in alternates.items():
        assert not others or address in others, "a page names itself among its languages"
        assert all(alternates[other] == others for other in others), "alternates name each other"
    assert set(alternates[f"{ADDRESS}index.lt.html"].values()) == {"en", "lt"}
    assert alternates[f"{ADDRESS}countries/LT.en.html"][f"{ADDRESS}countries/LT.lt.html"] == "lt"
    days = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in urls}
    assert days[f"{ADDRESS}index.html"] == "2026-11-23" and days[f"{ADDRESS}countries/EL.en.html"] == "2025-11-23"


def test_a_sitemap_that_would_be_too_long_is_refused(made_up_outputs, monkeypatch):
    monkeypatch.setattr(sitemap, "_MOST_ADDRESSES", 5)
    with pytest.raises(WorkbenchError, match="too many pages"):
        write_all(made_up_outputs)
    assert not (made_up_outputs.outputs / "sitemap.xml").exists()


# All of them


def test_drafts_are_left_out(made_up_outputs):
    for path in write_all(made_up_outputs):
        text = path.read_text(encoding="utf-8")
        assert "made_up" in text
        assert "half_made" not in text and "draft_only" not in text, path.name


def test_a_catalogue_without_sealed_studies_is_still_whole(project):
    put(project.outputs, made_up_record(), ["en"], sealed=[])
    (project.outputs / "index.html").write_text("<!DOCTYPE html><title>Made up</title>")
    written = write_all(project)
    assert "made_up" not in "".join(path.read_text() for path in written)
    (catalogue,) = dcat(project).subjects(RDF.type, DCAT.Catalog)
    assert not list(dcat(project).objects(catalogue, DCAT.dataset))
    feed = ET.parse(project.outputs / "feed.xml").getroot()
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z" and not entries(project.outputs / "feed.xml")


def test_the_same_outputs_give_the_same_bytes(made_up_outputs, tmp_path):
    before = {path.name: path.read_bytes() for path in write_all(made_up_outputs)}
    for path in made_up_outputs.outputs.rglob("*"):
        if path.is_file():
            os.utime(path, (0, 0))
    moved = Project(made_up_outputs.root.rename(tmp_path / "elsewhere"))
    command = (
        "import sys; from pathlib import Path; from workbench.model.paths import Project\n"
        "sys.path[:0] = sys.argv[2:]; from test_harvesting import write_all\n"
        "write_all(Project(Path(sys.argv[1])))"
    )
    environment = os.environ | {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "LANG": "de_DE.UTF-8",
        "PYTHONHASHSEED": "12345",
    }
    arguments = [sys.executable, "-c", command, str(moved.root), str(Path(__file__).parent), str(ROOT / "tests")]
    subprocess.run(arguments, cwd=ROOT, env=environment, check=True, capture_output=True)
    for name, content in before.items():
        assert (moved.outputs / name).read_bytes() == content, name
        assert str(tmp_path).encode() not in content and os.uname().nodename.encode() not in content


# The page's own JSON-LD


@pytest.fixture(params=["en", "lt"])
def worded(request) -> tuple[Wording, About]:
    wording = Wording(request.param, read_indicators(Project(ROOT)))
    return wording, about(made_up_record(), made_up_edition(), wording)


def written(wording: Wording, study: About) -> str:
    return schema_org(study, made_up_record().results, wording)


def described(wording: Wording, study: About) -> tuple[dict, dict]:
    report, dataset = json.loads(written(wording, study))["@graph"]
    assert (report["@type"], dataset["@type"]) == ("Report", "Dataset")
    return report, dataset


def test_a_page_describes_its_study_and_its_results(worded):
    wording, study = worded
    report, dataset = described(wording, study)
    names = {"en": "Asylum applications: Lithuania, 2022", "lt": "Prieglobsčio prašymai: Lietuva, 2022"}
    assert report["name"] == names[wording.language] and report["inLanguage"] == study.language
    assert report["abstract"] == "Finding < & > 2022." and report["datePublished"] == "2026-11-23"
    assert report["mainEntity"]["@id"] == dataset["@id"] and dataset["isPartOf"]["@id"] == report["@id"]
    assert dataset["license"] == study.edition.licence and dataset["creator"]["name"] == study.edition.publisher
    assert dataset["temporalCoverage"] == "2008-01-01/2022-12-31" and dataset["spatialCoverage"]["name"] == study.place
    assert dataset["variableMeasured"] == [wording.indicator("asylum_applicants")]
    files = {download["contentUrl"]: download["encodingFormat"] for download in dataset["distribution"]}
    assert set(files) == {"made_up.results.csv", f"made_up.{study.language}.xlsx"}
    (source,) = dataset["isBasedOn"]
    assert report["isBasedOn"] == [{"@id": source["@id"]}]
    assert (source["identifier"], source["version"]) == ("migr_asyappctza", "2024-01-18")
    assert source["creator"]["name"] == "Eurostat" and source["url"] == "https://e.example/"


@pytest.mark.parametrize("findings", [[], ["Long. " * 2000]])
def test_the_description_of_the_results_is_as_long_as_search_engines_take(worded, findings):
    wording, study = worded
    _, dataset = described(wording, replace(study, summary="S.", findings=tuple(findings)))
    assert 50 <= len(dataset["description"]) <= 5000


def test_hostile_labels_cannot_leave_the_script_element(worded):
    wording, study = worded
    hostile = replace(study, title=HOSTILE, place=HOSTILE, summary=HOSTILE, findings=(HOSTILE,))
    text = written(wording, hostile)
    assert not set("<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}") & set(text)
    report, dataset = described(wording, hostile)
    assert report["description"] == HOSTILE and HOSTILE in dataset["name"]


def test_an_address_that_is_none_is_not_given(worded):
    wording, study = worded
    hostile = replace(study, sources=(replace(study.sources[0], url="javascript:alert(1)"),))
    assert "javascript" not in written(wording, hostile)


def test_the_description_of_a_page_is_linked_data(worded):
    wording, study = worded
    plain = json.loads(written(wording, study))
    assert plain["@context"] == "https://schema.org/"
    # The context that stands at that address takes every term from there, among others; nothing is fetched in a test.
    graph = Graph().parse(
        data=json.dumps(plain | {"@context": {"@vocab": "https://schema.org/"}}),
        format="json-ld",
        publicID="https://migration-studies.example/2022/LT/made_up.en.html",
    )
    (dataset,) = graph.subjects(URIRef("https://schema.org/variableMeasured"))
    assert str(dataset) == "https://migration-studies.example/2022/LT/made_up.en.html#results"


def test_a_study_of_a_year_without_edition_says_nothing_of_one(worded):
    wording, study = worded
    report, dataset = described(wording, replace(study, edition=None))
    assert "datePublished" not in report and "license" not in dataset


def test_the_days_that_results_bear_on():
    days = datetime.date(2021, 11, 1), datetime.date(2023, 12, 31)
    assert covered_days([made_up_result("2021-11"), made_up_result("2023-Q4")], 2022) == days
    assert covered_days([made_up_result("2024-02")], 2022)[1] == datetime.date(2024, 2, 29)
    missing = made_up_result("2001", float("nan"))
    assert covered_days([missing], 2022) == (datetime.date(2022, 1, 1), datetime.date(2022, 12, 31))
