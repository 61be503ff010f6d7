"""The clients, over HTTP, against a provider on this machine that has the quirks of the real ones. All series are made up."""

import gzip
import json
import threading
import time
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

import pytest

from server import Answer, Provider, ranged, serving, structure
from workbench.declarations.sources import SourceDeclaration, read_source
from workbench.model.errors import InvalidDeclaration, RefusedDownload, SourceUnavailable, UnknownCode
from workbench.sources import Request, eurostat, fetch, published, transport, unhcr

HEADER = "DATAFLOW,LAST UPDATE,freq,citizen,applicant,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
DATA = gzip.compress(
    (HEADER + "".join(f"ESTAT:MADE_UP(1.0),,A,UA,FRST,LT,{year},5,,\n" for year in range(1000))).encode()
)
CODES = {
    "freq": {"A": "Annual"},
    "citizen": {"UA": "Ukraine", "SY": "Syria"},
    "applicant": {"TOTAL": "Total", "FRST": "First"},
    "geo": {"LT": "Lithuania", "LV": "Latvia"},
}
STRUCTURE = "sdmx/2.1/dataflow/ESTAT/MADE_UP"
ASKED = "sdmx/2.1/data/MADE_UP"
QUEUED = b"""<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header/><env:Body><ns0:syncResponse
 xmlns:ns0="http://estat.ec.europa.eu/disschain/soap/extraction"><processingTime>12</processingTime><queued>
<id>0b9ae37d-8f4f-4bd5-9c6b-5b6f4d0f8a11</id><status>SUBMITTED</status></queued></ns0:syncResponse></env:Body></env:Envelope>"""
STATUS = """<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><ns0:asyncResponse
 xmlns:ns0="http://estat.ec.europa.eu/disschain/soap/asynchronous"><ns1:status
 xmlns:ns1="http://estat.ec.europa.eu/disschain/asynchronous"><ns1:key>0b9ae37d-8f4f-4bd5-9c6b-5b6f4d0f8a11</ns1:key>
<ns1:status>{}</ns1:status></ns1:status></ns0:asyncResponse></env:Body></env:Envelope>"""
TOO_BIG = b"""<S:Fault xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>413</faultcode><faultstring>EXTRACTION_TOO_BIG:
 The requested extraction is too big, estimated 420709314 rows</faultstring></S:Fault>"""
TOC = (
    '"title"\t"code"\t"type"\t"last update of data"\t"last table structure change"\t"data start"\t"data end"\t"values"\n'
    '"    Migration"\t"migr"\t"folder"\t" "\t" "\t" "\t" "\t\n'
    '"        Made up"\t"made_up"\t"dataset"\t"01.09.2026"\t"01.09.2026"\t"2008"\t"2025"\t12\n'
    '"        Ordered to leave"\t"migr_eiord1"\t"dataset"\t"15.07.2026"\t" "\t"2008"\t"2025"\t12\n'
)


@pytest.fixture
def provider(monkeypatch):
    monkeypatch.setattr(transport, "PAUSE", 0.001)
    monkeypatch.setattr(eurostat, "POLL", 0.001)
    with serving(Provider()) as running:
        running.says(STRUCTURE, Answer(structure("MADE_UP", CODES, "A made-up dataset")))
        running.says(ASKED, Answer(DATA))
        running.says("catalogue/toc/txt", Answer(TOC.encode("utf-8-sig")))
        yield running


@pytest.fixture
def asked(provider, tmp_path):
    """Ask for the made-up dataset of the protocol; whatever happens, nothing half-written stays behind."""

    def ask(protocol="eurostat", dataset="made_up", progress=lambda done, total: None, version="2.1", **request):
        source = SourceDeclaration(
            agency="estat", provider="Eurostat", protocol=protocol, address=provider.address, licence="made up",
            sdmx_version=version,
        )  # fmt: skip
        try:
            return fetch(source, Request(dataset, **request), tmp_path, progress)
        finally:
            assert not list(tmp_path.glob("*.part"))

    return ask


def test_a_whole_dataset_comes_with_what_the_provider_says_of_it(provider, asked):
    seen = []
    download = asked(progress=lambda done, total: seen.append((done, total)))
    assert download.path.read_bytes() == DATA and download.title == "A made-up dataset"
    assert seen[-1] == (len(DATA), len(DATA))
    (path,) = provider.paths(ASKED)
    assert path == f"{ASKED}?format=SDMX-CSV&compressed=true" and download.url.endswith(path)
    assert provider.asked[-1][1]["user-agent"].startswith("migration-workbench/")


def test_a_cut_is_asked_for_in_the_order_of_the_structure(provider, asked):
    asked(since="2015", filters={"geo": ["LT", "LV"], "citizen": ["UA"]})
    assert provider.paths(ASKED) == [f"{ASKED}/.UA..LT+LV?format=SDMX-CSV&compressed=true&startPeriod=2015"]


def test_a_filter_by_the_older_name_is_asked_by_the_newer(provider, asked):
    newer = {"formerly": {"asyl_app": "applicant"}, "newest_codes": {"applicant": {"NASY_APP": "FRST"}}}
    asked(filters={"asyl_app": ["NASY_APP"]}, **newer)
    assert provider.paths(ASKED)[0].startswith(f"{ASKED}/..FRST.?")


@pytest.mark.parametrize(
    ("filters", "near"),
    [({"citzen": ["UA"]}, "citizen"), ({"citizen": ["UKR"]}, "UA"), ({"asyl_app": ["ASY_APP"]}, "applicant")],
)
def test_a_filter_that_would_find_nothing_is_refused_before_data_is_asked_for(provider, asked, filters, near):
    with pytest.raises(UnknownCode) as refused:
        asked(filters=filters)
    assert near in refused.value.expected and refused.value.unchanged and not provider.paths(ASKED)


def test_a_dataset_that_was_renamed_is_named(provider, asked):
    with pytest.raises(RefusedDownload) as refused:
        asked(dataset="migr_eiord")
    assert "migr_eiord1" in refused.value.expected and "no dataset migr_eiord" in refused.value.what


def test_a_queued_request_is_awaited(provider, asked):
    key = "0b9ae37d-8f4f-4bd5-9c6b-5b6f4d0f8a11"
    provider.says(ASKED, Answer(gzip.compress(QUEUED)))
    states = [Answer(STATUS.format(state).encode()) for state in ("SUBMITTED", "PROCESSING", "PROCESSING", "AVAILABLE")]
    provider.says(f"1.0/async/status/{key}", *states)
    provider.says(f"1.0/async/data/{key}", Answer(DATA))
    assert asked().path.read_bytes() == DATA
    assert len(provider.paths("1.0/async/status")) == 4 and len(provider.paths("1.0/async/data")) == 1


@pytest.mark.parametrize("state", ["EXPIRED", "UNKNOWN_REQUEST"])
def test_a_queued_request_that_is_dropped_says_so(provider, asked, state):
    provider.says(ASKED, Answer(QUEUED))
    provider.says("1.0/async/status", Answer(STATUS.format(state).encode()))
    with pytest.raises(RefusedDownload, match=state):
        asked()


def test_a_queue_that_never_ends_is_left(provider, asked, monkeypatch):
    monkeypatch.setattr(eurostat, "LONGEST_QUEUE", 0.01)
    provider.says(ASKED, Answer(QUEUED))
    provider.says("1.0/async/status", Answer(STATUS.format("PROCESSING").encode()))
    with pytest.raises(SourceUnavailable, match="did not become ready"):
        asked()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b"<html><head><title>Sorry, maintenance</title></head></html>"), "Sorry, maintenance"),
        (Answer(gzip.compress(b'<?xml version="1.0"?><error><Text>no data</Text></error>')), "no data"),
        (Answer(b'\xef\xbb\xbf{"error": {"label": "no results found"}}'), "no results found"),
        (Answer(TOO_BIG, 413), "EXTRACTION_TOO_BIG"),
        (Answer(gzip.compress(TOO_BIG), 413), "EXTRACTION_TOO_BIG"),
        (Answer(b"<h1>Forbidden</h1>", 403), "Forbidden"),
        (Answer(b"", 404), "status 404"),
    ],
)
def test_a_message_instead_of_data_is_refused_in_its_own_words(provider, asked, answer, words):
    provider.says(ASKED, answer)
    with pytest.raises(RefusedDownload) as refused:
        asked()
    assert words in refused.value.found and refused.value.where and refused.value.hint
    assert len(provider.paths(ASKED)) == 1, "to ask again would not help"


@pytest.mark.parametrize("status", [413, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("wait", ["0", formatdate(0, usegmt=True)])
def test_who_is_asked_to_wait_waits_and_asks_again(provider, asked, status, wait):
    provider.says(ASKED, Answer(b"later", status, {"Retry-After": wait}), Answer(DATA))
    assert asked().path.read_bytes() == DATA and len(provider.paths(ASKED)) == 2


def test_the_pause_is_the_one_that_was_asked_for(provider, asked, monkeypatch):
    pauses = []
    monkeypatch.setattr(transport.time, "sleep", pauses.append)
    provider.says(ASKED, Answer(b"", 503, {"Retry-After": "17"}), Answer(b"", 503), Answer(DATA))
    asked()
    assert pauses == [17.0, transport.PAUSE * 2]


def test_who_is_asked_to_wait_for_days_leaves(provider, asked):
    provider.says(ASKED, Answer(b"too many", 429, {"Retry-After": "86400"}))
    with pytest.raises(SourceUnavailable, match="too many"):
        asked()
    assert len(provider.paths(ASKED)) == 1


def test_a_provider_that_never_answers_is_asked_a_few_times(provider, asked):
    provider.says(ASKED, Answer(b"down", 503))
    with pytest.raises(SourceUnavailable, match=f"{transport.ATTEMPTS} attempts"):
        asked()
    assert len(provider.paths(ASKED)) == transport.ATTEMPTS


def test_a_slow_provider_is_given_up_and_asked_again(provider, asked, monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", 0.05)

    def slow(path, headers):
        time.sleep(0.3)
        return Answer(DATA)

    provider.says(ASKED, slow, Answer(DATA))
    assert asked().path.read_bytes() == DATA


def test_a_broken_download_resumes_where_it_broke(provider, asked):
    provider.says(ASKED, ranged(DATA, breaks_after=100), ranged(DATA, breaks_after=50), ranged(DATA))
    assert asked().path.read_bytes() == DATA
    assert [headers.get("range") for path, headers in provider.asked if path.startswith(ASKED)] == [
        None, "bytes=100-", "bytes=150-",
    ]  # fmt: skip


def test_a_file_that_changed_meanwhile_is_begun_anew(provider, asked):
    provider.says(ASKED, ranged(b"x" * 500, breaks_after=100, tag='"old"'), ranged(DATA))
    assert asked().path.read_bytes() == DATA


def test_a_broken_download_starts_over_where_ranges_are_not_served(provider, asked):
    provider.says(ASKED, Answer(DATA, breaks_after=200), Answer(DATA))
    assert asked().path.read_bytes() == DATA


@pytest.mark.parametrize("has_length", [True, False])
def test_a_truncated_gzip_file_is_never_taken_for_whole(provider, asked, has_length):
    cut = Answer(DATA[:-9], has_length=has_length)
    provider.says(ASKED, cut, Answer(DATA))
    assert asked().path.read_bytes() == DATA
    provider.says(ASKED, cut)
    with pytest.raises(SourceUnavailable, match="truncated or damaged gzip"):
        asked()


def test_gzip_without_a_header_that_says_so_is_unpacked(provider, asked):
    provider.says(STRUCTURE, Answer(gzip.compress(structure("MADE_UP", CODES)), headers={"Content-Type": "text/xml"}))
    assert asked(filters={"citizen": ["SY"]}).title == "Made up"


def test_a_redirect_is_followed_but_not_out_of_the_network(provider, asked):
    provider.says(ASKED, Answer(status=302, headers={"Location": "/moved"}))
    provider.says("moved", Answer(DATA))
    assert asked().path.read_bytes() == DATA
    provider.says(ASKED, Answer(status=302, headers={"Location": "file:///etc/hostname"}))
    with pytest.raises(RefusedDownload, match="less secure"):
        asked()
    provider.says(ASKED, Answer(status=302, headers={"Location": f"/{ASKED}"}))
    with pytest.raises(RefusedDownload, match="one address to the next"):
        asked()


def test_a_structure_that_is_none_is_refused_and_entities_are_not_expanded(provider, asked):
    for message in (b"<html><title>Sorry</title></html>", b"", b"\x00\x01"):
        provider.says(STRUCTURE, Answer(message))
        with pytest.raises(RefusedDownload, match="not the structure"):
            asked()
    bomb = b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY b "&a;&a;&a;">]>'
    head, _, rest = structure("MADE_UP", CODES, "&b;").partition(b"?>")
    provider.says(STRUCTURE, Answer(head + b"?>" + bomb + rest))
    with pytest.raises(RefusedDownload, match="not the structure"):
        asked()


def test_the_catalogue_tells_the_last_update(provider):
    source = SourceDeclaration(
        agency="estat", provider="Eurostat", protocol="eurostat", address=provider.address, licence="made up"
    )
    found = published(source, ["made_up", "migr_eiord", "migr"])
    assert {code: (said.title, str(said.last_update)) for code, said in found.items()} == {
        "made_up": ("Made up", "2026-09-01")
    }
    provider.says("catalogue/toc/txt", Answer(b"<html><title>Sorry</title></html>"))
    with pytest.raises(RefusedDownload, match="Sorry"):
        published(source, ["made_up"])


def test_who_asks_what_is_newer_is_told_at_once_that_nobody_answers(provider):
    source = SourceDeclaration(
        agency="estat", provider="Eurostat", protocol="eurostat", address=provider.address, licence="made up"
    )
    provider.says("catalogue/toc/txt", Answer(b"down", 503))
    with pytest.raises(SourceUnavailable, match="1 attempt"):
        published(source, ["made_up"])
    assert len(provider.paths("catalogue/toc/txt")) == 1


def test_two_fetches_at_once_do_not_meet(provider, tmp_path):
    provider.says(ASKED, *(ranged(DATA, breaks_after=count) for count in (10, 20, 30, 40)), ranged(DATA))
    source = SourceDeclaration(
        agency="estat", provider="Eurostat", protocol="eurostat", address=provider.address, licence="made up"
    )
    found = {}

    def run(name):
        folder = tmp_path / name
        folder.mkdir()
        found[name] = fetch(source, Request("made_up"), folder, lambda done, total: None).path.read_bytes()

    threads = [threading.Thread(target=run, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"a": DATA, "b": DATA}


# SDMX 3.0

STRUCTURE_3 = "sdmx/3.0/structure/dataflow/ESTAT/MADE_UP/1.0"
ASKED_3 = "sdmx/3.0/data/dataflow/ESTAT/MADE_UP/1.0"


@pytest.fixture
def asked_3(provider, asked):
    """The same in version 3.0, that of the data format being 1.0, for 2.0 does not say the last update."""
    message = structure("MADE_UP", CODES, "A made-up dataset", version="3.0")
    provider.says(STRUCTURE_3, Answer(gzip.compress(message)))
    provider.says(ASKED_3, Answer(DATA))
    return lambda **request: asked(version="3.0", **request)


def test_a_whole_dataset_comes_in_sdmx_3_too(provider, asked_3):
    download = asked_3()
    assert download.path.read_bytes() == DATA and download.title == "A made-up dataset"
    assert provider.paths(STRUCTURE_3) == [
        f"{STRUCTURE_3}?references=descendants&detail=referencepartial&compress=true"
    ]
    assert provider.paths(ASKED_3) == [f"{ASKED_3}?format=csvdata&formatVersion=1.0&compress=true"]
    assert not provider.paths("sdmx/2.1")


def test_a_cut_of_sdmx_3_names_its_dimensions(provider, asked_3):
    newer = {"formerly": {"asyl_app": "applicant"}, "newest_codes": {"applicant": {"NASY_APP": "FRST"}}}
    asked_3(since="2015", filters={"geo": ["LT", "LV"], "asyl_app": ["NASY_APP"]}, **newer)
    (path,) = provider.paths(ASKED_3)
    query = parse_qs(urlsplit(path).query)
    assert {name: codes for name, codes in query.items() if name.startswith("c[")} == {
        "c[geo]": ["LT,LV"], "c[applicant]": ["FRST"], "c[TIME_PERIOD]": ["ge:2015"],
    }  # fmt: skip


def test_a_filter_that_would_find_nothing_is_refused_in_sdmx_3(provider, asked_3):
    with pytest.raises(UnknownCode) as refused:
        asked_3(filters={"citizen": ["UKR"]})
    assert "UA" in refused.value.expected and not provider.paths(ASKED_3)


def test_a_queued_request_of_sdmx_3_is_awaited(provider, asked_3):
    provider.says(ASKED_3, Answer(gzip.compress(QUEUED)))
    provider.says("1.0/async/status", Answer(STATUS.format("AVAILABLE").encode()))
    provider.says("1.0/async/data", Answer(DATA))
    assert asked_3().path.read_bytes() == DATA


def test_a_dataset_that_was_renamed_is_named_in_sdmx_3(provider, asked_3):
    with pytest.raises(RefusedDownload) as refused:
        asked_3(dataset="migr_eiord")
    assert "migr_eiord1" in refused.value.expected


def test_only_eurostat_is_declared_to_speak_sdmx_3(project):
    path = project.params / "sources" / "oecd.yaml"
    path.write_text(path.read_text() + 'sdmx_version: "3.0"\n')
    with pytest.raises(InvalidDeclaration, match="unless the protocol is eurostat"):
        read_source(project, "oecd")


# Any SDMX source


def test_any_sdmx_source_needs_no_code(provider, asked):
    provider.says(
        "dataflow/LSD/S1R001/latest", Answer(structure("S1R001", {"savivaldybes": {"00": "Lithuania"}}, agency="LSD"))
    )
    provider.says("data/LSD%2CS1R001%2Clatest/00", Answer(DATA, headers={"Last-Modified": "made up"}))
    download = asked("sdmx", "LSD,S1R001", filters={"savivaldybes": ["00"]}, since="2020")
    assert download.path.read_bytes() == DATA and download.url.endswith("/00?startPeriod=2020")
    assert "csv" in provider.asked[-1][1]["accept"]


@pytest.mark.parametrize("agency", ["estat", "unhcr", "lsd", "oecd"])
def test_the_declared_sources_are_whole(project, agency):
    assert read_source(project, agency).address.startswith("https://")


def test_an_undeclared_source_is_refused(project):
    with pytest.raises(InvalidDeclaration, match="estat"):
        read_source(project, "estta")


# UNHCR


def page(number, last, years, **changes):
    items = [
        {"year": year, "coo_iso": "AFG", "coa_iso": "LTU", "coo_name": "Afghanistan", "procedure_type": "G"}
        | {"app_type": "N", "dec_level": "FI", "app_pc": "P", "applied": "-" if year == 2020 else str(year)}
        for year in years
    ]
    return Answer(json.dumps({"page": number, "maxPages": last, "items": items} | changes).encode())


@pytest.fixture
def pages(provider, monkeypatch):
    monkeypatch.setattr(unhcr, "PAGE", 2)

    def says(*answers):
        for number, answer in enumerate(answers, start=1):
            provider.says(
                f"asylum-applications/?yearFrom=2018&cf_type=ISO&limit=2&coo_all=true&coa_all=true&page={number}",
                answer,
            )

    return says


def test_pages_become_one_file(pages, asked):
    pages(page(1, 2, [2021, 2018]), page(2, 2, [2020]))
    download = asked("unhcr", "unhcr_asylum_applications", since="2018")
    assert download.path.read_text().splitlines() == [
        "year,coo_iso,coa_iso,procedure_type,app_type,dec_level,app_pc,applied",
        "2018,AFG,LTU,G,N,FI,P,2018",
        "2020,AFG,LTU,G,N,FI,P,",
        "2021,AFG,LTU,G,N,FI,P,2021",
    ]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ((page(1, 2, [2018, 2019]), page(2, 2, [2019])), "repeats rows"),
        ((page(1, 3, [2018, 2019]), page(2, 3, [2020]), page(3, 3, [2021])), "not full although others follow"),
        ((page(1, 2, [2018, 2019]), page(1, 2, [2020])), "answered with another page"),
    ],
)
def test_pages_that_repeat_or_miss_rows_are_noticed(pages, asked, tmp_path, answers, message):
    pages(*answers)
    with pytest.raises(SourceUnavailable, match=message):
        asked("unhcr", "unhcr_asylum_applications", since="2018")
    assert not list(tmp_path.iterdir())


def test_a_page_that_is_none_is_refused(pages, asked):
    pages(page(1, 2, [2018, 2019]), Answer(b"<html><title>Sorry</title></html>"))
    with pytest.raises(RefusedDownload, match="Sorry"):
        asked("unhcr", "unhcr_asylum_applications", since="2018")


def test_unhcr_is_cut_by_country_and_origin(provider, asked):
    provider.says("population/", Answer(b'{"page": 1, "maxPages": 1, "items": []}'))
    asked("unhcr", "unhcr_population", filters={"geo": ["EL"], "citizen": ["SY"]})
    assert (
        "coo=SYR" in provider.asked[-1][0]
        and "coa=GRC" in provider.asked[-1][0]
        and "_all" not in provider.asked[-1][0]
    )
