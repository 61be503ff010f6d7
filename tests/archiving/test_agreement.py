"""Whoever alters a number in one file of an archive, and all digests with it, is found by the files that still have the other."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from test_archive import made_up

from conftest import ROOT
from sealed_again import below_top, forge
from workbench.archiving import ArchivedFile, seal
from workbench.archiving.members import Members
from workbench.archiving.signing import sign
from workbench.editions.verification import verify_all
from workbench.model.encoding import row_of
from workbench.model.errors import DamagedArchive, RefusedSignature
from workbench.model.record import BLOCK_TYPE, RECORD_TYPE
from workbench.model.results_csv import results_csv
from workbench.model.types import Result

DATASET, VINTAGE = "tps00170", "2025-03-03"
SNAPSHOT = f"snapshots/estat/{DATASET}/{VINTAGE}.parquet"
CARD = SNAPSHOT.replace(".parquet", ".yaml")
STARTER = ROOT / "workbench" / "data" / "starter" / "estat" / DATASET
RESULTS, NOTEBOOK = "studies/LT/made_up.results.csv", "studies/LT/made_up.ipynb"
PAGES = {language: f"studies/LT/made_up.{language}.html" for language in ("en", "lt")}


def permits(time: str, value: float, geo: str = "LT") -> Result:
    return Result("first_permits", geo, "", time, value, value, value, "permits", "", DATASET, VINTAGE)


PUBLISHED = [
    permits("2021", 20977),
    permits("2022", 33199),
    replace(permits("2022", 58.26), indicator="first_permits_change_pct", low=58.1, high=58.4, unit="%", flags="p"),
    replace(permits("2022", float("nan")), geo="UK", low=float("nan"), high=float("nan"), flags="x"),
]


def csv(results=PUBLISHED) -> str:
    return results_csv(results)


def notebook(results=PUBLISHED, block=None, sha256=None) -> str:
    digest = hashlib.sha256((STARTER / f"{VINTAGE}.parquet").read_bytes()).hexdigest()
    source = {"dataset": DATASET, "vintage": VINTAGE, "sha256": sha256 or digest}
    described = {"sources": [source], "results": [{"result": at} for at in range(len(results))]}
    record = {"results": [row_of(result) for result in results], "described": described}
    shown = {"results": [row_of(result) for result in block or results[:2]], "described": {}}
    data = [{BLOCK_TYPE: shown}, {"text/plain": "some output"}, {RECORD_TYPE: record}]
    return json.dumps({"cells": [{"id": str(at), "outputs": [{"data": one}]} for at, one in enumerate(data)]})


def page(
    sentence="33,199", cells=("20,977", "58.3%", "[x]"), digits="58.26%", interval="58.1–58.4%", key=PUBLISHED[1].key
):
    at = {"indicators": [["first_permits", "", ""], ["first_permits_change_pct", "", ""]], "breakdowns": [["", ""]]}
    at |= {"places": [["LT", ""], ["UK", ""]], "times": ["2021", "2022"], "sources": [[DATASET, VINTAGE, ""]]}
    rows = [[0, 0, 0, 0, 0], [1, 0, 0, 1, 0, digits, 0, interval], [0, 1, 0, 1, 0]]
    said = f'<p><a class="number" href="#definition-first_permits" data-result="{"|".join(key)}">{sentence}</a></p>'
    table = "".join(f'<td><a class="number" data-n="{at}">{cell}</a></td>' for at, cell in enumerate(cells))
    data = json.dumps({**at, "numbers": rows})
    return f'{said}<table><tr>{table}</tr></table><script type="application/json" id="numbers">{data}</script>'


def lithuanian(
    sentence="33\xa0199", cells=("20\xa0977", "58,3\xa0%", "[x]"), digits="58,26\xa0%", interval="58,1–58,4\xa0%"
):
    return page(sentence, cells, digits, interval)


def contents():
    """An edition of one study with four numbers, on two pages."""
    changed = {RESULTS: csv(), NOTEBOOK: notebook(), PAGES["en"]: page(), PAGES["lt"]: lithuanian()}
    edition = made_up()
    left_out = [path for path in edition.runs[0].inputs if path.startswith("snapshots/")]
    files = [
        replace(file, content=changed[file.path].encode()) if file.path in changed else file
        for file in edition.files
        if file.path not in left_out
    ]
    added = {SNAPSHOT: STARTER / f"{VINTAGE}.parquet", CARD: STARTER / f"{VINTAGE}.yaml"}
    added |= {path: ROOT / path for path in ("params/indicators.yaml", f"params/datasets/{DATASET}.yaml")}
    files += [ArchivedFile(path, source.read_bytes(), path, "text/plain") for path, source in added.items()]
    runs = [replace(run, inputs=(*(set(run.inputs) - {*left_out}), *added)) for run in edition.runs]
    return replace(edition, files=tuple(files), runs=tuple(runs))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> bytes:
    return seal(contents(), tmp_path_factory.mktemp("sealed")).path.read_bytes()


@pytest.fixture
def archive(tmp_path, sealed, monkeypatch):
    """An archive, and an empty place for temporary files, which is empty afterwards."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    path = tmp_path / "2022-r1.zip"
    path.write_bytes(sealed)
    yield path
    assert not [*(tmp_path / "scratch").iterdir()]


def test_all_files_of_an_archive_agree(archive):
    agreement = verify_all(archive).agreement
    assert (agreement.results, agreement.recorded, agreement.shown, agreement.pages) == (4, 4, 8, 2)
    assert (agreement.observed, agreement.not_compared) == (2, ())


def with_cell(value: float) -> bytes:
    """The snapshot with another number for Lithuania in 2022."""
    table = pyarrow.parquet.read_table(STARTER / f"{VINTAGE}.parquet")
    rows = zip(table["geo"].to_pylist(), table["time"].to_pylist(), table["value"].to_pylist())
    values = [value if (geo, time) == ("LT", "2022") else old for geo, time, old in rows]
    assert value in values
    altered = table.set_column(table.schema.get_field_index("value"), "value", pyarrow.array(values, pyarrow.float64()))
    file = io.BytesIO()
    pyarrow.parquet.write_table(altered, file)
    return file.getvalue()


def card_of(snapshot: bytes) -> str:
    *lines, _ = (STARTER / f"{VINTAGE}.yaml").read_text().splitlines(True)
    return "".join([*lines, f"sha256: {hashlib.sha256(snapshot).hexdigest()}\n"])


OTHER = [PUBLISHED[0], permits("2022", 33299), *PUBLISHED[2:]]
OTHER_SNAPSHOT = with_cell(33299.0)
ALTERED = {
    "a result": ({RESULTS: csv(OTHER)}, NOTEBOOK, "another number"),
    "a bound": ({RESULTS: csv([*PUBLISHED[:2], replace(PUBLISHED[2], low=50), PUBLISHED[3]])}, NOTEBOOK, "another number"),
    "a flag": ({RESULTS: csv([*PUBLISHED[:2], replace(PUBLISHED[2], flags=""), PUBLISHED[3]])}, NOTEBOOK, "another number"),
    "a result that is gone": ({RESULTS: csv(PUBLISHED[1:])}, NOTEBOOK, "other results"),
    "a result that is new": ({RESULTS: csv([*PUBLISHED, permits("2020", 22511)])}, NOTEBOOK, "other results"),
    "a result twice": ({RESULTS: csv([*PUBLISHED, PUBLISHED[3]])}, RESULTS, "cannot be read"),
    "a remark in the results": ({RESULTS: csv() + "# a remark\n"}, RESULTS, "cannot be read"),
    "a record": ({NOTEBOOK: notebook(OTHER, block=PUBLISHED)}, NOTEBOOK, "another number"),
    "a block": ({NOTEBOOK: notebook(block=OTHER)}, NOTEBOOK, "another number"),
    "a digest in a record": ({NOTEBOOK: notebook(sha256="0" * 64)}, NOTEBOOK, "another snapshot"),
    "a sentence": ({PAGES["en"]: page("33,299")}, PAGES["en"], "another number"),
    "the last digit of a sentence": ({PAGES["en"]: page("33,198")}, PAGES["en"], "another number"),
    "a sentence in Lithuanian": ({PAGES["lt"]: lithuanian("33\xa0299")}, PAGES["lt"], "another number"),
    "a cell of a table": ({PAGES["en"]: page(cells=("20,978", "58.3%", "[x]"))}, PAGES["en"], "another number"),
    "a decimal": ({PAGES["lt"]: lithuanian(cells=("20\xa0977", "58,4\xa0%", "[x]"))}, PAGES["lt"], "another number"),
    "a sign": ({PAGES["en"]: page(cells=("20,977", "−58.3%", "[x]"))}, PAGES["en"], "another number"),
    "a number that is not there": ({PAGES["en"]: page(cells=("20,977", "58.3%", "0"))}, PAGES["en"], "another number"),
    "a number that is there": ({PAGES["en"]: page(cells=("[x]", "58.3%", "[x]"))}, PAGES["en"], "another number"),
    "digits": ({PAGES["en"]: page(digits="59.26%")}, PAGES["en"], "another number"),
    "an interval": ({PAGES["en"]: page(interval="50.1–58.4%")}, PAGES["en"], "another number"),
    "what a number is said to be": ({PAGES["en"]: page(key=PUBLISHED[0].key)}, PAGES["en"], "another number"),
    "a number of nothing": ({PAGES["en"]: page(key=("x",) * 6)}, PAGES["en"], "no result backs"),
    "a snapshot with its card": (
        {SNAPSHOT: OTHER_SNAPSHOT, CARD: card_of(OTHER_SNAPSHOT)}, NOTEBOOK, "another snapshot"),
    "a snapshot with its card and the record of it": (
        {SNAPSHOT: OTHER_SNAPSHOT, CARD: card_of(OTHER_SNAPSHOT),
         NOTEBOOK: notebook(sha256=hashlib.sha256(OTHER_SNAPSHOT).hexdigest())}, RESULTS, "than its snapshot"),
    "everything but the snapshot": (
        {RESULTS: csv(OTHER), NOTEBOOK: notebook(OTHER), PAGES["en"]: page("33,299"), PAGES["lt"]: lithuanian("33\xa0299")},
        RESULTS, "than its snapshot"),
}  # fmt: skip


def as_bytes(changes) -> dict[str, bytes]:
    return {path: text.encode() if isinstance(text, str) else text for path, text in changes.items()}


@pytest.mark.parametrize(("changes", "member", "what"), ALTERED.values(), ids=ALTERED)
def test_an_altered_number_is_found_although_all_digests_are_right(archive, changes, member, what):
    forge(archive, as_bytes(changes))
    with pytest.raises(DamagedArchive) as caught:
        verify_all(archive)
    assert what in caught.value.what and caught.value.where.endswith(f", member data/{member}")
    assert all((caught.value.expected, caught.value.found)), caught.value


def test_who_alters_everything_alike_is_found_by_the_signature_alone(archive):
    """Which is why a publisher signs."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    sign(archive, Ed25519PrivateKey.generate())
    everything = {
        RESULTS: csv(OTHER),
        NOTEBOOK: notebook(OTHER, sha256=hashlib.sha256(OTHER_SNAPSHOT).hexdigest()),
        PAGES["en"]: page("33,299"),
        PAGES["lt"]: lithuanian("33\xa0299"),
        SNAPSHOT: OTHER_SNAPSHOT,
        CARD: card_of(OTHER_SNAPSHOT),
    }
    forge(archive, as_bytes(everything))
    with pytest.raises(RefusedSignature, match="of another archive"):
        verify_all(archive)
    archive.with_name("2022-r1.zip.sig").unlink()
    assert verify_all(archive).agreement.observed == 2


def test_a_result_needs_its_snapshot_in_the_archive(archive):
    others = [replace(result, vintage="2020-01-01") for result in PUBLISHED]
    forge(archive, as_bytes({RESULTS: csv(others)}))
    with pytest.raises(DamagedArchive, match="a snapshot that is not there"):
        verify_all(archive)


DEEP = "[" * 100_000
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{one}: &{one} [{', '.join([f'*{before}'] * 10)}]\n" for before, one in zip("abcdefgh", "bcdefghi")
)
UNREADABLE = {
    "results that are none": {RESULTS: b"x,y\n1,2\n"},
    "results with a long cell": {RESULTS: b"indicator\n" + b"x" * 200_000 + b"\n"},
    "results in no encoding": {RESULTS: b"\xff"},
    "results of two sources and one vintage": {
        RESULTS: csv([replace(one, dataset=f"{DATASET}+x") for one in PUBLISHED]).encode()},
    "a deep notebook": {NOTEBOOK: DEEP.encode()},
    "a notebook that is a list": {NOTEBOOK: b"[]"},
    "a notebook with cells of another kind": {NOTEBOOK: b'{"cells": [1, {"outputs": 2}]}'},
    "a record of another kind": {NOTEBOOK: json.dumps({"cells": [{"outputs": [{"data": {RECORD_TYPE: 1}}]}]}).encode()},
    "a record without its results": {NOTEBOOK: notebook().replace('"result": 0', '"result": 99').encode()},
    "rows that are too short": {NOTEBOOK: notebook().replace(', "permits", ""', "").encode()},
    "an empty page": {PAGES["en"]: b""},
    "a page in no encoding": {PAGES["en"]: b"\xff"},
    "a place that is none": {PAGES["en"]: page().replace('data-n="0"', 'data-n="-1"').encode()},
    "a place far off": {PAGES["en"]: page().replace('data-n="0"', f'data-n="{"9" * 50}"').encode()},
    "data that are none": {PAGES["en"]: page().replace('{"indicators"', "{{").encode()},
    "data a hundred thousand deep": {PAGES["en"]: page().replace('{"indicators"', DEEP).encode()},
    "data of another kind": {PAGES["en"]: page().replace('"times": ["2021"', '"times": [["2021"]').encode()},
    "a snapshot that is none": {SNAPSHOT: b"PAR1 nothing PAR1", CARD: card_of(b"PAR1 nothing PAR1").encode()},
    "declarations that are deep": {"params/indicators.yaml": f"x: {DEEP}".encode()},
    "declarations that grow": {"params/indicators.yaml": BOMB.encode()},
    "a declaration that stands for itself": {f"params/datasets/{DATASET}.yaml": b"x: &x [*x]\n"},
}  # fmt: skip


@pytest.mark.parametrize("changes", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused(archive, changes):
    if SNAPSHOT in changes:
        changes = {**changes, NOTEBOOK: notebook(sha256=hashlib.sha256(changes[SNAPSHOT]).hexdigest()).encode()}
    forge(archive, changes)
    with pytest.raises(DamagedArchive) as caught:
        verify_all(archive)
    assert "cannot be read" in caught.value.what and ", member data/" in caught.value.where


def test_a_page_nested_a_hundred_thousand_deep_ends_nothing(archive):
    forge(archive, {PAGES["en"]: b"<div>" * 100_000 + page().encode()})
    try:
        verify_all(archive)
    except DamagedArchive as error:
        assert PAGES["en"] in error.where


NOT_COMPARED = {
    "a record of another version": {NOTEBOOK: notebook().replace("v2+json", "v1+json").encode()},
    "indicators of another version": {"params/indicators.yaml": b"unheard_of: {}\n"},
    "a dataset of another version": {f"params/datasets/{DATASET}.yaml": b"unheard_of: {}\n"},
    "a card of another version": {CARD: (STARTER / f"{VINTAGE}.yaml").read_bytes() + b"unheard_of: x\n"},
}


@pytest.mark.parametrize("changes", NOT_COMPARED.values(), ids=NOT_COMPARED)
def test_what_another_version_wrote_is_told_as_not_compared(archive, changes):
    forge(archive, changes)
    verification = verify_all(archive)
    (reason,) = verification.agreement.not_compared
    assert "another version" in reason and f"  unchecked  {reason}" in verification.lines
    assert verification.as_json()["agreement"]["not_compared"] == (reason,)


def test_a_page_without_results_is_refused(archive):
    members = below_top(archive)
    assert f"data/{RESULTS}" in members
    edition = contents()
    files = tuple(file for file in edition.files if file.path != RESULTS)
    runs = tuple(replace(run, outputs=tuple({*run.outputs} - {RESULTS})) for run in edition.runs)
    without = seal(replace(edition, files=files, runs=runs), archive.parent / "without").path
    with pytest.raises(DamagedArchive, match="has no results"):
        verify_all(without)


def test_what_a_killed_verification_left_is_cleared_by_the_next(archive):
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    left = Path(tempfile.gettempdir()) / f"workbench-verify-{int(ended.stdout)}-x"
    (left / "snapshots").mkdir(parents=True)
    mine = left.with_name(f"workbench-verify-{os.getpid()}-y")
    mine.mkdir()
    verify_all(archive)
    assert not left.exists() and mine.exists()
    mine.rmdir()


def test_only_what_is_compared_is_unpacked(archive, monkeypatch):
    laid_out, cleanup = [], tempfile.TemporaryDirectory.cleanup

    def noting(folder):
        root = Path(folder.name)
        laid_out.extend(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        cleanup(folder)

    monkeypatch.setattr(tempfile.TemporaryDirectory, "cleanup", noting)
    verify_all(archive)
    assert sorted(laid_out) == sorted([SNAPSHOT, CARD, "params/indicators.yaml", f"params/datasets/{DATASET}.yaml"])


def test_a_rendered_edition_agrees_with_itself(edition):
    """All that a study shows, as it is made."""
    agreement = verify_all(edition[1].sealed.path).agreement
    assert agreement.results == agreement.recorded > 1000 and agreement.pages == 4
    assert agreement.shown > 2000 and agreement.observed > 300 and not agreement.not_compared


def test_a_forged_rendering_is_found(edition, tmp_path):
    sealed = edition[1].sealed.path
    name = "studies/LT/asylum_applications.en.html"
    with Members(sealed) as members:
        before = members.read(f"data/{name}").decode()
    shown = before.count(">1,025</a>")
    assert shown, "what the study says of 2022"
    forged = tmp_path / sealed.name
    forged.write_bytes(sealed.read_bytes())
    forge(forged, {name: before.replace(">1,025</a>", ">1,205</a>", 1).encode()})
    with pytest.raises(DamagedArchive, match="another number than its result"):
        verify_all(forged)
