"""A third language is a catalogue and nothing else: with one made by machine, the study's notebook runs in Polish."""

import ast
import json
import re
from html.parser import HTMLParser

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from both_languages import said
from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project
from workbench.model.sentence import Place
from workbench.presentation import messages, wording
from workbench.presentation.collation import ALPHABET
from workbench.presentation.markdown import translated_markdown
from workbench.presentation.wording import Wording, translations
from workbench.study import Results

pytestmark = pytest.mark.slow

LANGUAGE = "pl"
PROJECT = Project(ROOT)
NOTEBOOK = json.loads((ROOT / "notebooks" / "asylum_applications.ipynb").read_text(encoding="utf-8"))
ALPHABET_OF_POLISH = "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż"
NAMES = Locale.parse(LANGUAGE).territories
# On the axis of months and in dates, as CLDR has them.
_MONTHS = Locale.parse(LANGUAGE).months
MONTHS = {*_MONTHS["stand-alone"]["abbreviated"].values(), *_MONTHS["format"]["wide"].values()}
MARKED = re.compile("«[^«»]*»")
NBSP = "\N{NO-BREAK SPACE}"
# Names of a provider, of its codes, of what made the study, and of kinds of files.
SAME_EVERYWHERE = {
    "Eurostat",
    "estat",
    "neighbours",
    "population",
    "migration",
    "workbench",
    "fetch",
    "CSV",
    "SVG",
    "kB",
    "pl",
}


class Shown(HTMLParser):
    """What a reader of HTML sees or hears: the text, and the attributes that hold text; not what is said to be English."""

    def __init__(self, html: str):
        super().__init__()
        self.text, self.attributes, self._is_english = [], [], False
        self.feed(html)

    def handle_data(self, data):
        if not self._is_english:
            self.text.append(data)

    def handle_endtag(self, tag):
        self._is_english = False

    def handle_starttag(self, tag, attrs):
        self._is_english = ("lang", "en") in attrs
        self.attributes += [value for name, value in attrs if name in ("title", "aria-label", "alt")]


def marked(text: str) -> str:
    """A translation made by machine: the message itself, between marks; the alphabet is that of the language."""
    return ALPHABET_OF_POLISH if text == ALPHABET else f"«{text}»"


def translate(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.pluralizable:
            message.string = tuple(marked(message.id[1]) for _ in range(catalogue.num_plurals))
        elif message.id:
            message.string = marked(message.id)


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """The package with an empty catalogue of the language and no other."""
    file = tmp_path / LANGUAGE / "LC_MESSAGES" / "workbench.po"
    file.parent.mkdir(parents=True)
    file.touch()
    monkeypatch.setattr(wording, "CATALOGUES", tmp_path)
    translations.cache_clear()
    yield file
    translations.cache_clear()


@pytest.fixture(scope="module")
def translated(tmp_path_factory) -> bytes:
    """A catalogue with each message translated; to collect them takes seconds."""
    file = tmp_path_factory.mktemp("catalogues") / LANGUAGE / "LC_MESSAGES" / "workbench.po"
    file.parent.mkdir(parents=True)
    file.touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "CATALOGUES", file.parents[2])
        translations.cache_clear()
        messages.update(PROJECT)
    with file.open("rb") as read:
        catalogue = read_po(read, locale=LANGUAGE)
    translate(catalogue)
    with file.open("wb") as written:
        write_po(written, catalogue)
    return file.read_bytes()


@pytest.fixture
def polish(translated, empty) -> Wording:
    """The language, with each message translated."""
    empty.write_bytes(translated)
    translations.cache_clear()
    return Wording(LANGUAGE, read_indicators(PROJECT))


def run_in_this_process(language: str) -> tuple[list[str], Results]:
    """Run the notebook's code without a kernel, and give the HTML of what it showed, and what it published."""
    names, shown = {}, []
    for cell in NOTEBOOK["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            shown.append(translated_markdown(translations(language), source))
            continue
        *statements, last = ast.parse(source).body
        is_shown = isinstance(last, ast.Expr)
        exec(compile(ast.Module(statements if is_shown else [*statements, last], []), "cell", "exec"), names)  # noqa: S102
        if "parameters" in cell["metadata"].get("tags", []):
            names["language"] = language
        if is_shown:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            # A section without data shows nothing.
            shown += [without_style(value._repr_mimebundle_()[0]["text/html"])] if value is not None else []
    return shown, Results(names["study"].provenance().record.results)


def without_style(html: str) -> str:
    return re.sub(r"<style>.*?</style>", "", html)


def unmarked(text: str) -> str:
    """What of a text is in no translated message."""
    while MARKED.search(text):
        text = MARKED.sub(" ", text)
    return text


def left_over(html: str) -> set[str]:
    """The words of a block that are in no translated message, and neither a country, a code, an address nor a figure."""
    shown = Shown(html)
    text = unmarked(" ".join([*shown.text, *shown.attributes]))
    for same in sorted(NAMES.values(), key=len, reverse=True):
        text = text.replace(same, " ")
    text = re.sub(r"https?://\S+|\w*[\d_]\w*|\b[A-Z]{2}\b", " ", text)
    return set(re.findall(r"[^\W\d_]{2,}", text))


def test_the_notebook_runs_in_a_third_language(polish):
    shown, published = run_in_this_process(LANGUAGE)
    _, english = run_in_this_process("en")
    assert list(map(repr, published)) == list(map(repr, english))
    assert {word for html in shown for word in left_over(html)} - MONTHS <= SAME_EVERYWHERE
    page = "".join(shown)
    assert "«Key findings»" in page and "Litwa" in page
    assert re.search(r">1025<", page) and re.search(rf">\d\d{NBSP}\d{{3}}<", page) and re.search(r">\d+,\d%<", page)
    # English groups of thousands or decimals; an index below one has three decimals of its own.
    assert not re.search(r">[1-9][\d,]*,\d{3}<|>\d+\.\d", page)


def test_an_empty_catalogue_is_filled_with_all_that_there_is_to_translate(empty):
    needed = [message for message in messages.template(PROJECT, LANGUAGE) if message.id]
    problems = messages.update(PROJECT)
    with empty.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGE)
    assert {message.id for message in catalogue if message.id} == {message.id for message in needed}
    assert problems == messages.check(PROJECT) and len(problems) == 1, "a line, not one for each text"
    assert problems[0].startswith(f"{LANGUAGE}: untranslated: {len(needed):,} of {len(needed):,} texts; see workbench/")
    assert {"Key findings", "EU-27", "Stateless", "Under 14 years", "break in time series", ALPHABET} <= {
        message.id for message in needed
    }
    plural = "In {year}, {count} person applied for asylum in {country:locative} for the first time."
    assert len(catalogue[plural].string) == catalogue.num_plurals == 3
    assert "Lithuania" not in [message.id for message in needed], "CLDR names the countries"


def test_a_second_update_changes_no_byte(empty, polish):
    messages.update(PROJECT)
    once = empty.read_bytes()
    messages.update(PROJECT)
    assert empty.read_bytes() == once


def test_a_full_catalogue_lacks_nothing(polish):
    assert messages.check(PROJECT) == []


def test_a_language_with_columns_translates_no_labels():
    files = {file for message in messages.template(PROJECT, "lt") for file, _ in message.locations}
    assert not any("codelists" in file for file in files)


def test_places_are_named_by_cldr_and_other_codes_by_the_catalogue(polish):
    assert [polish.label("geo", code) for code in ("LT", "EL", "UK", "EU27_2020")] == [
        "Litwa", "Grecja", "Wielka Brytania", "«EU-27»",
    ]  # fmt: skip
    assert polish.label("citizen", "LT") == "Litwa" and polish.label("citizen", "STLS") == "«Stateless»"
    assert polish.label("age", "Y_LT14") == "«Under 14 years»"
    for case in ("sentence", "genitive", "locative"):
        assert polish.code_form("geo", "NL", case) == "Holandia"
        assert polish.code_form("citizen", "STLS", case) == "«Stateless»"


def test_a_name_with_a_footnote_keeps_its_mark_save_in_a_sentence(polish):
    assert polish.label("geo", "XK") == "Kosowo*"
    assert said(polish, "{place}", {"place": Place("geo", "XK")}).text == "Kosowo"
    assert polish.footnote("geo", "XK").startswith("«This designation") and polish.footnote("geo", "LT") == ""
    assert Wording("en", polish.indicators).footnote("citizen", "XK").startswith("This designation")


def test_english_is_the_last_resort(empty):
    messages.update(PROJECT)
    untranslated = Wording(LANGUAGE, read_indicators(PROJECT))
    assert untranslated.label("citizen", "STLS") == "Stateless" and untranslated.label("geo", "LT") == "Litwa"


def test_numbers_are_written_as_cldr_has_it(polish):
    assert [polish.number(1025), polish.number(10250), polish.number(9999.6)] == [
        "1025",
        f"10{NBSP}250",
        f"10{NBSP}000",
    ]
    assert polish.number(1025.25, decimals=1) == "1025,2" and polish.number(-1025) == "−1025"


def test_labels_are_sorted_by_the_alphabet_of_the_catalogue(polish):
    names = [polish.label("geo", code) for code in ("ZM", "LU", "LT", "LV", "CI", "SI", "SK", "IE", "SE")]
    assert sorted([*names, "Łotwa i inni", "Ćma"], key=polish.sort_key) == [
        "Côte d’Ivoire", "Ćma", "Irlandia", "Litwa", "Luksemburg", "Łotwa", "Łotwa i inni", "Słowacja", "Słowenia",
        "Szwecja", "Zambia",
    ]  # fmt: skip
