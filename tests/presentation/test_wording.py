"""The words: numbers, dates, plural and case in both languages; no figure without a result; complete catalogues."""

import datetime
import math
import re
from dataclasses import replace

import pytest
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from both_languages import EN, LT, said
from conftest import ROOT, copy_project
from workbench.declarations.codelists import every_code
from workbench.model.errors import InconsistentResult, UnboundNumber, WorkbenchError
from workbench.model.paths import Project
from workbench.model.sentence import Labels, Name, Period, Place
from workbench.model.types import Result
from workbench.presentation import messages
from workbench.presentation.markdown import translated_markdown
from workbench.presentation.sentences import in_english, sentence, worded
from workbench.presentation.tables import legend_html, table_html
from workbench.presentation.wording import (
    leaves_open,
    one_full_stop,
    translations,
    with_full_stop,
    without_sign,
)

NBSP = "\N{NO-BREAK SPACE}"


def result(value, unit="persons", flags="") -> Result:
    """A made-up result."""
    return Result(
        "asylum_applicants", "LT", "", "2022", value, value, value, unit, flags, "migr_asyappctza", "2024-01-18"
    )


def test_numbers_as_each_language_writes_them():
    assert (EN.number(1234567), LT.number(1234567)) == ("1,234,567", f"1{NBSP}234{NBSP}567")
    assert (EN.value(result(74.04, "%")), LT.value(result(74.04, "%"))) == ("74.0%", f"74,0{NBSP}%")
    assert EN.number(-3.25, "%") == "−3.2" and EN.number(-0.01, "%") == "0.0"


# What is known of a number

COMPUTED = {
    "%": 1,
    "percentage points": 1,
    "per million inhabitants": 0,
    "per thousand inhabitants": 1,
    "per hundred orders": 1,
    "0–1": 3,
}


def known(value, low, high, unit="%") -> Result:
    return replace(result(value, unit), low=low, high=high)


@pytest.mark.parametrize(
    ("number", "english", "lithuanian"),
    [
        (known(26.2, 11.3, 50), "11–50%", "11–50_%"),
        (known(41.5, 39.6, 43.4), "39–44%", "39–44_%"),
        (known(-73.98, -74.06, -73.9), "−74%", "−74_%"),
        (known(-73.98, -75.06, -72.9), "−76_–_−72%", "−76_–_−72_%"),
        (known(65.02, 65.0, 65.04), "65.0%", "65,0_%"),
        (known(365.29, 364.4, 366.2, "per million inhabitants"), "364–367", "364–367"),
        (known(1150.8, 1128.2, 1174.9), "1,128–1,175%", "1_128–1_175_%"),
        (known(0.21, 0.204, 0.217, "0–1"), "0.20–0.22", "0,20–0,22"),
        (known(0.2096, 0.2091, 0.2121, "0–1"), "0.21", "0,21"),
        (known(0.03, 0.02, 0.04), "<0.1%", "<0,1_%"),
        (known(0.03, 0.0, 0.3), "<1%", "<1_%"),
        (known(-0.03, -0.04, -0.02), ">−0.1%", ">−0,1_%"),
        (known(0.0, 0.0, 0.0), "0.0%", "0,0_%"),
        (known(5.0, 2.0, math.inf), "2–∞%", "2–∞_%"),
        (known(-2.1, -2.2, -2.0, "percentage points"), "−2.1_pp", "−2,1_proc. p."),
        (known(-2.1, -2.3, -1.9, "percentage points"), "−2_pp", "−2_proc. p."),
        (known(21, 20, 22, "rank"), "20–22", "20–22"),
        (known(1025, 1022.5, 1027.5, "persons"), "1,025", "1_025"),
    ],
)
def test_a_number_has_the_digits_that_are_known_or_is_an_interval(number, english, lithuanian):
    assert [EN.value(number), LT.value(number)] == [english.replace("_", NBSP), lithuanian.replace("_", NBSP)]


@given(st.sampled_from(sorted(COMPUTED)), st.lists(st.floats(-2000, 2000), min_size=3, max_size=3).map(sorted))
def test_no_digit_is_shown_that_rounding_leaves_open_and_no_interval_leaves_the_truth_out(unit, three):
    low, value, high = three
    shown = EN.bare_value(known(value, low, high, unit))
    ends = [float(end.replace("−", "-").replace(",", "")) for end in re.findall(r"−?[\d,]+(?:\.\d+)?", shown)]
    step = 10.0 ** -len((re.findall(r"\.(\d+)", shown) or [""])[0])
    assert len(ends) == 1 or (len(ends) == 2 and ends[0] < ends[1])
    if len(ends) == 2:
        assert ends[0] <= low + 1e-6 and high - 1e-6 <= ends[1] and high - low > step - 1e-9
        assert low - ends[0] < step + 1e-6 and ends[1] - high < step + 1e-6, "no wider than it must be"
    elif shown.startswith("<"):
        assert 0 < value < step
    elif shown.startswith(">"):
        assert -step < value < 0
    else:
        # The last decimal of a difference is as open as those of both its terms.
        most = 2 if unit == "percentage points" and step < 1 else 1
        assert high - low <= most * step + 1e-9 and abs(ends[0] - value) <= step / 2 + 1e-6


def test_what_rounding_leaves_open_is_told_only_where_it_leaves_anything_open():
    assert not leaves_open(known(65.02, 65.0, 65.04)) and EN.interval(known(65.02, 65.0, 65.04)) == ""
    assert leaves_open(known(41.5, 39.6, 43.4)) and EN.interval(known(41.5, 39.6, 43.4)) == "39.6–43.4%"
    assert EN.interval(known(1025, 1022.5, 1027.5, "persons")) == "1,022.5–1,027.5"
    assert EN.interval(known(735, 725, 745, "persons")) == "725–745"
    assert said(EN, "within {rate:interval}", {"rate": known(65.02, 65.0, 65.04)}).text == "within 65.0%"
    assert not leaves_open(result(math.nan)) and not leaves_open(known(21, 21, 21, "rank"))


def test_a_size_is_told_with_the_interval_of_the_size():
    assert EN.value(without_sign(known(-73.98, -75.06, -72.9))) == "72–76%"
    assert EN.value(without_sign(known(-1.0, -3.4, 2.2))) == "0–4%"


def test_all_digits_of_a_number_are_where_its_definition_is_linked():
    html = said(EN, "{n:rounded} or {rate}", {"n": result(2810761), "rate": known(41.5, 39.6, 43.4)}).html
    assert (
        'title="2,810,761\n' in html
        and 'title="41.5%\n' in html
        and "Interval that rounding allows: 39.6–43.4%" in html
    )
    in_cell = table_html(EN, [known(65.02, 65.0, 65.04)], "time", "indicator", "")
    assert ">65.0</a>" in in_cell and 'title="65.0' not in in_cell, "not said again where all is shown"


@pytest.mark.parametrize(
    ("number", "english"),
    [(known(21, 21, 21, "rank"), "21st"), (known(21, 20, 22, "rank"), "20th to 22nd"), (known(12, 11, 13, "rank"), "11th to 13th"),
     (known(3, 3, 23, "rank"), "3rd to 23rd"), (result(math.nan, "rank", "z"), "[z]")],
)  # fmt: skip
def test_a_rank_in_words(number, english):
    assert said(EN, "ranked {rank:ordinal}", {"rank": number}).text == f"ranked {english}"
    assert said(LT, "užėmė {rank:ordinal} vietą", {"rank": number}).text == f"užėmė {LT.value(number)} vietą"


@pytest.mark.parametrize(
    ("value", "english", "lithuanian"),
    [(2810761, "2.81_million", "2,81_mln."), (640123, "640_thousand", "640_tūkst."), (65110, "65.1_thousand", "65,1_tūkst."),
     (999950, "1_million", "1_mln."), (4063, "4,063", "4_063"), (-72097, "−72.1_thousand", "−72,1_tūkst.")],
)  # fmt: skip
def test_a_large_count_in_thousands_and_millions(value, english, lithuanian):
    told = [said(wording, "{n:rounded}", {"n": result(value)}).text for wording in (EN, LT)]
    assert told == [english.replace("_", NBSP), lithuanian.replace("_", NBSP)]


# Tables


def test_periods_stand_in_their_order_and_places_as_they_come():
    years = ["2020", "2022", "2011"]
    results = [replace(result(1), time=year, geo=geo) for geo in ("LT", "EE") for year in years]
    table = table_html(EN, results, "time", "geo", "")
    assert re.findall(r'<th scope="row"[^>]*>(\d+)', table) == sorted(years)
    assert table.index("Lithuania") < table.index("Estonia")


def test_a_row_of_several_names_leaves_out_what_is_not_broken_down():
    results = [replace(result(1), geo="EE"), replace(result(2), geo="EE", breakdown="citizen=UA")]
    table = table_html(EN, results, "geo+citizen", "indicator", "")
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)', table) == ["Estonia", "Estonia, Ukraine"]
    assert '<th scope="row">Total</th>' in table_html(EN, results[:1], "citizen+sex", "indicator", "")


def test_two_numbers_for_one_cell_are_refused():
    two = [result(1), replace(result(2), vintage="2025-01-18")]
    with pytest.raises(InconsistentResult, match=r"(?s)one number over another.*2022, asylum_applicants.*2025-01-18"):
        table_html(EN, two, "time", "indicator", "")
    assert table_html(EN, two, "time", "dataset", "").count("<td>") == 2


def test_a_missing_number_has_only_the_flags_that_say_why():
    missing, there = result(math.nan, flags="bx"), result(1.0, flags="be")
    assert [EN.value(missing), EN.value(result(math.nan, flags="bp")), EN.flagged_value(there)] == [
        "[x]",
        "[x]",
        f"1{NBSP}[b]{NBSP}[e]",
    ]
    assert "[b]" not in legend_html(EN, [missing]) and "[x] not available" in legend_html(EN, [missing])
    assert EN.value(result(math.nan, flags="bl")) == "[l]" and "carried over" in legend_html(
        EN, [result(math.nan, flags="l")]
    )


# Titles


def test_a_sentence_begins_with_a_capital_and_a_code_stays_as_it_is():
    kingdom = Place("geo", "UK")
    assert said(EN, "{place} received {n}", {"place": kingdom, "n": result(2)}).text == "The United Kingdom received 2"
    assert said(EN, "“{place}” and {place}", {"place": kingdom}).html == "“The United Kingdom” and the United Kingdom"
    assert said(EN, "{dataset} has it", {"dataset": Name("migr_asyappctza")}).text == "migr_asyappctza has it"


def test_a_title_loses_its_full_stop_and_keeps_that_of_an_abbreviation():
    year, month = {"time": Period("2021")}, {"time": Period("2021-03")}
    assert said(EN, "Fewer than in {time}.", year).plain_headline == "Fewer than in 2021"
    assert said(LT, "Mažiau negu {time} m.", year).plain_headline == "Mažiau negu 2021 m."
    assert said(LT, "Mažiau negu anksčiau.", year).headline == "Mažiau negu anksčiau"
    assert said(LT, "Tai {time}.", month).text == "Tai 2021 m. kovo mėn."
    assert said(LT, "Tai {time}. Taip.", month).text == "Tai 2021 m. kovo mėn. Taip."


def test_titles_read_out_end_in_one_full_stop():
    assert [with_full_stop("Iki 2021 m."), with_full_stop("To 2021")] == ["Iki 2021 m.", "To 2021."]
    assert one_full_stop("iki 2021 m.. Toliau...") == "iki 2021 m. Toliau..."


def test_a_number_in_a_name_does_not_break_at_the_end_of_a_line():
    assert EN.unit("per 100 000 inhabitants") == f"per 100{NBSP}000 inhabitants"
    assert LT.unit("per thousand inhabitants") == "tūkstančiui gyventojų"


def test_dates_as_each_language_writes_them():
    day = datetime.date(2024, 5, 7)
    assert (EN.date(day), LT.date(day)) == ("7 May 2024", "2024 m. gegužės 7 d.")
    assert (EN.period("2021-Q4"), LT.period("2021-Q4")) == ("Q4 2021", "2021 m. IV ketv.")


@pytest.mark.parametrize(
    ("count", "noun"), [(1, "asmuo"), (21, "asmuo"), (22, "asmenys"), (11, "asmenų"), (20, "asmenų"), (905, "asmenys")]
)
def test_lithuanian_plurals(count, noun):
    forms = (
        "In {year}, {count} person applied for asylum in {country:locative} for the first time.",
        "In {year}, {count} persons applied for asylum in {country:locative} for the first time.",
    )
    assert f" {noun}." in LT.plural(*forms, count)


def test_a_place_bends():
    country = {"country": Place("geo", "NL"), "origin": Place("citizen", "GE"), "year": Period("2022")}
    assert said(LT, "atvyko į {country:accusative}", country).text == "atvyko į Nyderlandus"
    assert said(EN, "In {country:locative}, {year}", country).text == "In the Netherlands, 2022"
    assert said(LT, "{country:locative}, {origin:genitive}", country).text == "Nyderlanduose, Sakartvelo"


def test_every_number_in_a_sentence_is_a_result_that_can_be_followed():
    stated = sentence("There were {applicants}.", {"applicants": result(1025)})
    html = worded(EN, stated).html
    assert stated.results == (result(1025),)
    assert 'data-result="asylum_applicants|LT||2022|migr_asyappctza|2024-01-18"' in html
    assert "migr_asyappctza" in html and ">1,025</a>" in html


def test_a_sentence_states_the_same_numbers_and_periods_in_every_language():
    """In the order of the English text, whatever the order of the words is elsewhere; what its message does not name, it does
    not bind."""
    bound = {
        "n": result(5),
        "m": result(7),
        "year": Period("2022"),
        "before": Period("2021"),
        "eu": Place("geo", "EU27_2020"),
    }
    stated = sentence("{m} in {year}, after {n} in {before}", bound)
    assert stated.results == (result(7), result(5)) and stated.periods == ("2022", "2021")
    assert stated.bound.keys() == {"n", "m", "year", "before"}
    assert str(stated) == stated.message


def test_an_error_says_a_sentence_in_english_with_its_numbers_to_the_last_person():
    bound = {
        "n": result(2_810_761), "rate": result(26.25, "%"), "gone": result(math.nan), "eu": Place("geo", "EU27_2020"),
        "year": Period("2022"), "names": Labels.of_indicators("net_migration", "immigration"), "name": Name("demo_gind"),
    }  # fmt: skip
    said_in_error = in_english(sentence("{n}, {rate:abs}, {gone} of {eu} in {year}: {names} ({name}).", bound))
    assert said_in_error == "2810761, 26.25, nan of EU27_2020 in 2022: net_migration; immigration (demo_gind)."


def test_a_plural_is_chosen_by_the_count_of_each_language():
    forms = (
        "In {year}, {count} person applied for asylum in {country:locative} for the first time.",
        "In {year}, {count} persons applied for asylum in {country:locative} for the first time.",
    )
    bound = {"year": Period("2022"), "country": Place("geo", "LT")}
    said_of = {count: sentence(forms[0], bound | {"count": result(count)}, forms[1]) for count in (1, 21, 22)}
    assert [worded(EN, one).text[:18] for one in said_of.values()] == [
        "In 2022, 1 person ",
        "In 2022, 21 person",
        "In 2022, 22 person",
    ]
    assert [" person " in worded(EN, one).text for one in said_of.values()] == [True, False, False]
    nouns = {count: re.search(r"(asm\w+)\.", worded(LT, one).text)[1] for count, one in said_of.items()}
    assert nouns == {1: "asmuo", 21: "asmuo", 22: "asmenys"}


@pytest.mark.parametrize(
    ("labels", "english", "lithuanian"),
    [
        (Labels((("citizen", "UA"), ("citizen", "BY"))), "Ukraine; Belarus", "Ukraina; Baltarusija"),
        (Labels.of_indicators("net_migration", "net_migration"), "Net migration", "Neto migracija"),
        (Labels.of_result(replace(result(1), breakdown="citizen=UA;sex=F")), "Asylum applicants, Ukraine, Women",
         "Prieglobsčio prašytojai, Ukraina, Moterys"),
    ],
)  # fmt: skip
def test_labels_stand_one_after_the_other_in_each_language(labels, english, lithuanian):
    stated = sentence("Not available for any of these years: {names}.", {"names": labels})
    assert not stated.results and stated.is_complete
    assert worded(EN, stated).text.endswith(f": {english}.")
    assert worded(LT, stated).text.endswith(f": {lithuanian}.")
    assert worded(EN, stated).text != worded(LT, stated).text
    with pytest.raises(WorkbenchError, match="no form 'genitive'"):
        sentence("{names:genitive}", {"names": labels})


def test_markup_in_labels_is_text():
    assert "<" not in said(EN, "{names}", {"names": Labels((("sex", "F"), ("sex", "M")), "<")}).html


@pytest.mark.parametrize("template", ["There were 1,025.", "About 5 in {eu}", "EU-28 and {n}"])
def test_a_hard_coded_number_is_refused(template):
    with pytest.raises(UnboundNumber, match="hard-coded"):
        sentence(template, {"n": result(1), "eu": Place("geo", "EU27_2020")})


@pytest.mark.parametrize("template", ["½ of all", "UE-27 and ⅓"])
def test_a_hard_coded_fraction_is_refused_too(template):
    with pytest.raises(UnboundNumber, match="hard-coded"):
        sentence(template, {})


@pytest.mark.parametrize(
    ("translation", "message"),
    [("Buvo 1 025.", "hard-coded"), ("Buvo {kita}.", "stands for nothing"), ("Buvo {n:genitive}.", "no form")],
)
def test_what_a_message_must_not_have_its_translation_must_not_have_either(monkeypatch, translation, message):
    stated = sentence("There were {n}.", {"n": result(1025)})
    monkeypatch.setattr(LT, "text", lambda message: translation)
    with pytest.raises(WorkbenchError, match=message) as refused:
        worded(LT, stated)
    assert translation in str(refused.value.where)


def test_a_name_that_nothing_is_bound_to_is_refused():
    with pytest.raises(UnboundNumber, match="stands for nothing") as refused:
        sentence("There were {n}.", {"m": result(1)})
    assert refused.value.where == "There were {n}." and refused.value.expected == "m"


def test_the_union_may_be_named_in_each_of_its_languages():
    for name in ("EU-27", "ES-27", "UE-27", "ΕΕ-27", "ЕС\N{NON-BREAKING HYPHEN}27"):
        assert said(EN, f"Elsewhere in the {name}", {}).text.endswith(name)


@pytest.mark.parametrize(
    ("template", "form"),
    [("{country:locativ}", "locativ"), ("{country:abs}", "abs"), ("{n:genitive}", "genitive"), ("{year:abs}", "abs")],
)
def test_an_unknown_form_is_refused(template, form):
    bound = {"country": Place("geo", "NL"), "n": result(1), "year": Period("2022")}
    with pytest.raises(WorkbenchError, match=f"no form '{form}'") as refused:
        sentence(template, bound)
    assert refused.value.where == template and "locative" in refused.value.expected


@pytest.mark.parametrize("bare", [1025, 10.5, "1025"])
def test_a_bare_number_is_refused(bare):
    with pytest.raises(UnboundNumber):
        sentence("There were {n}.", {"n": bare})


def test_a_missing_number_says_why():
    assert EN.value(result(math.nan, flags="x")) == "[x]"
    assert not sentence("{n}", {"n": result(math.nan, flags="u")}).is_complete


def test_markup_in_a_label_is_text():
    assert "<script>" not in said(EN, "<script>{n}</script>", {"n": result(1)}).html


def test_markdown_is_translated_block_by_block():
    source = "## Key findings\n\nThe ten citizenships with the most applicants in the reference year,\nand all others together."
    assert translated_markdown(translations("lt"), source).startswith("## Pagrindinės išvados\n\nDešimt pilietybių")


def test_the_catalogues_are_complete_and_hold_nothing_stale():
    assert messages.check(Project(ROOT)) == []


# What a reader of Lithuanian must not meet, and what stands for it: one term for each thing.
TERMS = {
    r"[Tt]rečioji šalis duomen|trečiosios šalies duomen": "tarpininkas: a third country is another thing than a third party",
    r"[Uu]žantspaud": "užfiksuota ir suarchyvuota",
    r"\b[Tt]yrim(as|o|ą|e|ai|ų|us|uose)\b": "studija",
    r"\b[Ll]aid(a|os|ą|oje|ų|oms|as|ose)\b": "redakcija",
    r"(?<!kontrolės )perėjimo punkt": "pasienio kontrolės punktas",
    r"JT pabėgėlių|Jungtinių Tautų vyriaus": "UNHCR",
    r"FRONTEX|„Frontex“": "Frontex",
    r"[Tt]eigiamų sprendimų dal": "pripažinimo rodiklis",
    r"[Mm]etams bėgant|per metų eilę": "kaita",
    r"apgręž": "neįleista neteisėtai mėginusių patekti",
    r"\b[1-4] ketv|Q 'ketv": "I ketv., II ketv.",
    r"ataskaitinių metų (pakeitė|teikiam)": "nuo … m.",
    r"– \{(net|rest|change|less)\w*\}": "a colon: a dash before a minus reads as two",
    r"(?<!\.)\.\.(?!\.)": "one full stop",
}


@pytest.mark.parametrize("forbidden", TERMS)
def test_lithuanian_has_one_term_for_each_thing(forbidden):
    found = [form for form in lithuanian() if re.search(forbidden, form)]
    assert not found, f"write: {TERMS[forbidden]}"


def lithuanian() -> list[str]:
    """Every text of the Lithuanian catalogue, and every Lithuanian label of the code lists."""
    texts = [form for message in messages._read("lt") if message.id for form in
             ([message.string] if isinstance(message.string, str) else message.string)]  # fmt: skip
    return texts + [code.label("lt") for _, code in every_code()]


def test_an_untranslated_message_is_noticed(tmp_path):
    project = copy_project(tmp_path / "project")
    notebook = project.notebook("asylum_applications")
    notebook.write_text(notebook.read_text().replace("## How many apply for asylum", "## Applicants of note"))
    problems = messages.check(project)
    assert any("untranslated: 'Applicants of note'" in problem for problem in problems)
    assert any("stale: 'How many apply for asylum'" in problem for problem in problems)


@pytest.mark.parametrize("language", ["en", "lt"])
@given(st.one_of(st.floats(-1e9, 1e9), st.integers(-(10**6), 10**6)), st.integers(0, 3))
@settings(max_examples=60)
def test_a_remembered_number_is_that_of_babel(language, value, places):
    wording = {"en": EN, "lt": LT}[language]
    pattern = "#,##0" + ("." + "0" * places if places else "")
    expected = format_decimal(abs(value), format=pattern, locale=language)
    assert [wording.number(value, decimals=places).lstrip("\N{MINUS SIGN}") for _ in range(2)] == [expected] * 2


def test_a_period_with_little_room_is_no_code():
    assert [EN.short_period(time) for time in ("2022", "2022-Q2", "2022-03")] == ["2022", "Q2 2022", "Mar 2022"]
    assert [LT.short_period(time) for time in ("2022", "2022-Q2", "2022-03")] == [
        "2022",
        "2022 m. II ketv.",
        "2022 m. kov.",
    ]
    assert [EN.level("95"), EN.level("99.8"), LT.level("99.8")] == ["95", "99.8", "99,8"]


@pytest.mark.parametrize(
    ("words", "month", "quarter"), [(EN, "March 2022", "Q4 2022"), (LT, "2022 m. kovas", "2022 m. IV ketv.")]
)
def test_rows_of_a_table_name_months_and_quarters_as_a_reader_does(words, month, quarter):
    results = [replace(result(1), time=time) for time in ("2022-03", "2022-Q4")]
    table = table_html(words, results, "time", "geo", "A table")
    assert re.findall(r'<th scope="row"[^>]*>([^<]*)', table) == [month, quarter]
