"""An archive: the same contents give the same bytes, no revision is overwritten, all damage is named, others can check it."""

import hashlib
import io
import json
import multiprocessing
import os
import re
import socket
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from requests import Request
from requests_cache import CachedRequest, CachedResponse, CachedSession
from rocrate_validator import services

from sealed_again import CRATE, bagged_again, below_top, members_of, seal_again
from workbench.archiving import ArchivedFile, ArchivedRun, DataSource, EditionContents, seal, verify
from workbench.model.errors import DamagedArchive, WorkbenchError

SEALING = import_module("workbench.archiving.seal")  # the package gives its name to a function

SNAPSHOT = "snapshots/estat/made_up/2024-01-18.parquet"
CARD = "snapshots/estat/made_up/2024-01-18.yaml"
HTML = "studies/LT/made_up.lt.html"
DECLARATION = "params/editions/2022.yaml"
EXECUTED, RESULTS = "studies/LT/made_up.ipynb", "studies/LT/made_up.results.csv"


def made_up(results: str = "indicator,value\nmade_up,1\n") -> EditionContents:
    """An edition of one study in two languages. Every number in it is made up."""
    snapshot = b"made-up bytes of a snapshot"
    card = f"agency: estat\ndataset: made_up\nsha256: {hashlib.sha256(snapshot).hexdigest()}\n"
    texts = {
        CARD: (card, "Card", "application/yaml", None),
        "notebooks/made_up.ipynb": ("{}", "Notebook made_up", "application/x-ipynb+json", None),
        DECLARATION: ("title: Made up\n", "Declaration 2022", "application/yaml", None),
        "params/studies/made_up.yaml": ("title: {en: Made up}\n", "Sidecar of made_up", "application/yaml", None),
        "README.md": ("# Made up\n", "About this archive", "text/markdown", None),
        "requirements.lock": ("pandas==2.2\n", "Environment lock", "text/plain", None),
        HTML: ("<p>Prašymų: 1</p>", "Išgalvotas tyrimas", "text/html", "lt"),
        "studies/LT/made_up.en.html": ("<p>Applications: 1</p>", "A made-up study", "text/html", "en"),
        EXECUTED: ("{}", "A made-up study: executed notebook", "application/x-ipynb+json", None),
        RESULTS: (results, "Results", "text/csv", None),
    }
    files = [ArchivedFile(path, text.encode(), *about) for path, (text, *about) in texts.items()]
    source = DataSource("A made-up provider", "A made-up licence", "2024-01-18", "https://provider.example/made_up")
    files.append(
        ArchivedFile(SNAPSHOT, snapshot, "Made-up applications", "application/vnd.apache.parquet", data=source)
    )
    run = ArchivedRun(
        study="made_up",
        title="A made-up study, LT, 2022",
        country="LT",
        year=2022,
        notebook="notebooks/made_up.ipynb",
        inputs=(DECLARATION, "params/studies/made_up.yaml", "requirements.lock", SNAPSHOT, CARD),
        outputs=(EXECUTED, RESULTS, "studies/LT/made_up.en.html", HTML),
    )
    return EditionContents(
        name="2022",
        declaration=DECLARATION,
        title="Made-up report 2022",
        description="A made-up edition, to try the sealing.",
        years=(2022,),
        date_published="2023-05-17",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        publisher="A made-up contact point",
        publisher_url="https://ncp.example/",
        software_version="0.1.0",
        files=tuple(files),
        runs=(run,),
        software_commit="0123456789abcdef0123456789abcdef01234567",
    )


@pytest.fixture
def archive(tmp_path) -> Path:
    return seal(made_up(), tmp_path / "archive").path


def unpacked(archive: Path, into: Path) -> Path:
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(into)
    return into / archive.stem


# Sealing


def test_a_sealed_edition_is_intact(archive):
    verified = verify(archive)
    assert archive.name == "2022-r1.zip"
    assert (verified.name, verified.revision, verified.files, verified.runs) == ("2022", 1, 12, 1)


def test_an_archive_whose_snapshots_are_csv_is_intact_too(tmp_path, archive):
    """As editions were sealed before snapshots became Parquet; and the card is still held against its snapshot."""
    older = SNAPSHOT.replace(".parquet", ".csv.gz")
    contents = made_up()
    files = tuple(replace(file, path=older) if file.path == SNAPSHOT else file for file in contents.files)
    runs = tuple(
        replace(run, inputs=tuple(older if path == SNAPSHOT else path for path in run.inputs)) for run in contents.runs
    )
    sealed = seal(replace(contents, files=files, runs=runs), tmp_path / "before")
    assert verify(sealed.path).runs == verify(archive).runs
    spoilt = tuple(replace(file, content=b"other") if file.path == older else file for file in files)
    with pytest.raises(DamagedArchive, match=re.escape(older)):
        seal(replace(contents, files=spoilt, runs=runs), tmp_path / "spoilt")


def test_the_same_contents_are_not_sealed_twice(archive):
    contents = made_up()
    shuffled = replace(contents, files=contents.files[::-1], runs=contents.runs[::-1])
    again = seal(shuffled, archive.parent)
    assert (again.path, again.is_new) == (archive, False)
    assert list(archive.parent.iterdir()) == [archive]


def test_a_change_makes_a_new_revision_and_leaves_the_old_one_alone(archive):
    before = archive.read_bytes()
    second = seal(made_up("indicator,value\nmade_up,2\n"), archive.parent)
    third = seal(made_up(), archive.parent)  # as the first, but no longer the newest
    assert (second.path.name, third.path.name) == ("2022-r2.zip", "2022-r3.zip")
    assert second.is_new and third.is_new
    assert verify(third.path).payload == verify(archive).payload != verify(second.path).payload
    assert archive.read_bytes() == before


def test_revisions_are_counted_for_each_name_and_as_numbers(archive):
    for stem in ("2022-r9", "2022-r10"):
        members = below_top(archive)
        members["bag-info.txt"] = members["bag-info.txt"].replace(b"2022-r1", stem.encode())
        seal_again(archive.with_name(f"{stem}.zip"), bagged_again(members))
    assert seal(made_up("new"), archive.parent).path.name == "2022-r11.zip"
    assert seal(replace(made_up(), name="2023"), archive.parent).path.name == "2023-r1.zip"


SEAL_ELSEWHERE = """
import os, sys, time
from pathlib import Path
clock, order = float(sys.argv[2]), sys.argv[3]
time.time = lambda: clock
listed = os.listdir
os.listdir = lambda *of: sorted(listed(*of), reverse=order == "backwards")
from test_archive import made_up, seal
seal(made_up(), Path(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("clock", "order", "environment", "umask"),
    [
        (0, "forwards", {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"}, 0o022),
        (4e9, "backwards", {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"}, 0o077),
    ],
)
def test_clock_order_zone_locale_folder_and_rights_do_not_matter(archive, tmp_path, clock, order, environment, umask):
    elsewhere = tmp_path / "else where" / "ž"
    elsewhere.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-c", SEAL_ELSEWHERE, "sealed", str(clock), order],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        umask=umask,
        check=True,
    )
    assert (elsewhere / "sealed" / archive.name).read_bytes() == archive.read_bytes()


def test_nothing_of_clock_or_machine_is_in_it(archive, tmp_path):
    machine = {date.today().isoformat(), str(tmp_path), tempfile.gettempdir()}
    for name, content in members_of(archive).items():
        assert not [word for word in machine if word.encode() in content], name
    with zipfile.ZipFile(archive) as zipped:
        assert {member.date_time for member in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert zipped.namelist() == sorted(zipped.namelist())


def test_a_sealing_that_breaks_off_leaves_nothing(tmp_path, monkeypatch):
    def breaks_off(bag, top, file):
        file.write(b"PK half an archive")
        raise KeyboardInterrupt

    monkeypatch.setattr(SEALING, "_zip", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        seal(made_up(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_sealing_leaves_is_temporary_by_name_and_in_no_ones_way(archive, monkeypatch):
    monkeypatch.setattr(Path, "unlink", lambda path, missing_ok=False: None)
    seal(made_up("new"), archive.parent)
    left = {path.name for path in archive.parent.iterdir()} - {"2022-r1.zip", "2022-r2.zip"}
    assert [name.startswith(".2022-r2.zip.") and name.endswith(".tmp") for name in left] == [True]
    assert seal(made_up("newer"), archive.parent).path.name == "2022-r3.zip"


def test_what_would_not_verify_is_not_sealed(tmp_path):
    contents = made_up()
    files = [replace(file, content=b"other") if file.path == SNAPSHOT else file for file in contents.files]
    with pytest.raises(DamagedArchive, match=SNAPSHOT):
        seal(replace(contents, files=tuple(files)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_revision_is_not_buried_under_another(archive):
    archive.write_bytes(archive.read_bytes()[:-100])
    with pytest.raises(DamagedArchive, match="is truncated"):
        seal(made_up("new"), archive.parent)
    assert list(archive.parent.iterdir()) == [archive]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda it: {"name": "../2022"}, "name that cannot be archived"),
        (lambda it: {"files": (*it.files, replace(it.files[0], path="a/../b"))}, "name that cannot be archived"),
        (lambda it: {"files": (*it.files, replace(it.files[0], path=CRATE))}, "own description"),
        (lambda it: {"files": (*it.files, it.files[0])}, "twice"),
        (lambda it: {"files": it.files[1:]}, "belongs to a run"),
    ],
)
def test_contents_that_cannot_be_archived_are_refused(change, complaint):
    contents = made_up()
    with pytest.raises(WorkbenchError, match=complaint):
        replace(contents, **change(contents))


# Many at once


def together(barrier) -> None:
    global BARRIER
    BARRIER = barrier


def seal_at_once(folder: Path, results: str) -> tuple[str, bool]:
    BARRIER.wait(timeout=60)
    sealed = seal(made_up(results), folder)
    return sealed.path.name, sealed.is_new


def seal_all_at_once(folder: Path, results: list[str]) -> list[tuple[str, bool]]:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(len(results))
    with ProcessPoolExecutor(len(results), mp_context=spawn, initializer=together, initargs=(barrier,)) as pool:
        return list(pool.map(seal_at_once, [folder] * len(results), results))


@pytest.mark.slow
def test_processes_that_seal_at_once_each_get_a_revision(tmp_path):
    sealed = seal_all_at_once(tmp_path, [f"made_up,{number}" for number in range(6)])
    assert {path.name for path in tmp_path.iterdir()} == {f"2022-r{number}.zip" for number in range(1, 7)}
    assert {name for name, is_new in sealed if is_new} == {path.name for path in tmp_path.iterdir()}
    assert len({verify(path).payload for path in tmp_path.iterdir()}) == 6
    for number, (name, _) in enumerate(sealed):
        content = members_of(tmp_path / name)[f"{name[:-4]}/data/studies/LT/made_up.results.csv"]
        assert content == f"made_up,{number}".encode(), "what a process was told is where its contents are"


@pytest.mark.slow
def test_processes_that_seal_the_same_at_once_make_one_archive(tmp_path):
    sealed = seal_all_at_once(tmp_path, ["made_up,1"] * 4)
    assert {name for name, _ in sealed} == {path.name for path in tmp_path.iterdir()} == {"2022-r1.zip"}
    assert sum(is_new for _, is_new in sealed) == 1


# Damage


def altered(members, path):
    content = bytearray(members[path])
    content[len(content) // 2] ^= 1
    return {**members, path: bytes(content)}


def without(members, path):
    return {name: content for name, content in members.items() if name != path}


def with_information(members, change):
    """With something else in ``bag-info.txt``, and manifests of tags made anew."""
    members = bagged_again(members)
    members["bag-info.txt"] = change(members["bag-info.txt"])
    for algorithm in ("sha256", "sha512"):
        digest, manifest = hashlib.new(algorithm, members["bag-info.txt"]).hexdigest(), f"tagmanifest-{algorithm}.txt"
        members[manifest] = re.sub(rb".* (?=bag-info)", f"{digest} ".encode(), members[manifest])
    return members


def described_otherwise(members, change):
    crate = json.loads(members[f"data/{CRATE}"])
    change(crate["@graph"])
    return bagged_again({**members, f"data/{CRATE}": json.dumps(crate).encode()})


def forget_reference(entity, identifier):
    for key, value in entity.items():
        if isinstance(value, list):
            entity[key] = [one for one in value if one != {"@id": identifier}]


def forget_html(graph):
    graph[:] = [entity for entity in graph if entity["@id"] != HTML]
    for entity in graph:
        forget_reference(entity, HTML)


DAMAGE = {
    "a byte of a study": (lambda m: altered(m, f"data/{HTML}"), f"data/{HTML}", "altered"),
    "a byte of a snapshot": (lambda m: altered(m, f"data/{SNAPSHOT}"), f"data/{SNAPSHOT}", "altered"),
    "a longer study": (lambda m: {**m, f"data/{HTML}": b"more" * 99}, f"data/{HTML}", "altered"),
    "no study": (lambda m: without(m, f"data/{HTML}"), f"data/{HTML}", "missing"),
    "no RO-Crate": (lambda m: without(m, f"data/{CRATE}"), f"data/{CRATE}", "missing"),
    "no bagit.txt": (lambda m: without(m, "bagit.txt"), "bagit.txt", "missing"),
    "no manifest": (lambda m: without(m, "manifest-sha512.txt"), "manifest-sha512.txt", "missing"),
    "no manifest of tags": (lambda m: without(m, "tagmanifest-sha256.txt"), "tagmanifest-sha256.txt", "missing"),
    "one study more": (lambda m: {**m, "data/studies/x.html": b"x"}, "data/studies/x.html", "not sealed with"),
    "a note beside": (lambda m: {**m, "note.txt": b"x"}, "note.txt", "not sealed with"),
    "an altered manifest": (lambda m: altered(m, "manifest-sha256.txt"), "manifest-sha256.txt", "altered"),
    "an empty manifest": (lambda m: {**m, "manifest-sha256.txt": b""}, "manifest-sha256.txt", "altered"),
    "swapped manifests": (
        lambda m: {**m, "manifest-sha256.txt": m["manifest-sha512.txt"], "manifest-sha512.txt": m["manifest-sha256.txt"]},
        "manifest-sha256.txt",
        "altered",
    ),
    "altered information": (lambda m: altered(m, "bag-info.txt"), "bag-info.txt", "altered"),
    "no bag": (lambda m: bagged_again({**m, "bagit.txt": b"BagIt-Version: x\n"}), "bagit.txt", "not a valid bag"),
    "a wrong Payload-Oxum": (
        lambda m: with_information(m, lambda info: re.sub(b"Payload-Oxum: .*", b"Payload-Oxum: 1.1", info)),
        "bag-info.txt", "not a valid bag",
    ),
    "a study changed and bagged again": (
        lambda m: bagged_again(altered(m, f"data/{HTML}")), f"data/{HTML}", "not the one that was described",
    ),
    "a study added and bagged again": (
        lambda m: bagged_again({**m, "data/x.html": b"x"}), "data/x.html", "not described",
    ),
    "a study removed and bagged again": (
        lambda m: bagged_again(without(m, f"data/{HTML}")), f"data/{HTML}", "described but missing",
    ),
    "a study the RO-Crate forgets": (lambda m: described_otherwise(m, forget_html), f"data/{HTML}", "not described"),
    "an RO-Crate that is none": (
        lambda m: bagged_again({**m, f"data/{CRATE}": b"[]"}), f"data/{CRATE}", "cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "member", "what"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_named(archive, damage, member, what):
    seal_again(archive, damage(below_top(archive)))
    with pytest.raises(DamagedArchive) as caught:
        verify(archive)
    message = str(caught.value)
    assert "2022-r1.zip is damaged" in message and what in message
    assert caught.value.where.endswith(f", member {member}" if member else str(archive))
    assert all((caught.value.expected, caught.value.found, caught.value.hint))


def test_an_altered_byte_is_told_by_both_digests(archive):
    members = altered(below_top(archive), f"data/{HTML}")
    seal_again(archive, members)
    with pytest.raises(DamagedArchive) as caught:
        verify(archive)
    sealed = next(file.content for file in made_up().files if file.path == HTML)
    assert caught.value.expected == f"sha256 {hashlib.sha256(sealed).hexdigest()}"
    assert caught.value.found == f"sha256 {hashlib.sha256(members[f'data/{HTML}']).hexdigest()}"


@pytest.mark.parametrize(
    ("path", "content", "member", "what"),
    [
        (CARD, b"sha256: abc\n", SNAPSHOT, "does not match its card"),
        (CARD, b"agency: estat\n", CARD, "cannot be read"),
        (CARD, b"{{ no card", CARD, "cannot be read"),
        (CARD, None, CARD, "missing"),
        (SNAPSHOT, None, SNAPSHOT, "missing"),
    ],
)
def test_a_snapshot_and_its_card_belong_together(archive, path, content, member, what):
    """Even where all digests were made anew, in the manifests and in the RO-Crate."""
    members = below_top(archive)
    members = without(members, f"data/{path}") if content is None else {**members, f"data/{path}": content}

    def describe(graph):
        graph[:] = [entity for entity in graph if content is not None or entity["@id"] != path]
        for entity in graph:
            if entity["@id"] == path:
                entity |= {"sha256": hashlib.sha256(content).hexdigest(), "contentSize": str(len(content))}
            if content is None:
                forget_reference(entity, path)

    seal_again(archive, described_otherwise(members, describe))
    with pytest.raises(DamagedArchive, match=f"{what}(.|\n)*member data/{member}"):
        verify(archive)


def test_no_zip_a_cut_zip_and_no_file_are_told_apart(archive, tmp_path):
    whole = archive.read_bytes()
    for content, what in [(b"<html>", "not a zip file"), (b"", "not a zip file"), (whole[:-30], "is truncated")]:
        archive.write_bytes(content)
        with pytest.raises(DamagedArchive, match=f"2022-r1.zip is damaged: the archive {what}|the archive is {what}"):
            verify(archive)
    with pytest.raises(WorkbenchError, match="no such archive"):
        verify(tmp_path / "nothing.zip")


def test_a_copy_may_have_another_name_but_not_that_of_another_archive(archive):
    copy = archive.rename(archive.with_name("2022-r1 (1).zip"))
    assert verify(copy).revision == 1
    with pytest.raises(DamagedArchive, match="not sealed under this name"):
        verify(copy.rename(archive.with_name("2022-r2.zip")))


# What others' tools say


def bagit_says(bag: Path) -> int:
    command = [sys.executable, "-m", "bagit", "--validate", str(bag)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def test_bagit_finds_the_bag_valid_and_notices_a_change(archive, tmp_path):
    bag = unpacked(archive, tmp_path)
    assert (bag / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert bagit_says(bag) == 0
    (bag / "data" / HTML).write_text("other")
    assert bagit_says(bag) != 0


# The part of the context of RO-Crate 1.1 that the archives use, as https://w3id.org/ro/crate/1.1/context has it;
# the validator refuses a term that is not in it.
CONTEXT_URL = "https://w3id.org/ro/crate/1.1/context"
SCHEMA_TERMS = """
    ComputerLanguage ControlAction CreateAction CreativeWork Dataset HowTo HowToStep OrganizeAction Organization Person
    PropertyValue SoftwareApplication SoftwareSourceCode about actionStatus additionalType affiliation agent author contentSize
    datePublished description encodingFormat exampleOfWork hasPart identifier inLanguage instrument isBasedOn keywords license
    mainEntity mentions name object position programmingLanguage publisher result softwareRequirements softwareVersion step
    temporalCoverage url value valueRequired version workExample
"""
CONTEXT = {term: f"http://schema.org/{term}" for term in SCHEMA_TERMS.split()} | {
    "ComputationalWorkflow": "https://bioschemas.org/ComputationalWorkflow",
    "File": "http://schema.org/MediaObject",
    "FormalParameter": "https://bioschemas.org/FormalParameter",
    "conformsTo": "http://purl.org/dc/terms/conformsTo",
    "input": "https://bioschemas.org/ComputationalWorkflow#input",
}


@pytest.fixture
def validator_cache(tmp_path, monkeypatch) -> Path:
    """The cache from which the validator works offline, with the one document in it that it asks for."""
    cache = tmp_path / "cache" / "http"
    cache.parent.mkdir()
    with CachedSession(str(cache), backend="sqlite") as session:
        request = session.prepare_request(Request("GET", CONTEXT_URL))
        session.cache.responses[session.cache.create_key(request)] = CachedResponse(
            url=CONTEXT_URL,
            status_code=200,
            headers={"Content-Type": "application/ld+json"},
            content=json.dumps({"@context": CONTEXT}).encode(),
            request=CachedRequest.from_request(request),
        )
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **_: pytest.fail(f"asked the network for {asked}"))
    return cache


def crate_issues(crate: Path, profile: str, cache: Path, severity: str = "REQUIRED") -> list[str]:
    settings = services.ValidationSettings(
        rocrate_uri=str(crate),
        profile_identifier=profile,
        requirement_severity=severity,
        offline=True,
        cache_path=cache,
    )
    result = services.validate(settings)
    issues = [issue.message for issue in result.get_issues()]
    assert result.passed() == (not issues)
    return issues


PROFILES = ("ro-crate-1.1", "provenance-run-crate-0.5")


# What is recommended and an archive cannot have: the time of an action, which would make each sealing another archive, and an
# address for an identifier of a notebook, which is a file of the archive.
NOT_HEEDED = {
    "The Action SHOULD have an endTime in ISO 8601 format",
    "The SoftwareApplication id SHOULD be an absolute URI",
}


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROFILES)
def test_the_validator_finds_the_crate_conforming(archive, tmp_path, validator_cache, profile):
    issues = crate_issues(unpacked(archive, tmp_path) / "data", profile, validator_cache, "RECOMMENDED")
    assert set(issues) <= NOT_HEEDED


def drop(identifier: str, key: str):
    return lambda graph: [entity.pop(key) for entity in graph if entity["@id"] == identifier]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("profile", "spoil", "complaint"),
    [
        ("ro-crate-1.1", drop("./", "datePublished"), "datePublished"),
        ("ro-crate-1.1", lambda graph: graph[1].update(unheard_of="x"), "unheard_of"),
        ("provenance-run-crate-0.5", drop("./", "conformsTo"), "profile"),
        ("provenance-run-crate-0.5", drop("#run-made_up-LT-2022", "instrument"), "instrument"),
        ("provenance-run-crate-0.5", drop("#step-made_up-LT-2022", "object"), "ControlAction"),
        ("provenance-run-crate-0.5", drop(DECLARATION, "hasPart"), "hasPart"),
    ],
)
def test_the_validator_refuses_a_spoilt_crate(archive, tmp_path, validator_cache, profile, spoil, complaint):
    metadata = unpacked(archive, tmp_path) / "data" / CRATE
    crate = json.loads(metadata.read_text(encoding="utf-8"))
    spoil(crate["@graph"])
    metadata.write_text(json.dumps(crate), encoding="utf-8")
    assert complaint in "\n".join(crate_issues(metadata.parent, profile, validator_cache))


def test_the_crate_says_of_each_run_what_it_read_and_made(archive):
    """One action a run, which is executed once: it read no language, and made the pages of all."""
    graph = json.load(io.BytesIO(members_of(archive)[f"2022-r1/data/{CRATE}"]))["@graph"]
    whole, run = [entity for entity in graph if entity["@type"] == "CreateAction"]
    assert (whole["@id"], run["@id"]) == ("#edition-2022", "#run-made_up-LT-2022")
    assert whole["instrument"] == {"@id": DECLARATION} and whole["result"] == run["result"]
    assert run["instrument"] == {"@id": "notebooks/made_up.ipynb"}
    read, made = ([reference["@id"] for reference in run[key]] for key in ("object", "result"))
    assert {SNAPSHOT, CARD, "params/studies/made_up.yaml", "#country-LT", "#year-2022"} < set(read)
    assert not [one for one in read if one.startswith("#language")]
    assert made == sorted([EXECUTED, HTML, "studies/LT/made_up.en.html", RESULTS])
    assert not {"startTime", "endTime"} & run.keys()
    languages = {entity["@id"]: entity.get("inLanguage") for entity in graph if entity["@id"] in made}
    (data,) = [entity for entity in graph if entity["@id"] == SNAPSHOT]
    assert (data["license"], data["version"]) == ("A made-up licence", "2024-01-18")
    assert data["publisher"] == {"@id": "#provider-a-made-up-provider"}
    assert languages == {EXECUTED: None, HTML: "lt", "studies/LT/made_up.en.html": "en", RESULTS: None}


def test_an_edition_has_one_executed_notebook_a_run_and_a_page_a_language(edition, tmp_path, validator_cache):
    archive = edition[1].sealed.path
    names = {name.removeprefix("2022-r1/data/") for name in members_of(archive)}
    stem = "studies/LT/asylum_applications"
    pages = {f"{stem}.{language}.{kind}" for language in ("en", "lt") for kind in ("html", "xlsx")}
    pages |= {f"{stem}.method.{language}.html" for language in ("en", "lt")}
    made = {f"{stem}.ipynb", f"{stem}.results.csv", *pages}
    assert {name for name in names if name.startswith("studies/")} == made
    assert {name for name in names if name.endswith(".ipynb")} == {
        "notebooks/asylum_applications.ipynb", f"{stem}.ipynb"}  # fmt: skip
    crate = unpacked(archive, tmp_path) / "data"
    graph = json.loads((crate / CRATE).read_text(encoding="utf-8"))["@graph"]
    _, run = [entity for entity in graph if entity["@type"] == "CreateAction"]
    assert run["@id"] == "#run-asylum_applications-LT-2022" and verify(archive).runs == 1
    assert {reference["@id"] for reference in run["result"]} == made
    for profile in PROFILES:
        assert crate_issues(crate, profile, validator_cache) == []


@pytest.mark.parametrize("commit", ["0123456789abcdef0123456789abcdef01234567", None])
def test_an_archive_names_the_version_and_commit_that_made_it(tmp_path, commit):
    sealed = seal(replace(made_up(), software_commit=commit), tmp_path / "archive")
    members = members_of(sealed.path)
    graph = json.loads(members["2022-r1/data/ro-crate-metadata.json"])["@graph"]
    (software,) = [entity for entity in graph if entity["@type"] == "SoftwareApplication"]
    assert software["softwareVersion"] == "0.1.0"
    assert software.get("identifier") == (f"swh:1:rev:{commit}" if commit else None)
    agent = f"migration-workbench 0.1.0 (commit {commit})" if commit else "migration-workbench 0.1.0"
    assert f"Bag-Software-Agent: {agent}\n" in members["2022-r1/bag-info.txt"].decode()
