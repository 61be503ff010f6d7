"""The code lists: complete for the data at hand, mapped to ISO, dated, and bent as Lithuanian bends them."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench
from conftest import ROOT, SHARED, shared
from workbench.data.formats.cells import MEASURED
from workbench.data.formats.layout import read_layout
from workbench.data.normal_form import NormalForm
from workbench.declarations.codelists import (
    Code,
    CodeList,
    code_list,
    every_code,
    from_iso2,
    from_iso3,
    is_aggregate,
    members,
)
from workbench.declarations.datasets import declared_datasets, read_dataset
from workbench.model.errors import UnknownCode
from workbench.model.paths import Project

PACKAGE = Path(workbench.__file__).parent
LISTS = PACKAGE / "declarations" / "codelists"
DATA = SHARED / "data"
DIMENSIONS = sorted(path.stem for path in LISTS.glob("*.csv") if path.stem != "membership")
STARTER = sorted((PACKAGE / "data" / "starter").glob("*/*/*.parquet"))
ESTAT = sorted((DATA / "figures" / "estat").rglob("*.csv.gz"))
OTHERS = sorted(set((DATA / "figures").rglob("*.csv.gz")) - set(ESTAT))
LABELLED = sorted((DATA / "raw").glob("sdmx-csv-*.csv.gz"))
FULL = DATA / "raw" / "migr_asyappctza-full.csv.gz"
NATIVE_TSV = DATA / "raw" / "migr_imm8.tsv.gz"
# Where providers other than Eurostat write ISO 3166-1 alpha-3, and the codes of their own among them.
ISO3_COLUMNS = {"frontex": ("nationality",), "unhcr": ("coo_iso", "coa_iso"), "undesa": ("geo", "origin")}
OWN_CODES = {"frontex": {"OOO", "OOS", "STL"}, "unhcr": {"TIB", "UNK", "XXA"}, "undesa": {"OOO", "XCX"}}
ABOUT = {"DATAFLOW", "LAST UPDATE", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME"}
FLAGS = {"OBS_FLAG": "obs_status", "CONF_STATUS": "conf_status"}

needs_data = pytest.mark.usefixtures("data_of_the_shared_folder")


@pytest.fixture
def data_of_the_shared_folder():
    """Skips where the folder is missing, which CI does not allow."""
    shared(FULL.relative_to(SHARED))


def rows_of(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def distinct(path: Path) -> dict[str, set[str]]:
    """The distinct cells of each column; of the first column under a name, should it come twice."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        found = [set() for _ in header]
        for row in reader:
            for cells, cell in zip(found, row):
                cells.add(cell)
    return dict(zip(reversed(header), reversed(found)))


def dimensions_of(columns: dict[str, set[str]]) -> list[str]:
    """Columns of dimensions: all names in small letters, for label columns are titles such as "Time frequency"."""
    before = [name for name in columns if name not in ABOUT]
    return [name for name in before if name == name.lower()]


def unresolved(columns: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Cells that are no code of their dimension, and flags that are none."""
    missing = [
        (name, code) for name in dimensions_of(columns) for code in columns[name] if code not in code_list(name).codes
    ]
    flags = [(name, flag) for name in FLAGS.keys() & columns.keys() for flag in "".join(columns[name])]
    return sorted(missing + [(name, flag) for name, flag in flags if flag not in code_list(FLAGS[name]).codes])


# The lists and the data


@pytest.mark.parametrize("path", STARTER, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_code_of_a_starter_snapshot_resolves(path):
    form, layout = NormalForm(path), read_dataset(Project(ROOT), path.parent.name).layout
    # Those of towns are in no list.
    names = {
        name
        for of in (layout.forms if layout else ())
        for name, column in of.dimensions.items()
        if column.codes == "names"
    }
    axes = {name: set(form.codes[name]) for name in set(form.dimensions) - names}
    rows = form.select({})
    flags = {name: set("".join(rows[name].unique().to_pylist())) for name in ("obs_status", "conf_status")}
    assert [(name, code) for name, codes in (axes | flags).items() for code in codes - set(code_list(name).codes)] == []


def test_there_are_starter_snapshots_to_look_at():
    assert STARTER


def test_an_unknown_code_in_a_file_would_be_seen():
    assert unresolved({"DATAFLOW": {"x"}, "geo": {"LT", "QQ"}, "OBS_FLAG": {"", "bq"}}) == [
        ("OBS_FLAG", "q"),
        ("geo", "QQ"),
    ]


@needs_data
@pytest.mark.parametrize("path", ESTAT, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_code_of_a_file_of_eurostat_resolves(path):
    columns = distinct(path)
    assert {"freq", "geo"} <= set(dimensions_of(columns))
    assert unresolved(columns) == []


@needs_data
@pytest.mark.parametrize("path", LABELLED, ids=lambda path: path.name)
def test_every_label_of_a_native_file_resolves_to_its_code(path):
    columns = distinct(path)
    names = list(columns)[::-1]
    labelled = "STRUCTURE_NAME" in columns
    for dimension in dimensions_of(columns):
        label_column = names[names.index(dimension) + 1] if labelled else dimension
        codes = {code_list(dimension).code_of_label(label) for label in columns[label_column]}
        assert len(codes) == len(columns[label_column])
        assert codes == columns[dimension] or not labelled


@needs_data
def test_every_citizenship_of_the_full_dataset_resolves():
    with gzip.open(FULL, "rt", encoding="utf-8") as file:
        header = next(file).split(",")
        found = {line.split(",", 4)[3] for line in file}
    assert header[3] == "citizen"
    assert len(found) > 200
    assert found <= code_list("citizen").codes.keys()


@needs_data
def test_every_code_of_the_native_tsv_resolves():
    with gzip.open(NATIVE_TSV, "rt", encoding="utf-8") as file:
        header, *keys = (line.split("\t")[0].split(",") for line in file)
    names = [name.partition("\\")[0] for name in header]
    columns = {name: set(codes) for name, codes in zip(names, zip(*keys))}
    assert {"EU27_2020", "LT"} <= columns["geo"] and {"Y_LT1", "Y99", "Y_GE100"} <= columns["age"]
    assert unresolved(columns) == []


NAMES = ("names", "capitals")


@needs_data
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: f"{path.parents[1].name}-{path.parent.name}")
def test_every_code_of_a_file_of_another_provider_resolves_by_its_layout(path):
    layout = read_dataset(Project(ROOT), declared_as(path)).layout
    frame = read_layout(path, layout)
    # Names, such as those of towns, stand in no list.
    named = {name for form in layout.forms for name, column in form.dimensions.items() if column.codes in NAMES}
    columns = {name: set(frame[name]) for name in frame.columns.drop([*MEASURED, *named], errors="ignore")}
    assert "freq" in columns and {"citizen", "geo"} & columns.keys()
    assert unresolved(columns) == []


def declared_as(path) -> str:
    """What the dataset of a file of another provider is declared as: by its own name, or with its provider's before it."""
    names = path.parent.name, f"{path.parents[1].name}_{path.parent.name}"
    return next((name for name in names if name in declared_datasets(Project(ROOT))), names[1])


@needs_data
def test_every_dataset_at_hand_is_declared():
    held = {path.parent.name for path in ESTAT} | set(map(declared_as, OTHERS))
    assert held <= set(declared_datasets(Project(ROOT)))


@pytest.mark.parametrize("dataset", declared_datasets(Project(ROOT)))
def test_a_declared_dataset_is_readable_and_rounds_as_its_provider_says(dataset):
    declaration = read_dataset(Project(ROOT), dataset)
    rounded = declaration.agency == "estat" and dataset.startswith(("migr_asy", "migr_ei"))
    # A count is whole; the rates of a sample have one decimal.
    assert declaration.rounding_base == (5 if rounded else 0.1 if declaration.unit == "%" else 1)
    codes = [
        (form, name) for form in (declaration.layout.forms if declaration.layout else []) for name in form.dimensions
    ]
    for form, name in codes:
        column = form.dimensions[name]
        named = {*column.also.values(), *column.sheet.values(), column.always} - {None}
        assert column.codes in NAMES or named <= code_list(name).codes.keys(), (name, named)
        assert set(form.values.values()) <= code_list("measure").codes.keys()


@needs_data
@pytest.mark.parametrize("agency", ISO3_COLUMNS)
def test_every_iso3_code_of_another_provider_is_a_place_or_one_of_its_own(agency):
    found = set()
    for path in (DATA / "figures" / agency).rglob("*.csv.gz"):
        columns = distinct(path)
        found |= set().union(*(columns[name] for name in ISO3_COLUMNS[agency]))
    known = {place.iso3 for place in code_list("geo").codes.values() if place.iso3}
    assert found - known == OWN_CODES[agency]


# The files


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_list_is_well_formed(dimension):
    text = (LISTS / f"{dimension}.csv").read_bytes()
    assert b"\r" not in text and text.endswith(b"\n")
    rows = rows_of(dimension)
    assert {"code", "en", "lt"} <= rows[0].keys()
    assert [code for code, times in Counter(row["code"] for row in rows).items() if times > 1] == []
    for row in rows:
        assert None not in row and None not in row.values(), f"{row['code']}: too many or too few cells"
        assert row["code"] and row["en"] and row["lt"], f"{row['code']} lacks a label"
        assert all(cell == cell.strip() for cell in row.values()), f"{row['code']} has blanks at an edge"


@pytest.mark.parametrize("dimension", sorted({*DIMENSIONS, "c_dest"}))
def test_no_label_stands_for_two_codes(dimension):
    labels = Counter(
        label
        for code in code_list(dimension).codes.values()
        for label in {label.strip("*: ") for label in (code.labels["en"], *code.other_labels)}
    )
    assert [label for label, times in labels.items() if times > 1] == []


def test_the_lists_of_places_and_of_citizenships_share_only_the_total_which_each_calls_its_own():
    assert {row["code"] for row in rows_of("geo")} & {row["code"] for row in rows_of("citizen")} == {"TOTAL"}
    assert code_list("geo").label("TOTAL") == "All reporting countries"
    assert code_list("partner").label("TOTAL") == "Total"


def test_places_are_sorted_and_of_a_known_kind():
    rows = rows_of("geo")
    assert [row["code"] for row in rows] == sorted(row["code"] for row in rows)
    assert {row["kind"] for row in rows} == {"country", "aggregate", "special"}
    assert {row["kind"] for row in rows_of("citizen")} == {"special", "aggregate"}


def test_every_country_has_its_iso_codes_once_and_no_aggregate_has_any():
    rows = rows_of("geo")
    countries = [row for row in rows if row["kind"] == "country"]
    assert len(countries) == 250  # the 249 of ISO 3166-1, and Kosovo
    for column, length in (("iso2", 2), ("iso3", 3)):
        codes = [row[column] for row in countries]
        assert all(len(code) == length and code.isupper() for code in codes)
        assert len(set(codes)) == len(codes)
        assert not any(row[column] for row in rows if row["kind"] == "aggregate")


def test_eurostats_codes_differ_from_iso_for_two_countries_alone():
    assert {(row["code"], row["iso2"]) for row in rows_of("geo") if row["iso2"] not in ("", row["code"])} == {
        ("EL", "GR"),
        ("UK", "GB"),
    }


# Codes


def test_namibia_is_no_missing_value():
    namibia = code_list("geo").code("NA")
    assert (namibia.iso3, namibia.labels["en"], namibia.form("lt", "genitive")) == ("NAM", "Namibia", "Namibijos")
    assert code_list("citizen").code_of_label("Namibia") == "NA"
    assert from_iso2("NA") == from_iso3("NAM") == "NA"


@pytest.mark.parametrize(
    ("iso2", "iso3", "code"),
    [("GR", "GRC", "EL"), ("GB", "GBR", "UK"), ("XK", "XKX", "XK"), ("LT", "LTU", "LT"), ("SS", "SSD", "SS")],
)
def test_iso_codes_are_mapped(iso2, iso3, code):
    assert from_iso2(iso2) == from_iso3(iso3) == code


@given(st.sampled_from([row for row in rows_of("geo") if row["iso3"]]))
def test_iso_codes_lead_back_to_their_place(row):
    assert from_iso2(row["iso2"]) == from_iso3(row["iso3"]) == row["code"]


@pytest.mark.parametrize("lookup", [from_iso2, from_iso3])
@pytest.mark.parametrize("iso", ["", "EL", "ZZZ", "LTV", "XXA"])
def test_an_unknown_iso_code_is_refused(lookup, iso):
    with pytest.raises(UnknownCode, match="of any place"):
        lookup(iso)


@given(st.sampled_from(DIMENSIONS), st.data(), st.sampled_from(["", "*", " ", ": "]))
def test_every_label_leads_back_to_its_code_with_footnote_marks_or_without(dimension, data, marks):
    known = code_list(dimension)
    code = data.draw(st.sampled_from(sorted(known.codes.values(), key=lambda code: code.code)))
    label = data.draw(st.sampled_from([code.labels["en"], *code.other_labels]))
    assert known.code_of_label(label + marks) == code.code


@pytest.mark.parametrize(
    ("dimension", "label", "code"),
    [
        ("geo", "Germany (until 1990 former territory of the FRG)", "DE"),
        ("geo", "Turkey", "TR"),
        ("geo", "Kosovo*", "XK"),
        ("geo", "Kosovo", "XK"),
        ("geo", "Kosovo (under United Nations Security Council Resolution 1244/99)", "XK"),
        ("geo", "Euro area – 20 countries (from 2023)", "EA20"),
        ("geo", "Euro area - 19 countries  (2015-2022)", "EA19"),
        ("geo", "European Union - 27 countries (from 2020)", "EU27_2020"),
        # Of their day: as the Data Explorer wrote them in 2008 to 2021.
        ("geo", "European Union (28 countries)", "EU28"),
        ("geo", "European Union - 28 countries", "EU28"),
        ("geo", "European Union (current composition)", "EU28"),
        ("geo", "European Union (27 countries)", "EU27_2007"),
        ("geo", "European Union (before the accession of Croatia)", "EU27_2007"),
        ("geo", "European Union - 27 countries (2007-2013)", "EU27_2007"),
        ("geo", "European Union (without United Kingdom)", "EU27_2020"),
        ("geo", "EU27 (without UK)", "EU27_2020"),
        ("geo", "European Union - 27 countries (from 2019)", "EU27_2020"),
        ("geo", "European Union (25 countries)", "EU25"),
        ("geo", "European Union (15 countries)", "EU15"),
        (
            "geo",
            "European Union (EU6-1972, EU9-1980, EU10-1985, EU12-1994, EU15-2004, EU25-2006, EU27-2013, EU28)",
            "EU",
        ),
        ("geo", "European Union (aggregate changing according to the context)", "EU_V"),
        ("geo", "Euro area (EA11-2000, EA12-2006, EA13-2007, EA15-2008, EA16-2010, EA17-2013, EA18-2014, EA19)", "EA"),
        ("geo", "Euro area (19 countries)", "EA19"),
        ("geo", "Euro area (18 countries)", "EA18"),
        ("geo", "Euro area - 18 countries (2014)", "EA18"),
        ("geo", "Euro area - 12 countries (2001-2006)", "EA12"),
        ("geo", "European Economic Area (EU27 -  before the accession of Croatia, plus IS, LI, NO)", "EEA30_2007"),
        ("geo", "European Economic Area (EU28  - current composition, plus IS, LI, NO)", "EEA31"),
        ("geo", "European Economic Area (EU28 - 2013-2020 and IS, LI, NO)", "EEA31"),
        ("geo", "European Free Trade Association", "EFTA"),
        ("geo", "New Member States (13 countries)", "NMS13"),
        ("geo", "Germany including former GDR", "DE_TOT"),
        ("geo", "Germany (including  former GDR from 1991)", "DE"),
        ("geo", "France (metropolitan)", "FX"),
        ("geo", "Czech Republic", "CZ"),
        ("geo", "Former Yugoslav Republic of Macedonia, the", "MK"),
        ("citizen", "Extra-EU-28", "EXT_EU28"),
        ("citizen", "Extra-EU-27", "EXT_EU27_2007"),
        ("citizen", "EU28 countries except reporting country", "EU28_FOR"),
        ("citizen", "Non-EU28 countries nor reporting country", "NEU28_FOR"),
        ("citizen", "Non-EU28 countries (from 2013 - 2020) nor reporting country", "NEU28_FOR"),
        ("citizen", "EU27 countries except reporting country", "EU27_2007_FOR"),
        ("citizen", "Foreign country and stateless", "FOR_STLS"),
        ("age", "Open-ended age class", "Y_OPEN"),
        ("citizen", "Côte d'Ivoire", "CI"),
        ("citizen", "Côte d’Ivoire", "CI"),
        ("citizen", "Total", "TOTAL"),
        ("citizen", "Non-EU27 countries (from 2020)", "EXT_EU27_2020"),
        ("applicant", "First time applicant", "FRST"),
        ("applicant", "Asylum applicant", "TOTAL"),
        ("asyl_app", "First time applicant", "NASY_APP"),
        ("sex", "Males", "M"),
        ("age", "Less than 14 years", "Y_LT14"),
        ("age", "From 14 to 17 years", "Y14-17"),
    ],
)
def test_labels_of_the_providers_are_known(dimension, label, code):
    assert code_list(dimension).code_of_label(label) == code


@pytest.mark.parametrize("own", ["x", "s", *"bdefimnpruz"])
def test_flags_have_labels(own):
    assert code_list("obs_status").label(own, "lt") != code_list("obs_status").label(own, "en")


def test_citizenship_and_destination_take_places_and_what_places_lack():
    for dimension in ("citizen", "c_dest", "partner"):
        assert {"LT", "EL", "TOTAL", "STLS", "EU27_2020", "OTHER"} <= code_list(dimension).codes.keys()


# Codes that are none


@pytest.mark.parametrize(
    ("dimension", "given_instead", "meant"),
    [
        ("geo", "Lithuania", "LT"),
        ("geo", "lithuania", "LT"),
        ("geo", "Lietuva", "LT"),
        ("geo", "LTU", "LT"),
        ("geo", "lt", "LT"),
        ("geo", "GR", "EL"),
        ("geo", "GBR", "UK"),
        ("geo", "Turkey", "TR"),
        ("citizen", "Kosovo", "XK"),
        ("citizen", "Stateless", "STLS"),
        ("sex", "Women", "F"),
    ],
)
def test_a_label_or_iso_code_given_for_a_code_is_told_the_code(dimension, given_instead, meant):
    with pytest.raises(UnknownCode) as refused:
        code_list(dimension).code(given_instead)
    assert refused.value.expected.startswith(f"{meant} is the code of ")


@pytest.mark.parametrize("wrong", ["Lithuani", "Litauen", "LTA", ""])
def test_an_unknown_code_names_near_codes_and_near_labels(wrong):
    with pytest.raises(UnknownCode) as refused:
        code_list("geo").code(wrong)
    assert repr(wrong) in refused.value.what
    assert "by label" in refused.value.expected
    if wrong:
        assert "LT" in refused.value.expected


@pytest.mark.parametrize(
    ("label", "code"),
    [
        # As the Commission's visa statistics write countries.
        ("CONGO (DEMOCRATIC REPUBLIC)", "CD"), ("CONGO (BRAZZAVILLE)", "CG"), ("HONG KONG S.A.R.", "HK"),
        ("MACAO S.A.R.", "MO"), ("FORMER YUGOSLAV REPUBLIC OF MACEDONIA", "MK"), ("COTE D'IVOIRE", "CI"),
        ("HOLY SEE (VATICAN CITY STATE)", "VA"), ("TANZANIA, UNITED REPUBLIC OF", "TZ"), ("USA", "US"),
        ("KOREA, REPUBLIC OF", "KR"), ("KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF", "KP"), ("TURKEY", "TR"),
        ("IRAN, ISLAMIC REPUBLIC OF", "IR"), ("MOLDOVA, REPUBLIC OF", "MD"), ("PALESTINIAN AUTHORITY", "PS"),
        ("LIBYAN ARAB JAMAHIRIYA", "LY"), ("RUSSIAN FEDERATION", "RU"), ("TAIWAN, PROVINCE OF CHINA", "TW"),
        # As Frontex does.
        ("Kosovo*", "XK"), ("Syria", "SY"), ("FYR Macedonia", "MK"),
    ],
)  # fmt: skip
def test_other_providers_names_of_countries_are_known(label, code):
    assert code_list("partner").code_of_label(label) == code_list("citizen").code_of_label(label) == code


def test_an_unknown_label_names_near_labels_and_where_to_add_it():
    with pytest.raises(UnknownCode) as refused:
        code_list("geo").code_of_label("Lituania")
    assert "Lithuania" in refused.value.expected
    assert "params/labels/geo.yaml" in refused.value.hint


def test_an_unknown_dimension_names_near_ones():
    with pytest.raises(UnknownCode, match="citizen") as refused:
        code_list("citizens")
    assert "membership" not in refused.value.expected


def test_membership_is_no_dimension():
    with pytest.raises(UnknownCode):
        code_list("membership")


@given(st.text(max_size=12), st.sampled_from(DIMENSIONS))
def test_whatever_is_asked_for_is_answered_with_a_code_or_refused(text, dimension):
    known = code_list(dimension)
    if text in known.codes:
        assert known.code(text).code == text
    else:
        with pytest.raises(UnknownCode):
            known.code(text)


# Languages

# Nominative, genitive, locative.
DECLENSIONS = {
    "LT": ("Lietuva", "Lietuvos", "Lietuvoje"),
    "LV": ("Latvija", "Latvijos", "Latvijoje"),
    "PL": ("Lenkija", "Lenkijos", "Lenkijoje"),
    "BY": ("Baltarusija", "Baltarusijos", "Baltarusijoje"),
    "UA": ("Ukraina", "Ukrainos", "Ukrainoje"),
    "GE": ("Sakartvelas", "Sakartvelo", "Sakartvele"),
    "CZ": ("Čekija", "Čekijos", "Čekijoje"),
    "NL": ("Nyderlandai", "Nyderlandų", "Nyderlanduose"),
    "UK": ("Jungtinė Karalystė", "Jungtinės Karalystės", "Jungtinėje Karalystėje"),
    "US": ("Jungtinės Amerikos Valstijos", "Jungtinių Amerikos Valstijų", "Jungtinėse Amerikos Valstijose"),
    "AE": ("Jungtiniai Arabų Emyratai", "Jungtinių Arabų Emyratų", "Jungtiniuose Arabų Emyratuose"),
    "SS": ("Pietų Sudanas", "Pietų Sudano", "Pietų Sudane"),
    "CD": ("Kongo Demokratinė Respublika", "Kongo Demokratinės Respublikos", "Kongo Demokratinėje Respublikoje"),
    "CI": ("Dramblio Kaulo Krantas", "Dramblio Kaulo Kranto", "Dramblio Kaulo Krante"),
    "CV": ("Žaliasis Kyšulys", "Žaliojo Kyšulio", "Žaliajame Kyšulyje"),
    "NZ": ("Naujoji Zelandija", "Naujosios Zelandijos", "Naujojoje Zelandijoje"),
    "PG": ("Papua Naujoji Gvinėja", "Papua Naujosios Gvinėjos", "Papua Naujojoje Gvinėjoje"),
    "BA": ("Bosnija ir Hercegovina", "Bosnijos ir Hercegovinos", "Bosnijoje ir Hercegovinoje"),
    "TT": ("Trinidadas ir Tobagas", "Trinidado ir Tobago", "Trinidade ir Tobage"),
    "VC": ("Sent Vinsentas ir Grenadinai", "Sent Vinsento ir Grenadinų", "Sent Vinsente ir Grenadinuose"),
    "HT": ("Haitis", "Haičio", "Haityje"),
    "DJ": ("Džibutis", "Džibučio", "Džibutyje"),
    "BI": ("Burundis", "Burundžio", "Burundyje"),
    "SO": ("Somalis", "Somalio", "Somalyje"),
    "IL": ("Izraelis", "Izraelio", "Izraelyje"),
    "SZ": ("Esvatinis", "Esvatinio", "Esvatinyje"),
    "TG": ("Togas", "Togo", "Toge"),
    "MU": ("Mauricijus", "Mauricijaus", "Mauricijuje"),
    "PY": ("Paragvajus", "Paragvajaus", "Paragvajuje"),
    "PE": ("Peru", "Peru", "Peru"),
    "ZW": ("Zimbabvė", "Zimbabvės", "Zimbabvėje"),
    "PH": ("Filipinai", "Filipinų", "Filipinuose"),
    "BS": ("Bahamos", "Bahamų", "Bahamose"),
    "EU27_2020": ("ES-27", "ES-27", "ES-27"),
}
# Lithuanian leaves names that end in another vowel as they are; and Samoa.
INDECLINABLE = {"AS", "BL", "CW", "MO", "NR", "PE", "PW", "TK", "TV", "VU", "WS"}
# An ending of the nominative and what the genitive and the locative may end in.
ENDINGS = {
    "iai": ("ių", "iuose"), "ai": ("ų", "uose"), "as": ("o", "e"), "ius": ("iaus", "iuje"), "us": ("aus", "uje"),
    "is": ("io", "yje"), "ys": ("io", "yje"), "a": ("os", "oje"), "ė": ("ės", "ėje"), "os": ("ų", "ose"),
}  # fmt: skip


@pytest.mark.parametrize("code", DECLENSIONS)
def test_lithuanian_bends_the_name(code):
    place = code_list("geo").code(code)
    assert (place.labels["lt"], place.form("lt", "genitive"), place.form("lt", "locative")) == DECLENSIONS[code]


def test_only_names_without_a_lithuanian_ending_stay_as_they_are():
    unbent = {
        place.code
        for place in code_list("geo").codes.values()
        if place.kind == "country"
        and place.labels["lt"] in (place.form("lt", "genitive"), place.form("lt", "locative"))
    }
    assert unbent == INDECLINABLE


def test_the_last_word_of_a_country_takes_the_endings_of_its_declension():
    wrong = []
    for place in code_list("geo").codes.values():
        if place.kind != "country" or place.code in INDECLINABLE | {"IO", "TF"}:  # sritis is of the third declension
            continue
        name, genitive, locative = (
            text.removesuffix(" (Prancūzija)").removesuffix(" (Nyderlandai)").removesuffix("*")
            for text in (place.labels["lt"], place.form("lt", "genitive"), place.form("lt", "locative"))
        )
        ending = next(ending for ending in ENDINGS if name.endswith(ending))
        expected = ENDINGS[ending]
        stem = name.removesuffix(ending)
        # d and t before -io are softened: Haitis, Haičio.
        soft = {"d": stem[:-1] + "dž", "t": stem[:-1] + "č"}.get(stem[-1], stem) if ending == "is" else stem
        last = [text.split()[-1] for text in (soft + expected[0], stem + expected[1])]
        if [genitive.split()[-1], locative.split()[-1]] != last:
            wrong.append((place.code, name, genitive, locative))
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "accusative"),
    [
        ("LT", "Lietuvą"), ("GE", "Sakartvelą"), ("CZ", "Čekiją"), ("NL", "Nyderlandus"), ("UK", "Jungtinę Karalystę"),
        ("US", "Jungtines Amerikos Valstijas"), ("AE", "Jungtinius Arabų Emyratus"), ("SS", "Pietų Sudaną"),
        ("CV", "Žaliąjį Kyšulį"), ("NZ", "Naująją Zelandiją"), ("BA", "Bosniją ir Hercegoviną"), ("HT", "Haitį"),
        ("MU", "Mauricijų"), ("PE", "Peru"), ("ZW", "Zimbabvę"), ("PH", "Filipinus"), ("BS", "Bahamas"), ("XK", "Kosovą"),
        ("SC", "Seišelius"), ("TF", "Prancūzijos Pietų Sritis"), ("EU27_2020", "ES-27"), ("SCHENGEN", "Šengeno erdvę"),
    ],
)  # fmt: skip
def test_lithuanian_names_a_destination_in_the_accusative(code, accusative):
    assert code_list("geo").code(code).form("lt", "accusative") == accusative


def test_every_accusative_ends_as_one():
    """In a nasal vowel, or -us, -as, -es and -is of the plural; names that do not bend have none of its own."""
    wrong = [
        row["code"]
        for row in rows_of("geo")
        if row["kind"] == "country"
        and row["code"] not in INDECLINABLE
        and not row["lt_accusative"]
        .removesuffix(" (Prancūzija)")
        .removesuffix(" (Nyderlandai)")
        .endswith(("ą", "ę", "į", "ų", "us", "as", "es", "is"))
    ]
    assert wrong == []
    assert all(row["lt_accusative"] == row["lt"] for row in rows_of("geo") if row["code"] in INDECLINABLE)


def test_every_place_has_all_lithuanian_forms():
    forms = ("lt", "lt_genitive", "lt_accusative", "lt_locative")
    assert [row["code"] for row in rows_of("geo") for form in forms if not row[form]] == []
    assert [row["code"] for row in rows_of("citizen") if not row["lt_genitive"]] == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("NL", "the Netherlands"),
        ("UK", "the United Kingdom"),
        ("XK", "Kosovo"),
        ("LT", "Lithuania"),
        ("CD", "the Democratic Republic of the Congo"),
        ("EU27_2020", "the EU-27"),
    ],
)
@pytest.mark.parametrize("case", ["sentence", "genitive", "locative"])
def test_english_has_one_form_inside_a_sentence(code, sentence, case):
    assert code_list("geo").code(code).form("en", case) == sentence


def test_a_language_that_the_list_lacks_has_english_labels_and_no_forms():
    netherlands = code_list("geo").code("NL")
    assert code_list("geo").label("NL", "fr") == "Netherlands"
    assert netherlands.form("fr", "genitive") == ""


def test_every_code_is_gone_through_once_with_its_list():
    gone_through = list(every_code())
    assert len(gone_through) == sum(len(rows_of(name)) for name in DIMENSIONS)
    assert {name for name, _ in gone_through} == set(DIMENSIONS)


def test_a_third_language_is_its_own_where_it_has_a_label():
    code = Code("NL", {"en": "Netherlands", "lv": "Nīderlande"}, {("lv", "genitive"): "Nīderlandes"})
    known = CodeList("geo", {"NL": code})
    assert known.label("NL", "lv") == "Nīderlande"
    assert code.form("lv", "genitive") == "Nīderlandes"
    assert code.form("lv", "locative") == "Nīderlande"


def test_a_third_language_is_only_new_columns(tmp_path, monkeypatch):
    (tmp_path / "geo.csv").write_text("code,en,lt,lv,lv_genitive\nNL,Netherlands,Nyderlandai,Nīderlande,Nīderlandes\n")
    monkeypatch.setattr("workbench.declarations.codelists._FOLDER", tmp_path)
    code = code_list.__wrapped__("geo").code("NL")
    assert code.labels == {"en": "Netherlands", "lt": "Nyderlandai", "lv": "Nīderlande"}
    assert code.form("lv", "genitive") == "Nīderlandes"


# Aggregates


@pytest.mark.parametrize(
    ("aggregate", "year", "number"),
    [
        ("EU27_2020", 2022, 27), ("EU27_2020", 2008, 27), ("EU28", 2013, 28), ("EU28", 2019, 28), ("EU28", 2020, 0),
        ("EU27_2007", 2007, 27), ("EU27_2007", 2013, 0), ("EU25", 2004, 25), ("EU25", 2003, 0), ("EU15", 2003, 15),
        ("EFTA", 2022, 4), ("EA", 1999, 11), ("EA", 2015, 19), ("EA", 2022, 19), ("EA", 2023, 20), ("EA", 2026, 21),
        ("EA19", 2022, 19), ("EA20", 2023, 20), ("EA21", 2026, 21),
        ("SCHENGEN", 2006, 15), ("SCHENGEN", 2007, 24), ("SCHENGEN", 2022, 26), ("SCHENGEN", 2024, 27),
        ("SCHENGEN", 2025, 29),
    ],
)  # fmt: skip
def test_an_aggregate_has_its_members_of_the_year(aggregate, year, number):
    found = members(aggregate, year)
    assert len(found) == number
    assert list(found) == sorted(set(found))


def test_the_compositions_of_the_union_differ_by_those_who_came_and_went():
    assert set(members("EU28", 2019)) - set(members("EU27_2020", 2019)) == {"UK"}
    assert set(members("EU28", 2013)) - set(members("EU27_2007", 2012)) == {"HR"}
    assert set(members("EU27_2007", 2012)) - set(members("EU25", 2006)) == {"BG", "RO"}
    assert {"LT", "LV", "EE", "MT"} < set(members("EU25", 2004)) - set(members("EU15", 2003))
    assert members("EFTA", 2022) == ("CH", "IS", "LI", "NO")


def test_schengen_has_no_ireland_and_gained_croatia_then_bulgaria_and_romania():
    assert not {"IE", "CY", "UK"} & set(members("SCHENGEN", 2025))
    assert set(members("SCHENGEN", 2023)) - set(members("SCHENGEN", 2022)) == {"HR"}
    assert set(members("SCHENGEN", 2025)) - set(members("SCHENGEN", 2024)) == {"BG", "RO"}


@given(st.integers(1990, 2060))
def test_the_euro_area_and_schengen_only_grow_and_eu27_2020_never_changes(year):
    for aggregate in ("EA", "SCHENGEN"):
        assert set(members(aggregate, year)) <= set(members(aggregate, year + 1))
    assert members("EU27_2020", year) == members("EU27_2020", 2022)


@given(st.sampled_from(sorted({row["aggregate"] for row in rows_of("membership")})), st.integers(1990, 2060))
def test_no_aggregate_is_a_member(aggregate, year):
    assert is_aggregate("geo", aggregate)
    assert not any(is_aggregate("geo", member) for member in members(aggregate, year))


def test_memberships_lie_within_the_life_of_their_aggregate():
    for row in rows_of("membership"):
        aggregate = code_list("geo").code(row["aggregate"])
        assert not row["valid_from"] or row["valid_from"] >= aggregate.valid_from, row
        assert row["valid_to"] == aggregate.valid_to, row


def test_an_aggregate_without_members_is_refused():
    with pytest.raises(UnknownCode, match="EU27_2020"):
        members("EU27", 2022)


@pytest.mark.parametrize(
    "code", ["TOTAL", "EXT_EU27_2020", "EU27_2020", "EU28", "FOR", "FOR_STLS", "EU27_2020_FOR", "EU28_FOR"]
)
def test_aggregates_are_told_from_citizenships(code):
    assert is_aggregate("citizen", code)


@pytest.mark.parametrize("code", ["LT", "STLS", "UNK", "RNC", "XK", "OOS"])
def test_single_citizenships_are_no_aggregates(code):
    assert not is_aggregate("citizen", code)


def test_whether_an_unknown_code_is_an_aggregate_cannot_be_said():
    with pytest.raises(UnknownCode):
        is_aggregate("geo", "EU27")


def test_dates_are_iso_dates_in_order():
    for row in (*rows_of("geo"), *rows_of("citizen"), *rows_of("membership")):
        dates = [row["valid_from"], row["valid_to"]]
        assert all(not date or (len(date) == 10 and date[4] == date[7] == "-") for date in dates), row
        assert not all(dates) or dates[0] < dates[1], row
