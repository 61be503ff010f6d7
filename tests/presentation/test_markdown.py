"""Prose of notebooks: each paragraph translated, and no number hard-coded in it in any language."""

import json
from gettext import NullTranslations

import pytest

from conftest import ROOT
from workbench.model.errors import UnboundNumber
from workbench.presentation.hard_coded_numbers import refuse_hard_coded_numbers_in_prose
from workbench.presentation.markdown import messages, translated_markdown
from workbench.presentation.wording import languages, translations

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

MAY_STAND = [
    "Divided by the population on 1 January of the same year, countries can be compared.",
    "From 24 February 2022 to 31 December 2023.",
    "In 2022, as in 2015–2016 and 2019-2020, and in the 1990s; the 1951 Convention.",
    "Downloaded on 2024-01-18.",
    "Regulation (EU) 2020/851 amends Regulation (EC) No 862/2007.",
    "Directive 2011/95/EU, Article 4 and Article 78(2), Articles 4 and 5, Art. 4(1)(a), and Directive 2003/9/EC.",
    "The EU-27, the EU\N{NON-BREAKING HYPHEN}27, the EU28 and the EU-15; COVID-19.",
    "Age group `Y14-17` of ``migr_asyappctza`2`` in [the data](https://example.org/v1.0/data?since=2008).",
    "See <https://example.org/2008/1025> and https://example.org/10.1000/182.",
    "1. First of all",
    "Dalijama iš gyventojų skaičiaus tų pačių metų sausio 1 d., todėl šalis galima lyginti.",
    "Nuo 2022 m. vasario 24 d. iki 2023 m. gruodžio 31 d.; Gegužės 7 d.; 2015–2016 m.",
    "Reglamentu (ES) 2020/851 iš dalies keičiamas Reglamentas (EB) Nr. 862/2007; Direktyva 2011/95/ES.",
    "Pagal 4 straipsnio 1 dalį, 4 straipsnį, 4 ir 5 straipsnius bei 12 str. 3 d.; įstatymas Nr. IX-2206.",
    "ES-27, ES28",
    "",
]
REFUSED = [
    ("In all, 1,025 persons applied.", "1,025"),
    ("In all 1025 persons applied.", "1025"),
    ("They were 74 % of all.", "74 %"),
    ("They were 74% of all.", "74%"),
    ("About 3.9 thousand", "3.9"),
    ("25 per cent", "25"),
    ("In May 25 per cent more", "25"),
    ("May 25 persons", "25"),
    ("In 2022 3,915 persons", "3,915"),
    ("There were 2,022 of them", "2,022"),
    ("There were 12 2022", "12 2022"),
    ("Some 2022.5 or 2022 %", "2022.5"),
    ("It cost €2000", "2000"),
    ("A loss of −2000", "2000"),
    ("½ of them", "½"),
    ("Article 4 has 1,025 words", "1,025"),
    ("1 025 articles", "1 025"),
    ("Regulation (EU) 2020/851 counts 12 cases", "12"),
    ("42 January", "42"),
    ("On 2022-13-01", "13"),
    ("EU-27 and 28 others", "28"),
    ("[25 persons](https://example.org/25)", "25"),
    ('[persons](https://example.org "25 of them")', "25"),
    ("٢٥ persons", "٢٥"),
    ("1. First, 12 of them", "12"),
    ("Iš viso 1 025 asmenys", "1 025"),
    ("Iš viso 1\N{NO-BREAK SPACE}025 asmenys", "1\N{NO-BREAK SPACE}025"),
    ("Jie sudarė 74,0 proc.", "74,0"),
    ("2022 m. 3 915 asmenų", "3 915"),
    ("Sausio 25 proc. daugiau", "25"),
    ("1 025 straipsniai", "1 025"),
    ("Apie 3,9 tūkst.", "3,9"),
]


@pytest.mark.parametrize("text", MAY_STAND)
def test_years_dates_laws_names_and_codes_may_stand(text):
    refuse_hard_coded_numbers_in_prose(text)


@pytest.mark.parametrize(("text", "figure"), REFUSED)
def test_a_number_hard_coded_in_prose_is_refused(text, figure):
    with pytest.raises(UnboundNumber, match="hard-coded in a Markdown cell") as refused:
        refuse_hard_coded_numbers_in_prose(text)
    assert refused.value.found == figure
    assert refused.value.where == text and "say(" in refused.value.hint


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_notebook_types_a_figure(notebook, language):
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            translated_markdown(translations(language), "".join(cell["source"]))


@pytest.mark.parametrize(
    "source", ["## 25 persons", "One.\n\nIn all\n25 persons.", "- one\n- 25", "1. one\n2. two: 25"]
)
def test_each_block_of_a_cell_is_looked_at(source):
    with pytest.raises(UnboundNumber):
        translated_markdown(translations("en"), source)


def test_a_number_hard_coded_in_a_translation_alone_is_refused():
    class Typed(NullTranslations):
        def gettext(self, message):
            return "Visų 9 langelių mastelis vienodas."

    with pytest.raises(UnboundNumber) as refused:
        translated_markdown(Typed(), "All panels have one scale.")
    assert refused.value.found == "9"


def test_an_ordered_list_keeps_its_marks():
    assert translated_markdown(translations("en"), "1. one\n2. two") == "1. one\n2. two"


def test_an_empty_cell_stays_empty():
    assert list(messages("")) == [] and translated_markdown(translations("lt"), "") == ""
