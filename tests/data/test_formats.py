"""Native files: every form is read into the same observations, and a broken file names its place.

The series in these tests are made up.
"""

import gzip
import math
import re

import pytest

from native_files import Table, read_table
from workbench.model.errors import MalformedFile, UnknownCode, WorkbenchError

CODES = """\
DATAFLOW,LAST UPDATE,freq,citizen,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS
ESTAT:MADE_UP(1.0),27/03/25 23:00:00,A,NA,LT,2022,1234,bep,
ESTAT:MADE_UP(1.0),27/03/25 23:00:00,A,NA,LT,2023,0,,
ESTAT:MADE_UP(1.0),27/03/25 23:00:00,A,UA,EL,2022,,,C
"""
LABELS = """\
DATAFLOW,LAST UPDATE,freq,citizen,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS
ESTAT:MADE_UP(1.0),27/03/25 23:00:00,Annual,Namibia,Lithuania,2022,"1,234",bep,
ESTAT:MADE_UP(1.0),27/03/25 23:00:00,Annual,Namibia,Lithuania,2023,0,,
ESTAT:MADE_UP(1.0),27/03/25 23:00:00,Annual,Ukraine,Greece,2022,:,,C
"""
BOTH = """\
DATAFLOW,LAST UPDATE,freq:Time frequency,citizen:Citizenship,geo:Place,TIME_PERIOD:Time,OBS_VALUE,OBS_FLAG,CONF_STATUS
ESTAT:MADE_UP(1.0): Made up,27/03/25 23:00:00,A:Annual,NA: Namibia,LT:Lithuania,2022,1234,bep,
ESTAT:MADE_UP(1.0): Made up,27/03/25 23:00:00,A:Annual,NA: Namibia,LT:Lithuania,2023,0,,
ESTAT:MADE_UP(1.0): Made up,27/03/25 23:00:00,A:Annual,UA: Ukraine,EL:Greece,2022,,,C: confidential
"""
TWO = """\
STRUCTURE,STRUCTURE_ID,freq,citizen,geo,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS
dataflow,ESTAT:MADE_UP(1.0),A,NA,LT,2022,1234,bep,
dataflow,ESTAT:MADE_UP(1.0),A,NA,LT,2023,0,,
dataflow,ESTAT:MADE_UP(1.0),A,UA,EL,2022,,,C
"""
TWO_WITH_LABELS = """\
STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,freq,Time frequency,citizen,Citizenship,geo,Place,TIME_PERIOD,Time,\
OBS_VALUE,Observation value,OBS_FLAG,Observation status,CONF_STATUS,Confidentiality status
dataflow,ESTAT:MADE_UP(1.0),"Made up, yearly",A,Annual,NA,Namibia,LT,Lithuania,2022,,1234,,bep,break,,
dataflow,ESTAT:MADE_UP(1.0),"Made up, yearly",A,Annual,NA,Namibia,LT,Lithuania,2023,,0,,,,,
dataflow,ESTAT:MADE_UP(1.0),"Made up, yearly",A,Annual,UA,Ukraine,EL,Greece,2022,,,,,,C,confidential
"""
TSV = "freq,citizen,geo\\TIME_PERIOD\t2022 \t2023 \nA,NA,LT\t1234 bep\t0 \nA,UA,EL\t: c\t: \n"
OLD_TSV = "citizen,geo\\time\t2023\t2022\nNA,LT\t0\t1234 bep\nUA,EL\t:\t:c\n"
TWO_WITH_ACTIONS = """\
STRUCTURE[;],STRUCTURE_ID,STRUCTURE_NAME,ACTION,freq,Time frequency,citizen,Citizenship,geo,Place,TIME_PERIOD,Time,\
OBS_VALUE,Value,OBS_STATUS[],Status,UNIT_MULT,Multiplier,DECIMALS,Decimals,CONF_STATUS,Confidentiality
dataflow,ESTAT:MADE_UP(1.0),Made up,I,A,Annual,NA,Namibia,LT,Lithuania,2022,2022,1234,,bep,,0,Units,0,Zero,,
dataflow,ESTAT:MADE_UP(1.0),Made up,M,A,Annual,NA,Namibia,LT,Lithuania,2023,2023,0,,#N/A,,0,Units,0,Zero,#N/A,
dataflow,ESTAT:MADE_UP(1.0),Made up,A,A,Annual,UA,Ukraine,EL,Greece,2022,2022,NaN,,,,0,Units,0,Zero,C,confidential
"""
JSON_STAT = """\
{"version": "2.0", "class": "dataset", "label": "Made up", "source": "ESTAT", "updated": "2025-03-27T23:00:00+0100",
 "value": {"3": 0, "2": 1234}, "status": {"2": "bep", "4": "c"},
 "id": ["freq", "citizen", "geo", "time"], "size": [1, 2, 2, 2],
 "dimension": {
  "freq": {"label": "Time frequency", "category": {"label": {"A": "Annual"}}},
  "citizen": {"category": {"index": ["NA", "UA"], "label": {"NA": "Namibia", "UA": "Ukraine"}}},
  "geo": {"category": {"index": {"LT": 1, "EL": 0}}},
  "time": {"category": {"index": {"2022": 0, "2023": 1}}}},
 "extension": {"lang": "EN", "id": "MADE_UP", "agencyId": "ESTAT", "version": "1.0", "positions-with-no-data": {}}}
"""
JSON_STAT_OF_ARRAYS = """\
{"version": "2.0", "class": "dataset", "id": ["freq", "citizen", "geo", "Year"], "size": [1, 2, 2, 2],
 "role": {"time": ["Year"], "geo": ["geo"]},
 "value": [null, null, 1234.0, 0, null, null, null, null], "status": [null, null, "bep", "", "c", null, null, null],
 "dimension": {
  "freq": {"category": {"index": ["A"]}}, "citizen": {"category": {"index": ["NA", "UA"]}},
  "geo": {"category": {"index": ["EL", "LT"]}}, "Year": {"category": {"index": ["2022", "2023"]}}},
 "extension": {"id": "MADE_UP", "agencyId": "ESTAT"}}
"""
MESSAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<m:{0}Data xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
  xmlns:g="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"
  xmlns:s="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific"
  xmlns:u="urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=ESTAT:MADE_UP(32.1):ObsLevelDim:{1}"
  xmlns:c="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <m:Header><m:ID>DF1</m:ID><m:Test>false</m:Test><m:Prepared>2025-03-27T23:00:00.333Z</m:Prepared><m:Sender id="ESTAT"/>
    <m:Structure dimensionAtObservation="{1}" structureID="STR1">
      <c:StructureUsage><Ref id="MADE_UP" agencyID="ESTAT" version="1.0"/></c:StructureUsage></m:Structure>
    <m:DataSetID>MADE_UP</m:DataSetID></m:Header>
  <m:DataSet s:structureRef="STR1" s:dataScope="DataStructure" xsi:type="u:DataSetType">{2}
  </m:DataSet>
</m:{0}Data>
"""
SPECIFIC = MESSAGE.format(
    "StructureSpecific",
    "TIME_PERIOD",
    """
    <Series freq="A" citizen="NA" geo="LT" TIME_FORMAT="P1Y"><Obs TIME_PERIOD="2022" OBS_VALUE="1234" OBS_FLAG="bep"/>
      <Obs TIME_PERIOD="2023" OBS_VALUE="0"/></Series>
    <Series geo="EL" citizen="UA" freq="A" UNIT_MULT="0"><Obs TIME_PERIOD="2022" OBS_VALUE="NaN" CONF_STATUS="C"/></Series>""",
)
SPECIFIC_FLAT = MESSAGE.format(
    "StructureSpecific",
    "AllDimensions",
    """
    <Obs freq="A" citizen="NA" geo="LT" TIME_PERIOD="2022" OBS_VALUE="1234" OBS_STATUS="bep"/>
    <Obs freq="A" citizen="NA" geo="LT" TIME_PERIOD="2023" OBS_VALUE="0" OBS_STATUS="A" CONF_STATUS="F"/>
    <Obs freq="A" citizen="UA" geo="EL" TIME_PERIOD="2022" CONF_STATUS="C"/>""",
)
SPECIFIC_BY_PLACE = MESSAGE.format(
    "StructureSpecific",
    "geo",
    """
    <Series freq="A" citizen="NA" TIME_PERIOD="2022"><Obs geo="LT" OBS_VALUE="1234" OBS_STATUS="bep"/></Series>
    <Series freq="A" citizen="NA" TIME_PERIOD="2023"><Obs geo="LT" OBS_VALUE="0"/></Series>
    <Series freq="A" citizen="UA" TIME_PERIOD="2022"><Obs geo="EL" CONF_STATUS="C"/></Series>""",
)
GENERIC = MESSAGE.format(
    "Generic",
    "TIME_PERIOD",
    """
    <g:Series><g:SeriesKey><g:Value id="freq" value="A"/><g:Value id="citizen" value="NA"/><g:Value id="geo" value="LT"/></g:SeriesKey>
      <g:Attributes><g:Value id="TIME_FORMAT" value="P1Y"/></g:Attributes>
      <g:Obs><g:ObsDimension value="2022"/><g:ObsValue value="1234"/>
        <g:Attributes><g:Value id="OBS_FLAG" value="bep"/></g:Attributes></g:Obs>
      <g:Obs><g:ObsDimension id="TIME_PERIOD" value="2023"/><g:ObsValue value="0"/></g:Obs></g:Series>
    <g:Series><g:SeriesKey><g:Value id="freq" value="A"/><g:Value id="citizen" value="UA"/><g:Value id="geo" value="EL"/></g:SeriesKey>
      <g:Obs><g:ObsDimension value="2022"/><g:Attributes><g:Value id="CONF_STATUS" value="C"/></g:Attributes></g:Obs></g:Series>""",
)
GENERIC_FLAT = MESSAGE.format(
    "Generic",
    "AllDimensions",
    "".join(
        f"""
    <g:Obs><g:ObsKey><g:Value id="freq" value="A"/><g:Value id="citizen" value="{citizen}"/><g:Value id="geo" value="{geo}"/>
      <g:Value id="TIME_PERIOD" value="{time}"/></g:ObsKey><g:ObsValue value="{value}"/>
      <g:Attributes><g:Value id="OBS_STATUS" value="{flags}"/><g:Value id="CONF_STATUS" value="{conf}"/></g:Attributes></g:Obs>"""
        for citizen, geo, time, value, flags, conf in (
            ("NA", "LT", "2022", "1234", "bep", ""),
            ("NA", "LT", "2023", "0", "", ""),
            ("UA", "EL", "2022", "NaN", "", "C"),
        )
    ),
)
GENERIC_2_0 = """\
<GenericData xmlns="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message"
  xmlns:g="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/generic"><Header><ID>1</ID></Header><DataSet>
<g:KeyFamilyRef>MADE_UP</g:KeyFamilyRef>
<g:Series><g:SeriesKey><g:Value concept="freq" value="A"/><g:Value concept="citizen" value="NA"/><g:Value concept="geo" value="LT"/>
</g:SeriesKey><g:Obs><g:Time>2022</g:Time><g:ObsValue value="1234"/><g:Attributes><g:Value concept="OBS_STATUS" value="bep"/>
</g:Attributes></g:Obs><g:Obs><g:Time>2023</g:Time><g:ObsValue value="0"/></g:Obs></g:Series>
<g:Series><g:SeriesKey><g:Value concept="freq" value="A"/><g:Value concept="citizen" value="UA"/><g:Value concept="geo" value="EL"/>
</g:SeriesKey><g:Obs><g:Time>2022</g:Time><g:Attributes><g:Value concept="CONF_STATUS" value="C"/></g:Attributes></g:Obs></g:Series>
</DataSet></GenericData>
"""
FORMS = {
    "codes": CODES, "labels": LABELS, "both": BOTH, "2.0": TWO, "2.0 with labels": TWO_WITH_LABELS, "tsv": TSV,
    "2.0 with actions": TWO_WITH_ACTIONS, "semicolons": CODES.replace(",", ";"), "tabs": CODES.replace(",", "\t"),
    "json-stat": JSON_STAT, "json-stat of arrays": JSON_STAT_OF_ARRAYS, "specific": SPECIFIC, "specific flat": SPECIFIC_FLAT,
    "specific by place": SPECIFIC_BY_PLACE, "generic": GENERIC, "generic flat": GENERIC_FLAT, "generic 2.0": GENERIC_2_0,
}  # fmt: skip
UNNAMED = ("tsv", "generic 2.0")
UPDATED = {form: "27/03/25 23:00:00" for form in ("codes", "labels", "both", "semicolons", "tabs")} | {
    "json-stat": "2025-03-27T23:00:00+0100"
}
OBSERVATIONS = [
    ("A", "NA", "LT", "2022", 1234.0, "bep", ""),
    ("A", "NA", "LT", "2023", 0.0, "", ""),
    ("A", "UA", "EL", "2022", None, "", "c"),
]


@pytest.fixture
def read(tmp_path):
    """Read made-up content; the name of the file says nothing of its format."""

    def read_content(content: str | bytes) -> Table:
        file = tmp_path / "made-up.dat"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(file)

    return read_content


def said(table: Table) -> list[tuple]:
    """The observations of a table, None for no value."""
    rows = table.frame.itertuples(index=False, name=None)
    return [tuple(None if isinstance(cell, float) and math.isnan(cell) else cell for cell in row) for row in rows]


def row(**cells: str) -> str:
    """A made-up file of one row, some of its cells changed."""
    usual = {"dataflow": "ESTAT:MADE_UP(1.0)", "freq": "A", "geo": "LT", "time": "2022", "value": "5"}
    named = usual | {"flag": "", "conf": ""} | cells
    return "DATAFLOW,freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n" + ",".join(named.values()) + "\n"


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_the_same_observations(read, form):
    table = read(FORMS[form])
    assert sorted(table.dimensions) == ["citizen", "freq", "geo"]
    table.frame = table.frame[["freq", "citizen", "geo", *table.frame.columns[3:]]]
    assert said(table) == OBSERVATIONS
    assert table.dataset == (None if form in UNNAMED else "made_up")
    assert table.last_update == UPDATED.get(form)


def test_the_oldest_tsv_has_no_frequency(read):
    table = read(OLD_TSV)
    assert table.dimensions == ("citizen", "geo")
    assert said(table) == [observation[1:] for observation in OBSERVATIONS]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "wrapped",
    [
        lambda text: gzip.compress(text.encode()),
        lambda text: text.encode("utf-8-sig"),
        lambda text: gzip.compress(text.encode("utf-8-sig")),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: (text + "\r\n\n").encode(),
        lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16"),
    ],
    ids=["gzip", "byte-order mark", "both", "CRLF", "no last line end", "empty last lines", "UTF-16"],
)
def test_wrapping_does_not_matter(read, form, wrapped):
    assert read(wrapped(FORMS[form])) == read(FORMS[form])


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_labels_of_either_encoding_become_codes(read, encoding):
    content = row(geo="Türkiye") + "ESTAT:MADE_UP(1.0),A,Kosovo*,2022,5,,\n"
    assert read(content.encode(encoding)).frame["geo"].tolist() == ["TR", "XK"]


def test_codes_that_no_list_has_are_codes_all_the_same(read):
    content = row(geo="NEW_2030") + "ESTAT:MADE_UP(1.0),A,Y14-17,2022,5,,\nESTAT:MADE_UP(1.0),A,EU27_2020,2022,5,,\n"
    assert read(content).frame["geo"].tolist() == ["EU27_2020", "NEW_2030", "Y14-17"]


@pytest.mark.parametrize(
    ("dataflow", "dataset"),
    [
        ("ESTAT:MIGR_EIPRE$DEFAULTVIEW(1.0)", "migr_eipre"),
        ("ESTAT:TPS00170(1.0)", "tps00170"),
        ("MIGR_EIPRE", "migr_eipre"),
        ("", None),
    ],
)
def test_the_dataset_is_the_code_in_the_dataflow(read, dataflow, dataset):
    assert read(row(dataflow=dataflow)).dataset == dataset


@pytest.mark.parametrize(
    ("found", "period"),
    [
        ("2023", "2023"), ("2023-Q4", "2023-Q4"), ("2023Q4", "2023-Q4"), ("2023-11", "2023-11"), ("2023M11", "2023-11"),
        ("2023-M11", "2023-11"),
    ],
)  # fmt: skip
def test_old_forms_of_a_period_become_the_new_ones(read, found, period):
    assert read(row(time=found)).frame["time"].tolist() == [period]
    assert read(f"geo\\time\t{found} \nLT\t5 \n").frame["time"].tolist() == [period]


@pytest.mark.parametrize(
    ("flag", "conf", "status", "confidentiality"),
    [
        ("bep", "", "bep", ""),
        ("bc", "", "b", "c"),
        ("c", "C", "", "c"),
        ("b", "C", "b", "c"),
        ("s", "", "i", ""),
        ("z", "", "m", ""),
        ("B", "", "b", ""),
        ("b: break in time series", "C: confidential", "b", "c"),
    ],
)
def test_flags_are_parted_as_since_2025(read, flag, conf, status, confidentiality):
    frame = read(row(flag=flag, conf=conf)).frame
    assert frame[["obs_status", "conf_status"]].to_numpy().tolist() == [[status, confidentiality]]


def test_the_attributes_of_other_sources_are_read_or_passed_over(read):
    content = """DATAFLOW,FREQ,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,DECIMALS,CONF_STATUS
OECD.ELS.IMD:DSD_MADE_UP@DF_MADE_UP(1.0),A,LTU,2022,5,A,0,0,F
OECD.ELS.IMD:DSD_MADE_UP@DF_MADE_UP(1.0),A,LTU,2023,,M,0,0,N
"""
    table = read(content)
    assert said(table) == [("A", "LTU", "2022", 5.0, "", ""), ("A", "LTU", "2023", None, "m", "c")]
    assert table.dataset == "dsd_made_up@df_made_up" and table.dimensions == ("freq", "ref_area")


def test_flags_may_be_left_out(read):
    assert said(read("freq,geo,TIME_PERIOD,OBS_VALUE\nA,LT,2022,5\n")) == [("A", "LT", "2022", 5.0, "", "")]


@pytest.mark.parametrize("cell", ["0n", "0 n"])
def test_less_than_half_the_unit_is_a_zero_with_its_flag(read, cell):
    assert said(read(f"geo\\time\t2022\nLT\t{cell}\n")) == [("LT", "2022", 0.0, "n", "")]


@pytest.mark.parametrize("cell", ["1,234", "1 234", "1\u00a0234", "1\u202f234"])
def test_thousands_are_grouped_only_where_labels_are(read, cell):
    assert read(row(geo="Lithuania", value=f'"{cell}"')).frame["value"].tolist() == [1234.0]
    with pytest.raises(MalformedFile, match="is not a number"):
        read(row(value=f'"{cell}"'))


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["81,6", "1,234"], [81.6, 1.234]),
        (["1,234", "12345"], [1.234, 12345.0]),
        (["1,234", "0,5"], [1.234, 0.5]),
        (["80.0", "7"], [80.0, 7.0]),
        (["", "NaN"], [None, None]),
    ],
)
def test_numbers_between_semicolons_have_a_decimal_comma(read, cells, values):
    table = read("geo;TIME_PERIOD;OBS_VALUE\n" + "".join(f"LT;{2022 + n};{cell}\n" for n, cell in enumerate(cells)))
    assert [value for *_, value, _, _ in said(table)] == values


EXPLORER = """\
"TIME","GEO","CITIZEN","ASYL_APP","Value","Flag and Footnotes"
"2013","Türkiye","Namibia","First time applicant","1,234","bp"
"2014","Lithuania","Namibia","First time applicant",":","c"
"2014","Türkiye","Namibia","First time applicant","0",""
"""
EXPLORER_CODES = """\
TIME,GEO,GEO_LABEL,CITIZEN,CITIZEN_LABEL,ASYL_APP,ASYL_APP_LABEL,Value,Flag and Footnotes
2013,TR,Türkiye,NA,Namibia,NASY_APP,First time applicant,"1,234",bp
2014,LT,Lithuania,NA,Namibia,NASY_APP,First time applicant,:,c
2014,TR,Türkiye,NA,Namibia,NASY_APP,First time applicant,0,
"""


@pytest.mark.parametrize("content", [EXPLORER, EXPLORER.replace("\n", "\r\n"), EXPLORER_CODES])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_files_of_the_old_data_explorer_are_read(read, content, encoding):
    table = read(content.encode(encoding))
    assert table.dimensions == ("geo", "citizen", "asyl_app") and table.dataset is None
    assert said(table) == [
        ("LT", "NA", "NASY_APP", "2014", None, "", "c"),
        ("TR", "NA", "NASY_APP", "2013", 1234.0, "bp", ""),
        ("TR", "NA", "NASY_APP", "2014", 0.0, "", ""),
    ]


OF_THEIR_DAY = """\
"TIME","GEO","CITIZEN","SEX","AGE","ASYL_APP","UNIT","Value","Flag and Footnotes"
"2014","European Union (28 countries)","Extra-EU-28","Total","Total","Asylum applicant","Person","626,960",""
"2014","Germany (until 1990 former territory of the FRG)","Total","Males","From 14 to 17 years","First time applicant","Person","5",""
"2014","Former Yugoslav Republic of Macedonia, the","Kosovo (under United Nations Security Council Resolution 1244/99)",\
"Females","Less than 14 years","Asylum applicant","Person",":","c"
"""


def test_labels_of_their_day_are_known(read):
    """As the Data Explorer wrote them in 2015."""
    assert said(read(OF_THEIR_DAY.encode("cp1252"))) == [
        ("DE", "TOTAL", "M", "Y14-17", "NASY_APP", "PER", "2014", 5.0, "", ""),
        ("EU28", "EXT_EU28", "T", "TOTAL", "ASY_APP", "PER", "2014", 626960.0, "", ""),
        ("MK", "XK", "F", "Y_LT14", "ASY_APP", "PER", "2014", None, "", "c"),
    ]


def test_unknown_labels_of_a_file_are_named_all_at_once(read):
    content = EXPLORER + '"2015","Atlantis","Namibia","First time applicant","5",""\n'
    content += (
        '"2016","Atlantis","Namibia","First time applicant","5",""\n"2016","Lithuania","Namibya","Whoever","5",""\n'
    )
    with pytest.raises(UnknownCode, match="3 labels of this file are in no code list") as refused:
        read(content)
    error = refused.value
    assert error.where == "made-up.dat, row 5, column GEO" and "params/labels/geo.yaml" in error.hint
    for line in (
        'geo:\n      "Atlantis":  # in 2 rows, first in row 5, column GEO: near: ',
        'citizen:\n      "Namibya":  # in 1 row, first in row 7, column CITIZEN: near: Namibia (NA)',
        'asyl_app:\n      "Whoever":  # in 1 row, first in row 7, column ASYL_APP: near: ',
    ):
        assert line in error.found


def test_codes_may_stand_among_labels(read):
    assert set(read(EXPLORER.replace("Lithuania", "EU27_2020")).frame["geo"]) == {"EU27_2020", "TR"}


def test_the_old_data_explorer_may_leave_flags_out_and_has_quarters(read):
    table = read("TIME,GEO,Value\n2013Q4,Lithuania,5\n")
    assert said(table) == [("LT", "2013-Q4", 5.0, "", "")]


def test_a_series_without_any_dimension_is_read_too(read):
    content = "TIME_PERIOD,OBS_VALUE\n2023,5\n2022,6\n"
    assert said(read(content)) == [("2022", 6.0, "", ""), ("2023", 5.0, "", "")]
    with pytest.raises(MalformedFile, match="two rows have the same"):
        read(content + "2022,7\n")


def test_rows_come_out_sorted_whatever_their_order(read):
    header, *rows = CODES.splitlines()
    assert read("\n".join([header, *reversed(rows)])) == read(CODES)


BROKEN = {
    "empty": ("", "made-up.dat", "empty"),
    "blank": ("\n\r\n", "made-up.dat", "empty"),
    "web page": ("<!DOCTYPE html>\n<html>", "row 1", "web page"),
    "message": ('{"error": "no data"}', "row 1", "web page"),
    "truncated": (gzip.compress(CODES.encode())[:-20], "made-up.dat", "truncated"),
    "damaged": (gzip.compress(CODES.encode())[:-8] + bytes(8), "made-up.dat", "truncated or damaged"),
    "workbook": (b"PK\x03\x04\x00\x00\xff", "made-up.dat", "this workbook cannot be read"),
    "other columns": ("month,route,n\n2022-01,Sea,5\n", "row 1", "no column TIME_PERIOD"),
    "no value": ("DATAFLOW,geo,TIME_PERIOD\nX,LT,2022\n", "row 1", "no column OBS_VALUE"),
    "order": ("DATAFLOW,OBS_VALUE,geo,TIME_PERIOD\nX,5,LT,2022\n", "row 1", "order"),
    "multiplier": ("geo,TIME_PERIOD,OBS_VALUE,UNIT_MULT\nLT,2022,5,3\n", "row 2, column UNIT_MULT", "power of ten"),
    "attribute": ("geo,TIME_PERIOD,OBS_VALUE,CURRENCY\nLT,2022,5,EUR\n", "row 1", "CURRENCY is not known"),
    "column twice": ("geo,GEO,TIME_PERIOD,OBS_VALUE\nLT,LT,2022,5\n", "row 1", "two with the same"),
    "header only": (CODES.splitlines()[0], "made-up.dat", "no observation"),
    "tsv header only": (TSV.splitlines()[0], "made-up.dat", "no observation"),
    "tsv of nothing": ("geo\\time\t2022\nLT\t: \n", "made-up.dat", "no observation"),
    "tsv without a period": ("geo\\time\nLT\n", "made-up.dat", "no observation"),
    "short row": (CODES + "ESTAT:MADE_UP(1.0),,A,NA,LV\n", "row 5", "as many cells"),
    "long row": (row() + "ESTAT:MADE_UP(1.0),A,LV,2022,5,,,\n", "row 3", "as many cells"),
    "long rows throughout": ("geo,TIME_PERIOD,OBS_VALUE\nLT,2022,5,\nLV,2022,5,\n", "row 2", "as many cells"),
    "blank row": (row() + "\nESTAT:MADE_UP(1.0),A,LV,2022,5,,\n", "row 3", "as many cells"),
    "open quotes": (row(geo='"LT') + "ESTAT:MADE_UP(1.0),A,LV,2022,5,,\n", "row 2", "as many cells"),
    "short series": (TSV + "A,LV,LT\t5 \n", "row 4", "as many cells"),
    "code missing": (
        TSV + "A,LV\t5 \t6 \n",
        "row 4, column freq,citizen,geo\\TIME_PERIOD",
        "one code for each dimension",
    ),
    "no number": (row(value="five"), "row 2, column OBS_VALUE", "'five' is not a number"),
    "infinite": (row(value="1e999"), "row 2, column OBS_VALUE", "is not a number"),
    "not a number": (row(value="nan"), "row 2, column OBS_VALUE", "is not a number"),
    "tsv no number": (TSV + "A,LV,LT\t5 \t5x5 \n", "row 4, column 2023", "'5x5' is not a number"),
    "tsv word": (TSV + "A,LV,LT\t5 \tfive \n", "row 4, column 2023", "not an observation"),
    "tsv empty cell": (TSV + "A,LV,LT\t5 \t\n", "row 4, column 2023", "not an observation"),
    "period": (row(time="2022-Q5"), "row 2, column TIME_PERIOD", "'2022-Q5' is not a period"),
    "tsv period": ("geo\\time\t2022\t2022H1\nLT\t: \t: \n", "row 1, column 2022H1", "'2022H1' is not a period"),
    "flag": (row(flag="bq"), "row 2, column OBS_FLAG", "'q' is not a flag"),
    "gap flag": (row(flag="x"), "row 2, column OBS_FLAG", "'x' is not a flag"),
    "confidentiality": (row(conf="Q"), "row 2, column CONF_STATUS", "'q' is not a flag"),
    "tsv flag": (TSV + "A,LV,LT\t5 \t6 q\n", "row 4, column 2023", "'q' is not a flag"),
    "explorer number": ('TIME,GEO,Value\n2013,LT,"1,23"\n', "row 2, column Value", "'1,23' is not a number"),
    "explorer footnote": (
        "TIME,GEO,Value,Flag and Footnotes\n2013,LT,5,see (1)\n",
        "column Flag and Footnotes",
        "is not a flag",
    ),
    "explorer column": ("TIME,GEO,Value,Flag and Footnotes,Rank\n2013,LT,5,,1\n", "row 1", "Rank is not known"),
    "explorer duplicate": ("TIME,GEO,Value\n2013,Czechia,5\n2013,Czech Republic,6\n", "row 3", "in row 2"),
    "empty code": (row(geo=""), "row 2, column geo", "empty"),
    "label": (row(geo="Lithuanai"), "row 2, column geo", "near: Lithuania"),
    "list": (row().replace("freq", "colour").replace(",A,", ",red,"), "row 2, column colour", "no code list of colour"),
    "year 0": (row(time="0000"), "row 2, column TIME_PERIOD", "'0000' is not a period"),
    "number past all counting": (row(value="1e308"), "row 2, column OBS_VALUE", "is not a figure"),
    "last update": (
        row().replace("freq", "LAST UPDATE,freq").replace("),A", "),<img src=x>,A"),
        "row 2, column LAST UPDATE",
        "is not a day",
    ),
    "dimension with a path": (row().replace("freq", "../x"), "row 1", "'../x' is not a name of a dimension"),
    "dimension of markup": (row().replace("freq", "<b>"), "row 1", "'<b>' is not a name of a dimension"),
    "tsv dimension": (TSV.replace("citizen", "citi zen"), "row 1", "'citi zen' is not a name of a dimension"),
    "explorer dimension": ("TIME,G/EO,Value\n2013,LT,5\n", "row 1", "'g/eo' is not a name of a dimension"),
    "zero byte": (row().replace("freq", "s\0x"), "made-up.dat", "not text"),
    "CR alone": (CODES.replace("\n", "\r"), "row 1", "lines of this file end with CR alone"),
    "no line end": ("geo,TIME_PERIOD,OBS_VALUE\n" + "x" * (2 << 20), "row 2", "is longer than"),
    "far too many columns": (",".join(f"c{n}" for n in range(5000)) + ",TIME_PERIOD,OBS_VALUE\n", "row 1", "columns"),
    "path as dataflow": (row(dataflow="ESTAT:../../x(1.0)"), "row 2, column DATAFLOW", "does not name a dataset"),
    "dataflow": (row(dataflow="a b"), "row 2, column DATAFLOW", "does not name a dataset"),
    "two datasets": (row() + "ESTAT:OTHER(1.0),A,LV,2022,5,,\n", "row 3, column DATAFLOW", "more than one download"),
    "duplicate": (CODES + CODES.splitlines()[2] + "\n", "row 5", "A, NA, LT, 2023 here and in row 3"),
    "duplicate by form": (row(time="2022Q4") + "ESTAT:MADE_UP(1.0),A,LT,2022-Q4,6,,\n", "row 3", "in row 2"),
    "duplicate by label": (row(geo="Czechia") + "ESTAT:MADE_UP(1.0),A,Czech Republic,2022,6,,\n", "row 3", "in row 2"),
    "deletions": (
        row().replace("DATAFLOW,", "DATAFLOW,ACTION,").replace("),A", "),D,A"),
        "row 2, column ACTION",
        "delete",
    ),
    "two kinds of periods": (
        "geo,TIME_PERIOD,OBS_VALUE\nLT,2022,5\nLT,2022-01,1\n",
        "row 3, column TIME_PERIOD",
        "side by side",
    ),
    "a month of freq A": (
        row() + "ESTAT:MADE_UP(1.0),A,LT,2022-01,1,,\n",
        "row 3, column TIME_PERIOD",
        "side by side",
    ),
    "failed formula": (row(value="#N/A"), "row 2, column OBS_VALUE", "a formula of a spreadsheet program failed"),
    "thousands or decimals": (
        "geo;TIME_PERIOD;OBS_VALUE\nLT;2022;12\nLV;2022;1,234\n",
        "row 3, column OBS_VALUE",
        "may be a decimal fraction",
    ),
    "thousands or decimals, with points": (
        "geo;TIME_PERIOD;OBS_VALUE\nLT;2022;1.234\n",
        "row 2, column OBS_VALUE",
        "may be a decimal fraction",
    ),
    "UTF-16 that breaks off": (b"\xff\xfe" + CODES.encode("utf-16-le")[:-1], "made-up.dat", "not text"),
    "json without a cube": ('{"class": "collection", "link": {}}', "made-up.dat", "not a dataset in JSON-stat 2.0"),
    "json that breaks off": (JSON_STAT[:-20], "made-up.dat", "JSON is truncated"),
    "json key twice": (JSON_STAT.replace('"3": 0', '"2": 0'), "made-up.dat", "a key twice"),
    "json infinite": (JSON_STAT.replace("1234", "Infinity"), "made-up.dat", "Infinity"),
    "json position": (JSON_STAT.replace('"3": 0', '"8": 0'), "value", "value does not fit"),
    "json negative position": (JSON_STAT.replace('"3": 0', '"-1": 0'), "value", "value does not fit"),
    "json size": (JSON_STAT.replace("[1, 2, 2, 2]", "[1, 2, 2, 3]"), "dimension.time.category.index", "does not fit"),
    "json index": (JSON_STAT.replace('"LT": 1', '"LT": 2'), "dimension.geo.category.index", "numbered from 0"),
    "json without time": (JSON_STAT.replace('"time"', '"year"'), "id", "one dimension of time"),
    "json true": (JSON_STAT.replace("1234", "true"), "value", "numbers, texts and null"),
    "json flag": (JSON_STAT.replace("bep", "bq"), "row 2, column status", "'q' is not a flag"),
    "json array too short": (JSON_STAT_OF_ARRAYS.replace("1234.0, 0, null,", "1234.0, 0,"), "value", "8 cells"),
    "xml that breaks off": (SPECIFIC[:-20], "row 16", "XML is truncated"),
    "xml attribute": (SPECIFIC.replace("OBS_FLAG", "CURRENCY"), "row 12", "CURRENCY is not known"),
    "generic attribute": (GENERIC.replace("OBS_FLAG", "CURRENCY"), "row 15", "CURRENCY is not known"),
    "xml component": (
        SPECIFIC.replace("</Series>", '<Comp id="CURRENCY"><Value>EUR</Value></Comp></Series>', 1),
        "row 13",
        "CURRENCY is not known",
    ),
    "xml message": (
        "<mes:Error><mes:ErrorMessage code='100'><com:Text>No Results Found</com:Text></mes:ErrorMessage></mes:Error>",
        "row 1",
        "No Results Found",
    ),
    "command of a terminal": ("geo,TIME_PERIOD,OBS_VALUE,\x1b(0\nLT,2022,5,x\n", "row 1", "(0 is not known"),
    "xml multiplier": (SPECIFIC.replace('UNIT_MULT="0"', 'UNIT_MULT="3"'), "row 14, column UNIT_MULT", "power of ten"),
    "xml deletions": (
        SPECIFIC.replace("<m:DataSet ", '<m:DataSet s:action="Delete" '),
        "row 11",
        "says what to delete",
    ),
    "xml without a dimension": (SPECIFIC.replace('citizen="UA"', ""), "row 14", "dimensions of the first"),
    "xml without an observation": (MESSAGE.format("Generic", "TIME_PERIOD", ""), "made-up.dat", "no observation"),
    "xml entity": (
        SPECIFIC.replace("<m:StructureSpecificData", '<!DOCTYPE x [<!ENTITY a "LT">]><m:StructureSpecificData', 1),
        "row 2",
        "declares a document type",
    ),
    "xml value": (SPECIFIC.replace('"1234"', '"five"'), "row 12, column OBS_VALUE", "'five' is not a number"),
    "parquet that breaks off": (b"PAR1" + bytes(100), "made-up.dat", "Parquet file is truncated"),
    "tsv duplicate": (TSV + "A,NA,LT\t5 \t: \n", "row 4", "A, NA, LT, 2022 here and in row 2"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_its_place(read, case):
    content, place, message = BROKEN[case]
    with pytest.raises(WorkbenchError, match=re.escape(message)) as refused:
        read(content)
    error = refused.value
    assert isinstance(error, MalformedFile | UnknownCode)
    assert error.where.startswith("made-up.dat") and error.where.endswith(place)
    assert error.unchanged == "nothing was stored" and error.expected and error.found and error.hint
    assert "\x1b" not in str(error)


def test_an_unknown_label_is_unknown_not_malformed(read):
    with pytest.raises(UnknownCode):
        read(row(geo="Lithuanai"))
