"""From a provider on this machine to the store: whole, checked, dated; whatever goes wrong, the store is as it was.

Series are made up, save those of the shared folder.
"""

import datetime
import gzip
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml
from click.testing import CliRunner

from conftest import ROOT, shared
from server import Answer, Provider, serving, structure
from workbench.cli import main
from workbench.collecting.fetch import fetch_dataset
from workbench.collecting.overview import overview
from workbench.data.observations import rows as recorded_rows
from workbench.data.observations import select
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.model.errors import MalformedFile, RefusedDownload, SourceUnavailable, UnknownCode, WorkbenchError
from workbench.sources import transport, unhcr

DAY = datetime.date(2026, 9, 1)
HEADER = "DATAFLOW,LAST UPDATE,freq,citizen,sex,unit,age,applicant,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
CODES = {
    "freq": {"A": "Annual"}, "citizen": {"TOTAL": "Total", "UA": "Ukraine", "XN": "A new country"}, "sex": {"T": "Total"},
    "unit": {"PER": "Person"}, "age": {"TOTAL": "Total"}, "applicant": {"FRST": "First"}, "geo": {"LT": "Lithuania"},
}  # fmt: skip
STRUCTURE, ASKED = "sdmx/2.1/dataflow/ESTAT/", "sdmx/2.1/data/"
TOC = '"title"\t"code"\t"type"\t"last update of data"\n"Applicants"\t"migr_asyappctza"\t"dataset"\t"{}"\n'


def served(value=300, flag="p", citizen="TOTAL", again=False):
    row = f"ESTAT:MIGR_ASYAPPCTZA(1.0),31/08/26 23:00:00,A,{citizen},T,PER,TOTAL,FRST,LT,2025,{value},{flag},\n"
    return Answer(gzip.compress((HEADER + row * (1 + again)).encode(), mtime=0))


@pytest.fixture
def provider(project, monkeypatch):
    """A provider that serves one made-up observation, declared as Eurostat in a project of the test's own."""
    monkeypatch.setattr(transport, "PAUSE", 0.001)
    monkeypatch.chdir(project.root)
    with serving(Provider()) as running:
        for agency in ("estat", "unhcr"):
            path = project.params / "sources" / f"{agency}.yaml"
            path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"address": running.address}))
        running.says(STRUCTURE, Answer(structure("MIGR_ASYAPPCTZA", CODES, "Asylum applicants")))
        running.says(ASKED, served())
        running.says("catalogue/toc/txt", Answer(TOC.format("31.08.2026").encode()))
        yield running


def stored(project):
    return sorted(
        path.relative_to(project.snapshots).as_posix() for path in project.snapshots.rglob("*") if path.is_file()
    )


def test_what_is_fetched_is_a_dated_checked_snapshot_with_its_card(project, provider):
    fetched = fetch_dataset(project, "migr_asyappctza", day=DAY, since="2020", filters={"citizen": ["TOTAL"]})
    card = fetched.snapshot.card
    assert fetched.is_new and fetched.before.id.vintage == "2025-05-26" and fetched.snapshot.id.vintage == "2026-09-01"
    assert (card.title, card.last_update, card.retrieved) == ("Asylum applicants", "31/08/26 23:00:00", "2026-09-01")
    assert card.omitted == "all but citizen = TOTAL; from 2020 on" and "CC BY 4.0" in card.licence
    assert card.source_url.endswith("MIGR_ASYAPPCTZA/.TOTAL.....?format=SDMX-CSV&compressed=true&startPeriod=2020")
    rows = select(fetched.snapshot, read_dataset(project, "migr_asyappctza"), {"geo": "LT", "time": 2025})
    assert rows[["value", "obs_status"]].to_numpy().tolist() == [[300.0, "p"]]


def test_an_equal_download_adds_nothing_and_another_is_a_vintage(project, provider):
    first = fetch_dataset(project, "migr_asyappctza", day=DAY)
    before = stored(project)
    again = fetch_dataset(project, "migr_asyappctza", day=DAY + datetime.timedelta(days=30))
    assert first.is_new and not again.is_new and again.snapshot.id == first.snapshot.id and stored(project) == before
    provider.says(ASKED, served(305))
    assert fetch_dataset(project, "migr_asyappctza", day=DAY).snapshot.id.vintage == "2026-09-01.2"


def test_a_reflagged_value_is_a_vintage_too(project, provider):
    fetch_dataset(project, "migr_asyappctza", day=DAY)
    provider.says(ASKED, served(flag=""))
    assert fetch_dataset(project, "migr_asyappctza", day=DAY).is_new


def test_a_code_that_is_new_at_the_provider_is_stored(project, provider):
    provider.says(ASKED, served(citizen="XN"))
    assert fetch_dataset(project, "migr_asyappctza", day=DAY).snapshot.opened().codes["citizen"] == ["XN"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (served(value="three hundred"), MalformedFile),
        (served(flag="q"), UnknownCode),
        (Answer(gzip.compress((HEADER + "a,b\n").encode())), MalformedFile),
        (Answer(gzip.compress(HEADER.encode())), MalformedFile),
        (Answer(b"<html><title>Sorry</title></html>"), RefusedDownload),
        (Answer(b""), MalformedFile),
        (Answer(served().content, 403), RefusedDownload),
        (served(again=True), MalformedFile),
        (Answer(gzip.compress(gzip.decompress(served().content).replace(b"ASYAPPCTZA", b"ASYDCFSTA"))), MalformedFile),
    ],
)
def test_a_bad_answer_leaves_the_store_as_it_was(project, provider, answer, error):
    fetch_dataset(project, "migr_asyappctza", day=DAY)
    before = stored(project)
    provider.says(ASKED, answer)
    with pytest.raises(error) as refused:
        fetch_dataset(project, "migr_asyappctza", day=DAY)
    assert refused.value.unchanged and stored(project) == before
    provider.says(ASKED, served(310))
    assert fetch_dataset(project, "migr_asyappctza", day=DAY).is_new, "and the next one is stored"


def test_nothing_is_left_of_a_first_fetch_that_failed(project, provider):
    provider.says(ASKED, served(flag="q"))
    with pytest.raises(WorkbenchError):
        fetch_dataset(project, "migr_asyappctza", day=DAY)
    assert not project.snapshots.exists()


def test_fetches_at_once_all_end_and_each_content_is_there_once(project, provider):
    provider.says(ASKED, *(served(value) for value in (300, 305, 310, 300, 305, 310, 300, 305)))
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: fetch_dataset(project, "migr_asyappctza", day=DAY), range(8)))
    vintages = [one for one in SnapshotStore.of(project).vintages("migr_asyappctza") if one.id.vintage >= "2026"]
    values = [one.opened().select({})["value"][0].as_py() for one in vintages]
    assert sorted(values) == [300, 305, 310] and sum(one.is_new for one in done) == 3


KILLED = """
import datetime, os, signal, sys
from pathlib import Path
from workbench.collecting.files import import_file
from workbench.data import snapshots
from workbench.model.paths import Project
moment = sys.argv[3]
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
if moment == "after the rows": snapshots._refuse_another = die
elif moment == "before the card": snapshots.write_whole = die
elif moment == "after the card": snapshots._synchronise = die
elif moment == "after the file": snapshots._at = (lambda at: lambda path: die() if "2026-09-01" in path.name else at(path))(snapshots._at)
import_file(Project(Path(sys.argv[1])), Path(sys.argv[2]), "migr_asyappctza", datetime.date(2026, 9, 1))
"""


@pytest.mark.parametrize("moment", ["after the rows", "before the card", "after the card", "after the file"])
def test_a_killed_process_leaves_a_readable_store(project, provider, tmp_path, moment):
    file = tmp_path / "made-up.csv.gz"
    file.write_bytes(served().content)
    words = [sys.executable, "-c", KILLED, str(project.root), str(file), moment]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    vintages = SnapshotStore.of(project).vintages("migr_asyappctza")
    for snapshot in vintages:
        snapshot.opened()
    assert ("2026-09-01" in [one.id.vintage for one in vintages]) == (moment == "after the file")
    fetched = fetch_dataset(project, "migr_asyappctza", day=DAY)
    assert fetched.snapshot.id.vintage == "2026-09-01" and fetched.is_new == (moment != "after the file")
    left = {path.name for path in project.snapshots.rglob("*") if path.is_file()}
    assert left == {".lock", "2026-09-01.parquet", "2026-09-01.yaml"}


def test_a_process_killed_at_any_moment_leaves_a_readable_store(project):
    """The full file is stored again and again, and killed after ever longer."""
    full = shared("data/raw/migr_imm8.tsv.gz")
    words = [
        sys.executable,
        "-m",
        "workbench",
        "import",
        str(full),
        "--dataset",
        "migr_imm8",
        "--vintage",
        "2026-09-01",
    ]
    for wait in (0.6, 0.9, 1.2, 1.6):
        running = subprocess.Popen(words, cwd=project.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        running.send_signal(signal.SIGKILL)
        running.wait()
        for snapshot in SnapshotStore.of(project).vintages("migr_imm8"):
            # The starter snapshot of the same dataset is a compilation with fewer rows, and of another vintage.
            assert snapshot.id.vintage != "2026-09-01" or snapshot.opened().rows == 284_667
    done = subprocess.run(words, cwd=project.root, capture_output=True, text=True, check=True)
    assert "284,667 observations" in done.stdout


# What providers send, over HTTP and into the store: whatever its form, the same is stored

FORMS = {
    "SDMX-CSV 1.0": HEADER + "ESTAT:MIGR_ASYAPPCTZA(1.0),,A,UA,T,PER,TOTAL,FRST,LT,2024,0,bn,\n"
    "ESTAT:MIGR_ASYAPPCTZA(1.0),,A,UA,T,PER,TOTAL,FRST,LT,2025,1234,bep,\n"
    "ESTAT:MIGR_ASYAPPCTZA(1.0),,A,UA,T,PER,TOTAL,FRST,TR,2025,:,c,\n",
    "SDMX-CSV 1.0, flags parted": HEADER.replace("OBS_FLAG", "OBS_STATUS")
    + "ESTAT:MIGR_ASYAPPCTZA(1.0),,A,UA,T,PER,TOTAL,FRST,TR,2025,,,C\n"
    "ESTAT:MIGR_ASYAPPCTZA(1.0),,A,UA,T,PER,TOTAL,FRST,LT,2025,1234,bep,\n"
    "ESTAT:MIGR_ASYAPPCTZA(1.0),,A,UA,T,PER,TOTAL,FRST,LT,2024,0,bn,\n",
    "SDMX-CSV 2.0": "STRUCTURE,STRUCTURE_ID,freq,citizen,sex,unit,age,applicant,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    "dataflow,ESTAT:MIGR_ASYAPPCTZA(1.0),A,UA,T,PER,TOTAL,FRST,LT,2024,0,bn\n"
    "dataflow,ESTAT:MIGR_ASYAPPCTZA(1.0),A,UA,T,PER,TOTAL,FRST,LT,2025,1234,bep\n"
    "dataflow,ESTAT:MIGR_ASYAPPCTZA(1.0),A,UA,T,PER,TOTAL,FRST,TR,2025,,c\n",
    "labels": HEADER
    + "ESTAT:MIGR_ASYAPPCTZA(1.0),,Annual,Ukraine,Total,Person,Total,First time applicant,Lithuania,2024,0,bn,\n"
    'ESTAT:MIGR_ASYAPPCTZA(1.0),,Annual,Ukraine,Total,Person,Total,First time applicant,Lithuania,2025,"1,234",bep,\n'
    "ESTAT:MIGR_ASYAPPCTZA(1.0),,Annual,Ukraine,Total,Person,Total,First time applicant,Türkiye,2025,:,c,\n",
    "TSV": "freq,citizen,sex,unit,age,applicant,geo\\TIME_PERIOD\t2024 \t2025 \n"
    "A,UA,T,PER,TOTAL,FRST,LT\t0n b\t1234 bep\nA,UA,T,PER,TOTAL,FRST,TR\t: \t: c\n",
}
WRAPPINGS = {
    "gzip": lambda text: gzip.compress(text.encode()),
    "not packed though asked for": lambda text: text.encode(),
    "byte-order mark": lambda text: gzip.compress(text.encode("utf-8-sig")),
    "CRLF": lambda text: gzip.compress(text.replace("\n", "\r\n").encode()),
    "cp1252": lambda text: text.encode("cp1252"),
    "two members of gzip": lambda text: gzip.compress(text[:90].encode()) + gzip.compress(text[90:].encode()),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_every_form_that_is_served_is_stored_as_the_same(project, provider, form, wrapping):
    provider.says(ASKED, Answer(WRAPPINGS[wrapping](FORMS[form]), headers={"Content-Type": "application/octet-stream"}))
    snapshot = fetch_dataset(project, "migr_asyappctza", day=DAY).snapshot
    found = recorded_rows(snapshot, read_dataset(project, "migr_asyappctza"))
    found = found[["geo", "time", "value", "obs_status", "conf_status"]].fillna(-1)
    assert [(geo, time, value, "".join(sorted(status)), conf) for geo, time, value, status, conf in found.to_numpy()] == [
        ("LT", "2024", 0, "bn", ""), ("LT", "2025", 1234, "bep", ""), ("TR", "2025", -1, "", "c"),
    ]  # fmt: skip


def test_a_vintage_under_the_older_name_of_a_dimension_is_selected_by_the_newer(project, provider):
    older = gzip.decompress(served().content).replace(b"applicant", b"asyl_app").replace(b"FRST", b"NASY_APP")
    provider.says(ASKED, Answer(gzip.compress(older)), served(305))
    vintages = [
        fetch_dataset(project, "migr_asyappctza", day=DAY + datetime.timedelta(days=n)).snapshot for n in (0, 1)
    ]
    wanted = {"geo": "LT", "applicant": "FRST", "time": 2025}
    declaration = read_dataset(project, "migr_asyappctza")
    assert [select(one, declaration, wanted)["value"].tolist() for one in vintages] == [[300.0], [305.0]]


def test_a_dataset_that_was_renamed_keeps_its_vintages(project, provider):
    """Enforcement tables have been served with and without a final 1; a filter on the old code would find nothing."""
    header = "DATAFLOW,LAST UPDATE,freq,citizen,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
    codes = {name: CODES[name] for name in ("freq", "citizen", "geo")}
    provider.says(STRUCTURE, Answer(structure("MIGR_EIORD1", codes)))
    for number, name in enumerate(("MIGR_EIORD", "MIGR_EIORD1")):
        row = f"ESTAT:{name}(1.0),,A,TOTAL,LT,2025,{500 + number},,\n"
        provider.says(ASKED, Answer(gzip.compress((header + row).encode())))
        fetch_dataset(project, "migr_eiord1", day=DAY + datetime.timedelta(days=number))
    vintages = SnapshotStore.of(project).vintages("migr_eiord1")
    fetched = [one.opened().select({})["value"].to_pylist() for one in vintages if one.card.coverage["rows"] == 1]
    assert fetched == [[500.0], [501.0]]
    with pytest.raises(UnknownCode, match="the dataset migr_eiord is now migr_eiord1"):
        fetch_dataset(project, "migr_eiord", day=DAY)


def test_a_truncated_answer_is_never_half_stored(project, provider):
    fetch_dataset(project, "migr_asyappctza", day=DAY)
    before, whole = stored(project), served(305).content
    provider.says(ASKED, *(Answer(whole[:end], has_length=False) for end in (15, 40, len(whole) - 1)))
    with pytest.raises(SourceUnavailable, match="truncated or damaged gzip"):
        fetch_dataset(project, "migr_asyappctza", day=DAY)
    assert stored(project) == before
    provider.says(ASKED, Answer(whole[:40], has_length=False), Answer(whole, breaks_after=30), Answer(whole))
    assert fetch_dataset(project, "migr_asyappctza", day=DAY).is_new, "the next attempts are whole"


def test_a_dataset_of_sdmx_3_is_stored_as_that_of_2(project, provider):
    path = project.params / "sources" / "estat.yaml"
    first = fetch_dataset(project, "migr_asyappctza", day=DAY)
    path.write_text(path.read_text().replace("'2.1'", "'3.0'"))
    provider.says("sdmx/3.0/structure/", Answer(structure("MIGR_ASYAPPCTZA", CODES, version="3.0")))
    provider.says("sdmx/3.0/data/", served())
    again = fetch_dataset(project, "migr_asyappctza", day=DAY)
    assert len(provider.paths("sdmx/3.0/data/")) == 1 and again.snapshot.id == first.snapshot.id and not again.is_new


# Other providers


def test_pages_of_unhcr_become_a_snapshot(project, provider, monkeypatch):
    monkeypatch.setattr(unhcr, "PAGE", 2)
    usual = {
        "coo_iso": "AFG",
        "coa_iso": "LTU",
        "procedure_type": "G",
        "app_type": "N",
        "dec_level": "FI",
        "app_pc": "P",
    }
    for number, years in enumerate(((2022, 2023), (2024,)), start=1):
        items = [usual | {"year": year, "applied": 5 * year} for year in years]
        answer = Answer(json.dumps({"page": number, "maxPages": 2, "items": items}).encode())
        asked = f"asylum-applications/?yearFrom=1951&cf_type=ISO&limit=2&coo_all=true&coa_all=true&page={number}"
        provider.says(asked, answer)
    snapshot = fetch_dataset(project, "unhcr_asylum_applications", day=DAY).snapshot
    found = snapshot.opened().select({"geo": ["LT"], "citizen": ["AF"]})
    assert found["time"].to_pylist() == ["2022", "2023", "2024"] and found["value"].to_pylist() == [10110, 10115, 10120]
    assert str(snapshot.id) == "unhcr/unhcr_asylum_applications/2026-09-01" and "CC BY 4.0" in snapshot.card.licence


def test_a_source_and_its_dataset_are_declared_and_need_no_code(project, provider):
    source = {
        "provider": "An office", "protocol": "sdmx", "address": provider.address + "rest/", "sdmx_agency": "OFFICE",
        "licence": "made up",
    }  # fmt: skip
    dataset = yaml.safe_load((project.params / "datasets" / "demo_gind.yaml").read_text())
    dataset |= {"agency": "office", "provider": "An office", "flow": "OFFICE,DF_MADE_UP,1.0"}
    (project.params / "sources" / "office.yaml").write_text(yaml.safe_dump(source))
    (project.params / "datasets" / "office_made_up.yaml").write_text(yaml.safe_dump(dataset))
    codes = {"FREQ": {"A": "Annual"}, "REF_AREA": {"LTU": "Lithuania"}}
    provider.says("rest/dataflow/OFFICE/DF_MADE_UP/1.0", Answer(structure("DF_MADE_UP", codes, agency="OFFICE")))
    header = "DATAFLOW,FREQ,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS\n"
    content = header + "OFFICE:DF_MADE_UP(1.0),A,LTU,2025-Q1,5.5,A,F\n"
    provider.says("rest/data/OFFICE%2CDF_MADE_UP%2C1.0/.LTU", Answer(content.encode()))
    fetched = fetch_dataset(project, "office_made_up", day=DAY, filters={"ref_area": ["LTU"]})
    assert fetched.snapshot.opened().select({})["value"].to_pylist() == [5.5]
    assert str(fetched.snapshot.id) == "office/office_made_up/2026-09-01"
    assert not fetch_dataset(project, "office_made_up", day=DAY, filters={"ref_area": ["LTU"]}).is_new


# The command line


def run(*words):
    return CliRunner().invoke(main, list(words))


def test_fetch_says_what_came_and_what_to_look_at(project, provider):
    first = run("fetch", "migr_asyappctza", "--filter", "asyl_app=NASY_APP", "--since", "2020")
    assert first.exit_code == 0, first.output
    day = datetime.datetime.now(datetime.UTC).date()
    assert f"estat/migr_asyappctza/{day} added: 1 observation, 2025 to 2025" in first.output
    assert f"workbench revisions migr_asyappctza --from 2025-05-26 --to {day}" in first.output
    assert "exists already, with the same content" in run("fetch", "migr_asyappctza").output
    assert "startPeriod=2020" in provider.paths(ASKED)[0] and ".FRST." in provider.paths(ASKED)[0]


def test_one_failure_does_not_stop_the_others(project, provider):
    provider.says(f"{STRUCTURE}MIGR_ASYAPPCTZ", Answer(b"none", 404))
    provider.says(f"{STRUCTURE}MIGR_ASYAPPCTZA", Answer(structure("MIGR_ASYAPPCTZA", CODES)))
    done = run("fetch", "migr_asyappctz", "migr_asyappctza")
    assert done.exit_code == 1 and "no dataset migr_asyappctz\n" in done.stderr
    assert "added: 1 observation" in done.output and "1 row" in done.stderr


@pytest.mark.parametrize("text", ["citizen", "=UA", "citizen="])
def test_a_filter_that_is_none_is_refused(project, provider, text):
    done = run("fetch", "migr_asyappctza", "--filter", text)
    assert done.exit_code == 1 and "is not a filter" in done.stderr


def test_datasets_says_what_is_here_how_old_and_what_is_newer(project, provider):
    done = run("datasets")
    assert done.exit_code == 0, done.output
    (line,) = [line for line in done.output.splitlines() if line.startswith("migr_asyappctza ")]
    assert "2024-01-18, 2025-03-31, 2025-05-26" in line and "43,896 observations" in line and "days old" in line
    assert "newer at the provider: 2026-08-31" in line
    assert "newer" not in run("datasets", "--offline").output
    fetch_dataset(project, "migr_asyappctza", day=DAY)
    held = {one.dataset: one for one in overview(project, ask=True)[0]}
    assert not held["migr_asyappctza"].is_outdated


def test_a_provider_that_is_down_does_not_hide_what_is_here(project, provider):
    provider.says("catalogue/toc/txt", Answer(b"down", 403))
    done = run("datasets")
    assert done.exit_code == 1 and "refuses this request" in done.stderr and "demo_gind" in done.output


def test_an_undeclared_dataset_of_eurostat_can_be_fetched(project, provider):
    content = gzip.decompress(served().content).replace(b"ASYAPPCTZA", b"UNHEARD")
    provider.says(ASKED, Answer(gzip.compress(content)))
    assert fetch_dataset(project, "migr_unheard", day=DAY).snapshot.id.agency == "estat"


def test_importing_the_study_loads_no_network(project):
    code = textwrap.dedent("""
        import sys, workbench.study
        print(sorted({"httpx", "sdmx"} & sys.modules.keys()))
    """)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"
