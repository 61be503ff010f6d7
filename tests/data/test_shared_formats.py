"""Native files as people have them, in the shared folder: each form is read, and gives the figures that it holds."""

import gzip
import hashlib
import io
import json
import math
import zipfile

import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest

from conftest import shared
from native_files import Table, read_table
from workbench.data.formats.containers import received, unpacked
from workbench.data.formats.native import open_native
from workbench.data.storing import store
from workbench.model.errors import MalformedFile


def figures(table: Table, *columns: str) -> dict[tuple, tuple]:
    """Some columns of a table to value and flags."""
    measured = table.frame[["value", "obs_status"]].itertuples(index=False, name=None)
    return dict(zip(table.frame[list(columns)].itertuples(index=False, name=None), measured, strict=True))


def test_an_answer_of_eurostats_api_is_read():
    table = read_table(shared("cases/6-jsonstat-and-xlsx/migr_resvalid_BY.json"))
    assert figures(table, "geo", "time") == {
        ("LT", "2023"): (63255.0, ""),
        ("LT", "2024"): (58632.0, "p"),
        ("LV", "2023"): (4266.0, ""),
    }
    assert table.last_update == "2026-07-09T23:00:00+0200"


def test_csv_that_a_lithuanian_spreadsheet_program_saved_is_read():
    table = read_table(shared("cases/7-semicolons-nan/excel_lt.csv"))
    assert figures(table, "time") == {("2019",): (81.6, ""), ("2020",): (80.0, "u")}
    assert table.dataset == "sdg_08_30a"


def test_what_sdmx_writes_for_nothing_is_nothing():
    found = figures(read_table(shared("cases/7-semicolons-nan/nan.csv")), "time")
    assert math.isnan(found["2019",][0]) and found["2020",] == (80.0, "")


def test_parquet_and_csv_of_a_full_dataset_are_stored_as_the_same_bytes(tmp_path):
    digests = set()
    for name in ("migr_asyappctza-full.csv.gz", "migr_asyappctza-full.parquet"):
        store(open_native(shared(f"data/raw/{name}")), tmp_path / "stored")
        digests.add(hashlib.sha256((tmp_path / "stored").read_bytes()).hexdigest())
    assert len(digests) == 1


DATASET = "data/figures/estat/lfsa_urgan/2025-03-31.csv.gz"


@pytest.fixture
def served() -> pyarrow.Table:
    """A dataset with flags and decimals, as Eurostat served it, each cell as text."""
    path = shared(DATASET)
    names = gzip.decompress(path.read_bytes()).partition(b"\n")[0].decode().strip().split(",")
    as_text = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=False)
    return pyarrow.csv.read_csv(path, convert_options=as_text)


def as_json_stat(table: pyarrow.Table) -> bytes:
    names = [name for name in table.column_names[2:] if name not in ("OBS_VALUE", "OBS_FLAG", "CONF_STATUS")]
    codes = [table.column(name).unique().to_pylist() for name in names]
    values, status = {}, {}
    for row in table.to_pylist():
        position = 0
        for name, known in zip(names, codes, strict=True):
            position = position * len(known) + known.index(row[name])
        if row["OBS_VALUE"]:
            values[str(position)] = float(row["OBS_VALUE"])
        if row["OBS_FLAG"]:
            status[str(position)] = row["OBS_FLAG"]
    dimension = {
        name: {"category": {"index": {code: at for at, code in enumerate(known)}}}
        for name, known in zip(names, codes, strict=True)
    }
    cube = {"class": "dataset", "id": names, "size": list(map(len, codes)), "dimension": dimension}
    return json.dumps(cube | {"value": values, "status": status}).encode()


def as_message(table: pyarrow.Table) -> bytes:
    out = io.StringIO()
    out.write(
        '<m:StructureSpecificData xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"><m:DataSet>\n'
    )
    for row in table.drop_columns(table.column_names[:2]).to_pylist():
        cells = " ".join(f'{name}="{text}"' for name, text in row.items() if text)
        out.write(f"<Obs {cells}/>\n")
    out.write("</m:DataSet></m:StructureSpecificData>")
    return out.getvalue().encode()


def as_parquet(table: pyarrow.Table) -> bytes:
    """As pandas writes it: categories, numbers as numbers, nothing where there is no value."""
    value = table.column("OBS_VALUE")
    numbers = pyarrow.compute.if_else(pyarrow.compute.equal(value, ""), None, value).cast(pyarrow.float64())
    table = table.set_column(table.column_names.index("OBS_VALUE"), "OBS_VALUE", numbers)
    for name in ("geo", "citizen", "TIME_PERIOD"):
        table = table.set_column(table.column_names.index(name), name, table.column(name).dictionary_encode())
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, row_group_size=700)
    return out.getvalue()


def as_semicolons(table: pyarrow.Table) -> bytes:
    at = table.column_names.index("OBS_VALUE")
    commas = pyarrow.compute.replace_substring(table.column("OBS_VALUE"), ".", ",")
    rows = table.set_column(at, "OBS_VALUE", commas).to_pylist()
    lines = [";".join(table.column_names), *(";".join(row.values()) for row in rows)]
    return "\r\n".join(lines).encode("utf-8-sig")


@pytest.mark.parametrize("form", [as_json_stat, as_message, as_parquet, as_semicolons])
@pytest.mark.parametrize("packed", [False, True])
def test_a_dataset_in_another_form_holds_the_same_figures(tmp_path, served, form, packed):
    content = form(served)
    file = tmp_path / "made-up"
    file.write_bytes(gzip.compress(content) if packed else content)
    with unpacked(file) as table:
        found, wanted = read_table(table), read_table(shared(DATASET))
    assert found.frame.equals(wanted.frame)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def test_a_table_is_read_out_of_a_zip_archive_beside_its_notes(tmp_path):
    csv = shared("cases/7-semicolons-nan/excel_lt.csv").read_bytes()
    file = tmp_path / "download.zip"
    file.write_bytes(zipped(data__csv=csv, README__txt=b"about it", metadata__csv=b"a,b\n", Licence__pdf=b"%PDF"))
    with unpacked(file) as table:
        assert table.name == "download.zip" and len(read_table(table).frame) == 2
    assert not table.exists()


def test_an_archive_of_two_tables_is_refused_with_their_names(tmp_path):
    file = tmp_path / "download.zip"
    file.write_bytes(zipped(a__csv=b"geo", b__tsv=b"geo"))
    with pytest.raises(MalformedFile, match=r"'a.csv', 'b.tsv'"), unpacked(file):
        pass


def test_a_workbook_is_no_archive_with_a_table():
    path = shared("cases/1-visas-names/visas.xlsx")
    with unpacked(path) as table:
        assert table == path


def test_what_comes_by_standard_input_is_a_file_for_as_long_as_it_is_read():
    with shared("cases/7-semicolons-nan/excel_lt.csv").open("rb") as stream, received(stream) as file:
        assert file.name == "standard input" and len(read_table(file).frame) == 2
    assert not file.exists()


def test_a_file_without_an_end_is_refused(monkeypatch):
    monkeypatch.setattr("workbench.data.formats.containers.MOST_RECEIVED", 1 << 21)
    with open("/dev/zero", "rb") as stream, pytest.raises(MalformedFile, match="no end"), received(stream):
        pass
