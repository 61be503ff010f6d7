"""Blocks: each is told without a language, read back as it was, and worded the same before and after."""

import json
import math
import re
from dataclasses import MISSING as MISSING_DEFAULT
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from both_languages import EN, LT, WORDINGS
from made_up_results import made_up, said
from workbench.declarations.codelists import members
from workbench.model.encoding import UnknownDescription
from workbench.model.errors import UnboundNumber
from workbench.model.record import DatasetNotes, Record, Source, VintageNotes
from workbench.model.sentence import Labels, Period, Place, Sentence
from workbench.model.types import NO_VINTAGE
from workbench.presentation import blocks, charts
from workbench.presentation.blocks import Gap, parts_of
from workbench.presentation.descriptions import block_of, described, digest_of
from workbench.presentation.figure import Figure
from workbench.presentation.sentences import sentence

NUMBER = made_up(1025, indicator="asylum_applicants", dataset="migr_asyappctza", vintage="2024-01-18")
BEFORE = replace(NUMBER, time="2021", value=3940.0, low=3937.5, high=3942.5, flags="b")
MISSING = replace(NUMBER, time="2020", value=math.nan, low=math.nan, high=math.nan, flags="x")
YEARS = (MISSING, BEFORE, NUMBER)
CITIZENS = ("AF", "BY", "RU", "UA", "OTHER")


def at(*places: dict) -> tuple:
    """A number at each place, the last of them missing."""
    numbers = [replace(NUMBER, **place, value=10.0 + number) for number, place in enumerate(places)]
    return (*(replace(one, low=one.value, high=one.value) for one in numbers[:-1]), replace(MISSING, **places[-1]))


OF_CITIZENS = at(*({"breakdown": f"citizen={code}", "time": "2022"} for code in CITIZENS))
OF_PLACES = at(*({"geo": code, "time": "2022"} for code in ("LT", "LV", "EE")))
OF_PLACES_AND_YEARS = at(*({"geo": code, "time": time} for code in ("LT", "LV") for time in ("2021", "2022")))
FORECAST = tuple(
    replace(
        NUMBER, time=time, breakdown=f"level={level}", value=900.0, low=900.0 - level, high=900.0 + level, flags="f"
    )
    for time in ("2023", "2024")
    for level in (80, 95)
)
CHARTS = {
    "Bars": charts.Bars(
        OF_CITIZENS,
        "citizen",
        notes=tuple(replace(one, indicator="asylum_applicants_share_pct", unit="%") for one in OF_CITIZENS),
    ),
    "Columns": charts.Columns(YEARS),
    "Distribution": charts.Distribution(OF_PLACES_AND_YEARS, "LT", union=(replace(NUMBER, geo="EU27_2020"),)),
    "Dots": charts.Dots(
        at(*({"breakdown": f"citizen={code}", "geo": geo} for code in CITIZENS for geo in ("LT", "LV"))), "citizen"
    ),
    "EuropeMap": charts.EuropeMap(OF_PLACES, highlight="LT"),
    "Fan": charts.Fan(YEARS, FORECAST, later=(replace(NUMBER, time="2023"),), alarms=("2021",)),
    "Funnel": charts.Funnel(
        OF_PLACES,
        tuple(replace(one, indicator="immigration", unit="persons") for one in OF_PLACES),
        tuple(replace(one, breakdown="level=95", low=0.0, high=15.0) for one in OF_PLACES[:2]),
        highlight="LT",
    ),
    "Heatmap": charts.Heatmap(OF_PLACES_AND_YEARS, rows="geo", columns="time"),
    "Lines": charts.Lines(OF_PLACES_AND_YEARS, "geo"),
    "Months": charts.Months(at(*({"breakdown": f"month={month:02d}"} for month in range(1, 13)))),
    "Multiples": charts.Multiples((*YEARS, *(replace(one, indicator="immigration") for one in YEARS))),
    "Paired": charts.Paired(
        at(*({"breakdown": f"citizen={code}", "geo": geo} for code in CITIZENS for geo in ("LT", "LV"))), "citizen"
    ),
    "PairedColumns": charts.PairedColumns(OF_PLACES_AND_YEARS, "geo"),
    "Panels": charts.Panels(OF_PLACES_AND_YEARS, "LT"),
    "Pyramid": charts.Pyramid(
        at(*({"breakdown": f"age={age};sex={sex}"} for age in ("Y_LT14", "Y18-34") for sex in "MF"))
    ),
    "Ranking": charts.Ranking(OF_PLACES, "LT", union=replace(NUMBER, geo="EU27_2020", value=12.0)),
    "Residuals": charts.Residuals(
        OF_CITIZENS, tuple(replace(one, indicator="immigration") for one in OF_CITIZENS), "citizen", highlight="UA"
    ),
    "Stacked": charts.Stacked(at(*({"breakdown": f"citizen={code}"} for code in CITIZENS)), "citizen"),
    "Tiles": charts.Tiles(tuple(replace(one, unit="%", indicator="completeness_of_year_pct") for one in YEARS)),
}

STATED = sentence(
    "{country}: {n} after {before} in {year}, {names} <&>",
    {"country": Place("geo", "LT"), "n": NUMBER, "before": BEFORE, "year": Period("2021"),
     "names": Labels.of_indicators("net_migration", "immigration")},
)  # fmt: skip
LACKING = said("absent", MISSING)
GAP = Gap((("Asylum applicants – annual", "migr_asyappctza"),), ("workbench fetch migr_asyappctza",), is_empty=False)
WHOLE = Gap((), (), is_empty=False)
LINE = (("Eurostat", "migr_asyappctza", "2024-01-18"),)
SOURCE = Source(
    "estat", "migr_asyappctza", "2024-01-18", "0" * 64, "Eurostat", "A title", "CC BY 4.0", None, "https://x.eu/"
)
RECORD = Record(
    "made_up",
    "A title",
    "A summary",
    "asylum",
    "LT",
    2022,
    {"neighbours": ("LV", "EE"), "by": None},
    (SOURCE,),
    (),
    (),
    (),
)
NOTES = DatasetNotes(
    "migr_asyappctza", "A definition", 5, ("A note",), (VintageNotes("2024-01-18", "by hand", ("A caveat",), "ages"),)
)
BLOCKS = {
    "Findings": blocks.Findings(
        (blocks.Finding(STATED, NUMBER, YEARS, because=said("Because.")), blocks.Finding(said("told"), None)),
        (MISSING,),
    ),
    "Paragraph": blocks.Paragraph((STATED, LACKING)),
    "Heading": blocks.Heading(STATED, "asylum_decisions", is_link=True),
    "RelatedStudies": blocks.RelatedStudies((("asylum_decisions", "A title", "A summary"),)),
    "Figure": Figure("a", 1, CHARTS["Columns"], STATED, said("measured"), LINE, GAP),
    "Figure with table and map": Figure(
        "c",
        2,
        CHARTS["Ranking"],
        STATED,
        said("measured"),
        LINE,
        WHOLE,
        "LT",
        table=blocks.Tabular(OF_PLACES_AND_YEARS, "geo", "time"),
        map=CHARTS["EuropeMap"],
    ),
    "Table": blocks.Table("b", 2, YEARS, "time", "indicator", STATED, LINE, "LT", GAP),
    "Comparability": blocks.Comparability((NOTES,), (MISSING, replace(NUMBER, flags="b")), 12),
    "Definitions": blocks.Definitions(("asylum_applicants", "net_migration")),
    "Sources": blocks.Sources((SOURCE, replace(SOURCE, url="https://x.eu/y"))),
    "Provenance": blocks.Provenance(RECORD, 1234),
}
BLOCKS["Blocks"] = blocks.Blocks((BLOCKS["Paragraph"], blocks.Blocks((BLOCKS["Table"], BLOCKS["Figure"]))))


def figure_of(chart) -> Figure:
    return Figure("made-up", 3, chart, STATED, said("measured"), LINE, WHOLE)


ALL = BLOCKS | {f"Figure of {name}": figure_of(chart) for name, chart in CHARTS.items()}


def read_back(block: blocks.Block) -> blocks.Block:
    """Described, written and read as the notebook of a run is."""
    return block_of(json.loads(json.dumps(described(block), allow_nan=False)))


def test_each_kind_of_block_and_each_chart_is_here():
    kinds = {
        kind.__name__ for kind in vars(blocks).values() if isinstance(kind, type) and issubclass(kind, blocks.Block)
    }
    assert {type(block).__name__ for block in BLOCKS.values()} == kinds - {"Block"} | {"Figure"}
    assert CHARTS.keys() == set(charts.__all__)
    assert all(type(block).__name__ == name.split()[0] for name, block in (BLOCKS | CHARTS).items())


@pytest.mark.parametrize("name", ALL)
def test_a_block_is_read_back_as_it_was_and_worded_the_same(name):
    block = ALL[name]
    again = read_back(block)
    assert repr(again) == repr(block) and digest_of(described(again)) == digest_of(described(block))
    for wording in WORDINGS.values():
        html = block.html(wording)
        assert html and again.html(wording) == html
    assert block.html(EN) != block.html(LT)
    assert repr(again.sentences) == repr(block.sentences) and repr(again.exhibit) == repr(block.exhibit)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_without_one_of_its_fields_is_none(name):
    said = described(BLOCKS[name])
    for field in fields(BLOCKS[name]):
        lacking = {part: value for part, value in said["described"].items() if part != field.name}
        assert lacking.keys() < said["described"].keys(), "every field is described"
        if field.default is MISSING_DEFAULT:
            with pytest.raises(UnknownDescription):
                block_of({**said, "described": lacking})


def test_what_another_version_described_is_refused():
    for described_elsewhere in (
        {"results": [], "described": {"type": "Hologram", "parts": []}},
        {"results": [], "described": {"type": "Definitions", "indicators": [], "more": 1}},
    ):
        with pytest.raises(UnknownDescription, match="another version"):
            block_of(described_elsewhere)


def test_a_digest_is_of_all_that_a_block_shows_and_of_nothing_else():
    table = BLOCKS["Table"]
    others = [
        replace(table, name="c"),
        replace(table, results=YEARS[::-1]),
        replace(table, results=(*YEARS[:2], replace(NUMBER, value=1030.0))),
        replace(table, title=replace(STATED, message=STATED.message + "!")),
        replace(table, gap=WHOLE),
    ]
    digests = {digest_of(described(one)) for one in (table, *others)}
    assert len(digests) == 1 + len(others)
    assert digest_of(described(replace(table, results=tuple(map(replace, YEARS))))) == digest_of(described(table))


NUMBERS = st.sampled_from(YEARS) | st.floats(0.5, 1e7).map(
    lambda value: replace(NUMBER, value=value, low=value / 2, high=value * 2)
)
TEXTS = st.lists(st.sampled_from(["<b>", "&", '"', "'", "ė", "A"]), min_size=1, max_size=6).map("".join)
SENTENCES = st.builds(
    lambda text, numbers: Sentence(
        "".join([text, *(f" {{n{place}}}" for place in range(len(numbers)))]),
        {f"n{place}": number for place, number in enumerate(numbers)},
    ),
    TEXTS,
    st.lists(NUMBERS, max_size=3),
)
PARAGRAPHS = st.builds(blocks.Paragraph, st.lists(SENTENCES, max_size=3).map(tuple))
HEADINGS = st.builds(blocks.Heading, SENTENCES, TEXTS, st.booleans())
MADE = st.builds(blocks.Finding, SENTENCES, st.none() | NUMBERS, st.lists(NUMBERS, max_size=3).map(tuple), SENTENCES)
FINDINGS = st.builds(blocks.Findings, st.lists(MADE, max_size=2).map(tuple), st.lists(NUMBERS, max_size=2).map(tuple))
SINGLE = PARAGRAPHS | HEADINGS | FINDINGS
ANY = SINGLE | st.builds(blocks.Blocks, st.lists(SINGLE, max_size=3).map(tuple))


@given(ANY)
@settings(max_examples=40)
def test_whatever_a_block_says_is_read_back_worded_the_same_and_escaped(block):
    again = read_back(block)
    assert repr(again) == repr(block)
    for wording in WORDINGS.values():
        html = block.html(wording)
        assert again.html(wording) == html
        assert "<b>" not in html


def test_blocks_in_one_cell_are_each_a_block_by_itself():
    together = BLOCKS["Blocks"]
    assert parts_of(together) == (BLOCKS["Paragraph"], BLOCKS["Table"], BLOCKS["Figure"])
    assert together.html(LT) == "\n".join(part.html(LT) for part in parts_of(together))
    assert parts_of(BLOCKS["Table"]) == (BLOCKS["Table"],)


def test_a_figure_whose_headline_lacks_its_number_has_what_is_measured_as_its_title():
    lacking = replace(BLOCKS["Figure"], title=LACKING)
    assert lacking.exhibit.title == lacking.subtitle and "absent" not in lacking.html(EN)
    assert BLOCKS["Figure"].exhibit.title == STATED and "<svg" in BLOCKS["Figure"].html(EN)


def test_the_table_behind_a_figure_may_hold_more_than_is_drawn():
    figure = BLOCKS["Figure with table and map"]
    assert figure.exhibit.results == OF_PLACES_AND_YEARS and figure.exhibit.columns == "time"
    html = figure.html(EN)
    # For a wide page, for a narrow one, and the map.
    assert html.count("<svg") == 3 and html.count("<td") == len(OF_PLACES_AND_YEARS)


def test_a_figure_has_one_text_alternative_for_all_that_it_draws_of_a_chart():
    html = BLOCKS["Figure"].html(EN)
    assert html.count("<svg") == 2 and html.count("aria-label=") == html.count('role="img"') == 1


def test_a_mark_of_a_figure_leads_to_its_number_in_the_table():
    figure = BLOCKS["Figure with table and map"]
    html = figure.html(EN)
    cells = re.findall(r'<td><a class="number"[^>]* data-result="([^"]*)"', html)
    told = [re.findall(r"(\d+),(\d+),(\d+)", marks) for marks in re.findall(r'data-marks="([^"]*)"', html)]
    shown = ["|".join(result.key) for result in figure.chart.results if result.is_available]
    for marks in told[:2]:
        assert sorted(cells[int(place)] for *_, place in marks) == sorted(shown)


def test_a_figure_without_values_is_not_shown_and_told_as_missing():
    nothing = replace(NUMBER, value=math.nan, low=math.nan, high=math.nan, flags="x", vintage=NO_VINTAGE)
    empty = replace(BLOCKS["Figure"], number=0, chart=charts.Columns((nothing,)), gap=replace(GAP, is_empty=True))
    (gap,) = read_back(empty).gaps(EN)
    assert read_back(empty).html(EN) == "" and gap.what == "measured" and empty.exhibit.lacks == GAP.commands
    assert "No data" in gap.why and "<code>workbench fetch migr_asyappctza</code>" in gap.why
    withheld = replace(empty, gap=WHOLE, chart=charts.Columns((replace(nothing, flags="u"),)))
    (gap,) = withheld.gaps(EN)
    assert "[u]" in gap.why and "workbench fetch" not in gap.why


def test_a_table_that_lacks_a_dataset_is_shown_and_says_elsewhere_what_it_lacks():
    table = BLOCKS["Table"]
    (gap,) = table.gaps(EN)
    assert "workbench" not in table.html(EN) and "Incomplete" in gap.why and "workbench fetch" in gap.why
    assert replace(table, gap=WHOLE).gaps(EN) == () and replace(table, number=0).html(EN) == ""


def test_a_sentence_without_its_number_is_left_out_and_the_number_is_told_as_missing():
    paragraph = blocks.Paragraph((STATED, LACKING, LACKING))
    (gap,) = paragraph.gaps(EN)
    assert paragraph.html(EN) == blocks.Paragraph((STATED,)).html(EN)
    assert gap.what.startswith("Asylum applicants (Lithuania, ") and "[x]" in gap.why
    assert blocks.Paragraph((LACKING,)).html(EN) == "" and blocks.Paragraph((STATED,)).gaps(EN) == ()


def test_a_heading_leads_to_the_page_in_the_readers_language():
    heading = BLOCKS["Heading"]
    assert 'href="asylum_decisions.en.html"' in heading.html(EN) and 'href="asylum_decisions.lt.html"' in heading.html(
        LT
    )
    assert 'href="asylum' not in replace(heading, is_link=False).html(EN)


def test_what_cannot_be_worded_is_refused_when_it_is_worded():
    hard_coded = blocks.Paragraph((Sentence("There were 1,025.", {}),))
    with pytest.raises(UnboundNumber, match="hard-coded"):
        read_back(hard_coded).html(EN)


def test_the_map_is_of_countries_of_the_union_by_code():
    every = charts.EuropeMap(tuple(replace(NUMBER, geo=code) for code in members("EU27_2020", 2022)), "LT")
    assert read_back(figure_of(every)) == figure_of(every)
