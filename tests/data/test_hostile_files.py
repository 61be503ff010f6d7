"""Files that nobody would make in good faith, or that a download has mangled: each is refused, within bounds, and nothing is stored.

Each is read in a process of its own, which is killed if it takes ten seconds of the processor.
"""

import gzip
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bounded_reading import own_server, read_bounded  # noqa: F401, a fixture of the module
from workbench.data.formats.containers import unpacked
from workbench.data.formats.native import open_native
from workbench.data.storing import store
from workbench.model.errors import WorkbenchError

MEGABYTE = 1 << 20
MOST_MEMORY = 1_600
"""Megabytes: the largest JSON is parsed at once."""
LONGEST_ERROR = 60_000
"""Characters: it may list two hundred unknown labels."""


def csv(*rows: str) -> bytes:
    return ("geo,TIME_PERIOD,OBS_VALUE\n" + "\n".join(rows) + "\n").encode()


def series(*rows: str) -> bytes:
    return ("geo\\TIME_PERIOD\t2022 \n" + "\n".join(rows) + "\n").encode()


def packed(block: bytes, times: int, begin: bytes = b"") -> bytes:
    """Gzip of a block many times over, which is made at once: it consists of as many members."""
    return gzip.compress(begin) + gzip.compress(block, 9) * times


def archive(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return out.getvalue()


def message(content: str, prolog: str = "") -> bytes:
    root = 'StructureSpecificData xmlns="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"'
    return f"{prolog}<{root}><DataSet>{content}</DataSet></StructureSpecificData>".encode()


def cube(**changed: object) -> bytes:
    usual = {
        "class": "dataset",
        "id": ["geo", "time"],
        "size": [1, 1],
        "dimension": {"geo": {"category": {"index": ["LT"]}}, "time": {"category": {"index": ["2022"]}}},
        "value": [5],
    }
    return json.dumps(usual | changed).encode()


def columns(**columns: object) -> bytes:
    """Parquet."""
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), out, compression="zstd")
    return out.getvalue()


def lies(content: bytes, field: int, size: int) -> bytes:
    """A zip archive with another number in a field of its directory."""
    at = content.rindex(b"PK\x01\x02") + field
    return content[:at] + size.to_bytes(4, "little") + content[at + 4 :]


ENTITIES = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "ha">{ENTITIES}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
OBSERVATION = '<Obs geo="LT" TIME_PERIOD="2022" OBS_VALUE="5"/>'
CODES = [f"C{n}" for n in range(1_000)]
TABLE = columns(geo=["LT", "LV"], TIME_PERIOD=["2022", "2022"], OBS_VALUE=[1.0, 2.0])

REPEATED = {
    "geo": pyarrow.repeat("LT", 10_000_000).dictionary_encode(),
    "TIME_PERIOD": pyarrow.repeat("2022", 10_000_000).dictionary_encode(),
    "OBS_VALUE": pyarrow.repeat(5, 10_000_000),
}

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "100,000 columns": (
        lambda: (",".join(f"c{n}" for n in range(100_000)) + "\n").encode(),
        "longer than any row|columns",
    ),
    "100,000 short columns": (lambda: b"c," * 50_000 + b"TIME_PERIOD,OBS_VALUE\n", "columns"),
    "4,000 dimensions": (
        lambda: (",".join(f"c{n}" for n in range(4_000)) + ",TIME_PERIOD,OBS_VALUE\n").encode(),
        "far more dimensions",
    ),
    "a line of 300 MB": (lambda: b"x" * (300 * MEGABYTE), "longer than any row"),
    "a line of 300 MB after the header": (lambda: csv("x" * (300 * MEGABYTE)), "row 2[^0-9]"),
    "a line of a megabyte among rows": (
        lambda: csv("LT,2022,5", "LV,2022," + "5" * MEGABYTE, "LT,2021,5"),
        "row 3[^0-9]",
    ),
    "a gzip of 1 GB in one line": (lambda: packed(b"x" * (16 * MEGABYTE), 64), "longer than any row"),
    "a gzip bomb of rows": (
        lambda: packed(b"LT,2022,5\n" * MEGABYTE, 100, csv("LT,2021,5")),
        "far larger, once it is unpacked",
    ),
    "a gzip bomb of JSON": (lambda: packed(b" " * (16 * MEGABYTE), 64, b"{"), "too large to be read at once"),
    "a gzip bomb of XML": (
        lambda: packed(b" " * (16 * MEGABYTE), 64, message("")[:-60]),
        "far larger, once it is unpacked|longer than any observation",
    ),
    "carriage returns alone": (lambda: b"\r" * (20 * MEGABYTE), "empty|CR alone"),
    "rows that end with CR": (lambda: csv(*["LT,2022,5"] * MEGABYTE).replace(b"\n", b"\r"), "CR alone"),
    "line ends alone": (lambda: csv() + b"\n" * (100 * MEGABYTE), "thousands of empty lines"),
    "spaces alone": (lambda: b" " * (20 * MEGABYTE), "empty"),
    "nothing": (lambda: b"", "empty"),
    "nothing in gzip": (lambda: gzip.compress(b""), "empty"),
    "zero bytes": (lambda: bytes(20 * MEGABYTE), "not text|longer than"),
    "zero bytes among rows": (lambda: csv("LT,2022,5", "L\0T,2022,5"), "not text"),
    "UTF-16 without a mark": (lambda: csv("LT,2022,5").decode().encode("utf-16-le"), "not text"),
    "UTF-32": (lambda: csv("LT,2022,5").decode().encode("utf-32"), "not text"),
    "a code of 10 MB": (lambda: csv(f"{'A' * 10 * MEGABYTE},2022,5"), "longer than any row"),
    "a code of 10 MB in lines": (
        lambda: csv(f'"{"A" * 99}{("A" * 99 + chr(10)) * 100_000}",2022,5'),
        "as many cells|too long",
    ),
    "a long code": (lambda: csv(f"{'A' * 1_000},2022,5"), "too long for a code"),
    "a long code before a label": (lambda: csv(f"{'A' * 1_000}:Label,2022,5"), "too long for a code"),
    "a long label": (lambda: csv(f"{'Lithuania ' * 10_000},2022,5"), "too long for a code or label"),
    "a long number": (lambda: csv(f"LT,2022,{'1' * 100_000}"), "is not a number"),
    "a long period": (lambda: csv(f"LT,{'1' * 100_000},5"), "is not a period"),
    "a long flag": (
        lambda: csv(f"LT,2022,5,{'b' * 99_000 + 'q'}").replace(b"VALUE", b"VALUE,OBS_FLAG"),
        "'q' is not a flag",
    ),
    "a long dataflow": (
        lambda: csv(f"{'a.' * 40_000}:x:,LT,2022,5").replace(b"geo", b"DATAFLOW,geo"),
        "does not name a dataset",
    ),
    "300,000 codes": (lambda: csv(*[f"C{n},2022,5" for n in range(300_000)]), "far too many different texts"),
    "50,000 unknown labels": (lambda: csv(*[f"Label {n},2022,5" for n in range(50_000)]), "thousands of labels"),
    "5,000 labels of no list": (
        lambda: csv(*[f"Label {n},2022,5" for n in range(5_000)]).replace(b"geo", b"x"),
        "no code list of x|are in no code list",
    ),
    "two columns of one name": (lambda: b"geo,Geo,TIME_PERIOD,OBS_VALUE\nLT,LT,2022,5\n", "two with the same"),
    "two columns of the dataset": (
        lambda: b"DATAFLOW,STRUCTURE_ID,geo,TIME_PERIOD,OBS_VALUE\nA,B,LT,2022,5\n",
        "say the same",
    ),
    "a number past all counting": (lambda: csv("LT,2022,1e308"), "is not a figure"),
    "the year 0": (lambda: csv("LT,0000,5"), "is not a period"),
    "a dimension that is a path": (lambda: csv("LT,2022,5").replace(b"geo", b"../x"), "not a name of a dimension"),
    "a dimension that is markup": (
        lambda: csv("LT,2022,5").replace(b"geo", b"<b>"),
        "web page|not a name of a dimension",
    ),
    "a dimension with a zero byte": (lambda: csv("LT,2022,5").replace(b"geo", b"s\0x"), "not text"),
    "an update that is markup": (
        lambda: csv("<img src=x>,LT,2022,5").replace(b"geo", b"LAST UPDATE,geo"),
        "is not a day",
    ),
    "years and months": (lambda: csv("LT,2022,5", "LT,2022-01,5"), "side by side"),
    "years and months as series": (
        lambda: b"geo\\TIME_PERIOD\t2022 \t2022-01 \nLT\t5 \t5 \n",
        "side by side",
    ),
    "a series of 10 MB": (lambda: series("A" * (10 * MEGABYTE) + "\t5 "), "longer than any row"),
    "a series without an end of quotes": (
        lambda: series('"LT\t5 ', "LV\t5 "),
        "as many|stored|too long|is not|no code",
    ),
    "a web page": (lambda: b"<!DOCTYPE html><html><body>" + b"<p>no</p>" * MEGABYTE, "web page"),
    "deep JSON": (lambda: b"[" * 100_000, "JSON is truncated"),
    "deep objects": (lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "JSON is truncated"),
    "10 million arrays": (lambda: b'{"value":[' + b"[]," * (10 * MEGABYTE) + b"[]]}", "JSON is truncated"),
    "60 MB of short texts": (lambda: b'{"id":[' + b'"ab",' * (12 * MEGABYTE) + b'"ab"]}', "web page|JSON"),
    "a number of a million digits": (
        lambda: cube().replace(b"[5]", b"[" + b"9" * MEGABYTE + b"]"),
        "JSON is truncated",
    ),
    "an infinite number": (lambda: cube().replace(b"[5]", b"[1e999]"), "is not a number"),
    "a cube without an end": (
        lambda: cube(
            id=["a", "b", "c", "d", "e", "f", "time"],
            size=[1_000] * 6 + [1],
            dimension={n: {"category": {"index": CODES}} for n in "abcdef"}
            | {"time": {"category": {"index": ["2022"]}}},
            value={"999999999999999999999": 5},
        ),
        "positions from 0 to",
    ),
    "a cube of one status": (
        lambda: cube(
            id=["a", "b", "c", "time"],
            size=[1_000, 1_000, 1_000, 1],
            dimension={n: {"category": {"index": CODES}} for n in "abc"} | {"time": {"category": {"index": ["2022"]}}},
            value={},
            status="p",
        ),
        "flags by position",
    ),
    "a cube that is larger than it says": (lambda: cube(size=[10**12, 10**12]), "categories numbered from 0"),
    "a size below zero": (lambda: cube(size=[-1, -1]), "categories numbered from 0"),
    "a cube without dimensions": (lambda: cube(id=[], size=[], dimension={}), "one dimension of time"),
    "a code that is a list": (lambda: cube(dimension={"geo": {"category": {"index": [[]]}}}), "does not fit"),
    "a long code in JSON": (
        lambda: cube(
            dimension={
                "geo": {"category": {"index": ["A" * (10 * MEGABYTE)]}},
                "time": {"category": {"index": ["2022"]}},
            }
        ),
        "too long for a code",
    ),
    "a billion laughs": (lambda: message('<Obs geo="&a12;"/>', LAUGHS), "document type"),
    "a quadratic entity": (lambda: message(f'<Obs geo="{"&a;" * 10_000}"/>', QUADRATIC), "document type"),
    "an entity of this machine": (
        lambda: message('<Obs geo="&a;"/>', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'),
        "document type",
    ),
    "deep XML": (lambda: message("<a>" * MEGABYTE), "too deep"),
    "an attribute of 20 MB": (lambda: message(f'<Obs geo="{"A" * (20 * MEGABYTE)}"/>'), "longer than any observation"),
    "9,000 attributes": (
        lambda: message("<Obs " + "".join(f"a{n}='1' " for n in range(9_000)) + "TIME_PERIOD='2022'/>"),
        "far more dimensions",
    ),
    "a comment of 100 MB": (lambda: message(f"<!--{' ' * (100 * MEGABYTE)}-->{OBSERVATION}"), "longer than any"),
    "no observation in 100 MB": (lambda: message("<Group/>" * (12 * MEGABYTE)), "far from the one before"),
    "XML that breaks off": (lambda: message(OBSERVATION * 10_000)[:-30], "XML is truncated"),
    "XML of an unknown encoding": (
        lambda: b'<?xml version="1.0" encoding="x"?>' + message(OBSERVATION),
        "XML is truncated",
    ),
    "a zip bomb": (lambda: archive(("a.csv", csv() + bytes(300 * MEGABYTE))), "far larger, once it is unpacked"),
    "99,999 members": (lambda: archive(*[(f"{n}.csv", b"") for n in range(99_999)]), "far more in it"),
    "a zip archive in another": (lambda: archive(("a.csv", archive(("a.csv", csv("LT,2022,5"))))), "another archive"),
    "two tables": (lambda: archive(("a.csv", b"geo"), ("b.csv", b"geo")), "'a.csv', 'b.csv'"),
    "no table": (lambda: archive(("a/", b""), ("readme.txt", b""), ("b.pdf", b"")), "none among"),
    "an empty archive": (lambda: archive(), "none among no files"),
    "half an archive": (lambda: archive(("a.csv", csv("LT,2022,5")))[:60], "truncated or damaged"),
    "a password": (
        lambda: lies(archive(("a.csv", csv("LT,2022,5"))), 8, 1 | 8 << 16),
        "encrypted",
    ),
    "a size that is too small": (
        lambda: lies(archive(("a.csv", csv("LT,2022,5"))), 24, 10),
        "truncated or damaged|no obs|as many",
    ),
    "an offset before the file": (
        lambda: lies(archive(("a.csv", csv("LT,2022,5"))), 42, 1 << 31),
        "truncated or damaged",
    ),
    "half a Parquet file": (lambda: TABLE[: len(TABLE) // 2], "truncated or damaged"),
    "a Parquet file without its footer": (lambda: TABLE[:-8] + b"\xff\xff\xff\x7fPAR1", "truncated or damaged"),
    "Parquet of a long text": (
        lambda: columns(geo=["A" * (90 * MEGABYTE)], TIME_PERIOD=["2022"], OBS_VALUE=[5]),
        "too long for a code|larger than data",
    ),
    "Parquet of ten million rows in no space": (lambda: columns(**REPEATED), "larger than data are"),
    "Parquet of lists": (lambda: columns(geo=[["LT"]], TIME_PERIOD=["2022"], OBS_VALUE=[5]), "not text or numbers"),
    "Parquet without a place": (
        lambda: columns(geo=["LT", None], TIME_PERIOD=["2022"] * 2, OBS_VALUE=[5, 6]),
        "is empty",
    ),
    "Parquet of infinity": (
        lambda: columns(geo=["LT"], TIME_PERIOD=["2022"], OBS_VALUE=[float("inf")]),
        "not a number",
    ),
}


def assert_refused(path: Path, folder: Path, said: str) -> None:
    outcome = read_bounded(path, folder / "store")
    assert not outcome.trouble, outcome.trouble
    assert re.search(said, outcome.error) and "nothing was stored" in outcome.error, outcome.error
    assert outcome.memory < MOST_MEMORY and len(outcome.error) < LONGEST_ERROR, outcome
    assert not any(file.is_file() for file in (folder / "store").rglob("*"))


@pytest.fixture
def file(tmp_path):
    """Where a file is made; some are large, and pytest keeps what it finds."""
    yield tmp_path / "made-up"
    (tmp_path / "made-up").unlink(missing_ok=True)


@pytest.mark.slow
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_within_bounds(tmp_path, file, case):
    content, said = HOSTILE[case]
    file.write_bytes(content())
    assert_refused(file, tmp_path, said)


def test_a_json_of_a_gigabyte_is_refused(tmp_path, file):
    with file.open("wb") as growing:
        growing.write(b'{"class": "dataset", "id": [')
        growing.truncate(1 << 30)
    assert_refused(file, tmp_path, "too large to be read at once")


def test_an_endless_device_is_refused(tmp_path):
    assert_refused(Path("/dev/zero"), tmp_path, "a pipe or a device")


def test_a_pipe_that_nobody_writes_to_is_refused(tmp_path, file):
    os.mkfifo(file)
    assert_refused(file, tmp_path, "a pipe or a device")


def test_names_of_members_are_never_paths(tmp_path, file):
    file.write_bytes(archive(("../../../../../../tmp/made-up-outside.csv", b"geo")))
    assert_refused(file, tmp_path, "no column TIME_PERIOD")
    assert not Path("/tmp/made-up-outside.csv").exists()


WHOLE = [
    csv("LT,2022,5", "LV,2022,6.5"),
    csv("LT,2022,5", "LV,2022,6.5").replace(b",", b";"),
    series("LT\t5 b", "LV\t: c"),
    cube(),
    message(OBSERVATION, '<?xml version="1.0" encoding="UTF-8"?>'),
    TABLE,
    gzip.compress(csv("LT,2022,5", "LV,2022,6.5")),
    archive(("a.csv", csv("LT,2022,5", "LV,2022,6.5"))),
]
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.binary(max_size=6)), min_size=1, max_size=4)


@given(st.sampled_from(WHOLE), CHANGES)
@example(csv("LT,2022,5", "LV,2022,6.5"), [(0.0, 0, b"\n")])  # a header of nothing
def test_a_file_that_was_changed_is_read_or_refused(tmp_path_factory, content, changes):
    for where, removed, put in changes:
        at = int(where * len(content))
        content = content[:at] + put + content[at + removed :]
    folder = tmp_path_factory.getbasetemp()
    (folder / "made-up").write_bytes(content)
    try:
        with unpacked(folder / "made-up") as file:
            store(open_native(file), folder / "stored")
    except WorkbenchError as error:
        assert error.expected and error.found and error.where and error.hint
