"""Words and numbers in the reader's language: gettext catalogues, CLDR forms, labels of codes and indicators."""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import replace
from functools import cache, lru_cache
from gettext import NullTranslations, c2py
from pathlib import Path
from types import MappingProxyType
from typing import Self

from babel import Locale, numbers
from babel.core import UnknownLocaleError
from babel.dates import format_date, get_month_names
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from workbench.declarations.codelists import NAMED, Code, code_list, name_as_read
from workbench.declarations.indicators import Indicators
from workbench.model.errors import WorkbenchError, near
from workbench.model.names import LANGUAGE
from workbench.model.periods import days_of, in_a_year, number_in_year, year_of
from workbench.model.types import NOT_AVAILABLE, Result, message
from workbench.presentation import collation

CATALOGUES = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"

# The units of what is computed, with the decimals of each and the fewest that it keeps where rounding leaves more uncertain. All
# other units are those of counts, which stand as they were published.
_COMPUTED = {
    "%": (1, 0),
    "percentage points": (1, 0),
    "per million inhabitants": (0, 0),
    "per thousand inhabitants": (1, 0),
    "per hundred orders": (1, 0),
    "per hundred": (0, 0),
    "months": (1, 0),
    "per year": (2, 1),
    "0–1": (3, 2),
    "index": (3, 2),
    "times": (1, 0),
    "ratio": (2, 0),
}
# A difference of two figures, each known to its last decimal, is told with that decimal: whoever subtracts them finds it.
_DIFFERENCES = ("percentage points",)
RANK = "rank"
_WHY_MISSING = "clmuxz"
_INTERVALS = {
    "rounding": message("Interval that rounding allows"),
    "confidence": message("{level}% confidence interval"),
    "prediction": message("{level}% prediction interval"),
    "credible": message("{level}% credible interval"),
    "reference": message("{level}% of what would be usual"),
}
_LEVEL = "95"
_ORDINAL_ENDINGS = {"one": "st", "two": "nd", "few": "rd", "other": "th"}
_ROUNDED_FROM = 10_000
_EN_DASH = "\N{EN DASH}"
ABBREVIATIONS = message("etc.|approx.")
"""Abbreviations that end in a full stop, ``|`` between them: a title keeps theirs."""
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_NBSP = "\N{NO-BREAK SPACE}"
_SPACE_IN_NUMBER = re.compile(r"(?<=\d) (?=\d{3}\b)")
_MONTH = message("MMMM y")
_MONTH_ALONE = message("LLLL y")
_QUARTER = message("{quarter} {year}")
_YEAR = message("{year}")
_QUARTERS = message("Q1|Q2|Q3|Q4")
_MINUS = "\N{MINUS SIGN}"
# CLDR's minimumGroupingDigits, which Babel leaves out: these languages write 1025 without a separator, and 10 250 with one.
_THOUSANDS_IN_ONE = frozenset({"bg", "es", "et", "hu", "it", "lv", "pl", "sl"})
# What a name that has a footnote ends in.
_FOOTNOTE_MARK = "*"


def languages() -> list[str]:
    """The languages a study can be written in: English, and each one that has a catalogue."""
    return sorted({SOURCE_LANGUAGE, *(path.parent.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/*.po"))})


def check_language(language: str) -> None:
    """Refuse what is no language, or has no catalogue."""
    if LANGUAGE.checked(language, known=languages()) not in languages():
        raise WorkbenchError("there is no catalogue of this language", expected=", ".join(languages()), found=language)


def language_name(language: str) -> str:
    """A language as it names itself."""
    return (Locale.parse(language).get_display_name(language) or language).capitalize()


def index_name(language: str) -> str:
    """The file of a first page in a language: that of the catalogue, and that of an archive."""
    return "index.html" if language == SOURCE_LANGUAGE else f"index.{language}.html"


def other_languages(language: str, languages: Iterable[str], href: Callable[[str], str]) -> list[dict[str, str]]:
    """What a page's links to its other languages say: code, name in itself, and where it is."""
    return [
        {"code": other, "name": language_name(other), "href": href(other)} for other in languages if other != language
    ]


@cache
def translations(language: str) -> NullTranslations:
    """The translations of a language; those of English, which the texts are written in, give back each message."""
    path = catalogue_file(language)
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    if not path.is_file():
        raise WorkbenchError(f"there is no catalogue for the language {language}", expected=near(language, languages()))
    with path.open("rb") as file:
        return _Translated(read_po(file, locale=language))


class _Translated(NullTranslations):
    """What a catalogue translates, as `gettext.GNUTranslations` has it, which reads compiled ones alone: to compile it takes
    longer than to read it."""

    def __init__(self, catalogue: Catalog):
        super().__init__()
        self._form = c2py(catalogue.plural_expr)
        self._texts: dict[str, str] = {}
        self._forms: dict[str, list[str]] = {}
        for one in catalogue:
            if one.fuzzy or not one.id or not one.string:
                continue
            if isinstance(one.id, str):
                self._texts[one.id] = str(one.string)
            else:
                # A form that is not there is that of the language that texts are written in.
                forms = [form or one.id[min(place, 1)] for place, form in enumerate(one.string)]
                self._forms[one.id[0]], self._texts[one.id[0]] = forms, forms[self._form(1)]

    def gettext(self, message: str) -> str:
        return self._texts.get(message) or super().gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        forms = self._forms.get(singular)
        return forms[self._form(n)] if forms else super().ngettext(singular, plural, n)


class _Noting(NullTranslations):
    """Gives back each message that a catalogue lacks, as it would be anyway, and notes it."""

    def __init__(self, noted: set[str]):
        super().__init__()
        self._noted = noted

    def gettext(self, message: str) -> str:
        self._noted.add(message)
        return message

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        self._noted.add(singular)
        return super().ngettext(singular, plural, n)


def _noting(translations: NullTranslations, noted: set[str]) -> NullTranslations:
    """The same translations, noting what they lack; for the language that texts are written in, nothing."""
    if not isinstance(translations, _Translated):
        return translations
    own = copy(translations)
    own.add_fallback(_Noting(noted))
    return own


class _WithTexts(NullTranslations):
    """Translations of some texts, before those of a catalogue."""

    def __init__(self, texts: Mapping[str, str], catalogue: NullTranslations):
        super().__init__()
        self._texts = texts
        self.add_fallback(catalogue)

    def gettext(self, message: str) -> str:
        return self._texts.get(message) or super().gettext(message)


def is_translated(message: str, language: str) -> bool:
    """Whether the catalogue of a language has a message."""
    lacking: set[str] = set()
    _noting(translations(language), lacking).gettext(message)
    return not lacking


def catalogue_file(language: str) -> Path:
    """Where the gettext catalogue of a language is."""
    return CATALOGUES / language / "LC_MESSAGES" / "workbench.po"


def own_label(code: Code, language: str) -> str:
    """The label that a language has without its catalogue: from its column, or CLDR's name of a place; else empty."""
    return code.labels.get(language) or _name_of_place(code, language)


def _name_of_place(code: Code, language: str) -> str:
    name = Locale.parse(language).territories.get(code.iso2, "")
    return name + _FOOTNOTE_MARK if name and code.label("en").endswith(_FOOTNOTE_MARK) else name


class Wording:
    """How a study is worded: its language, and the labels of what it shows.

    Parameters
    ----------
    language : str
        ``en``, or a language that has a catalogue.
    indicators : Indicators
        Their labels and definitions are shown.
    texts : mapping
        English texts to their translations, which no catalogue has: those of an ad-hoc query.

    Attributes
    ----------
    translations : NullTranslations
        For what translates texts of its own.
    untranslated : set of str
        The texts that were asked for, and that the language's catalogue does not translate.
    """

    def __init__(self, language: str, indicators: Indicators, texts: Mapping[str, str] = MappingProxyType({})):
        try:
            self.locale = Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            raise WorkbenchError(f"{language} is not a language", expected=near(language, languages())) from None
        self.language = language
        self.indicators = indicators
        self.untranslated: set[str] = set()
        catalogue = _noting(translations(language), self.untranslated)
        self.translations = _WithTexts(texts, catalogue) if texts else catalogue

    @classmethod
    def without_indicators(cls, language: str) -> Self:
        """The words of a language, for what shows texts, codes and figures alone: forms, what is due."""
        return cls(language, Indicators(indicators={}, derivations={}))

    # Texts

    def text(self, message: str) -> str:
        """The message in the language; itself where the catalogue does not translate it."""
        # The translation of the empty text is the head of the catalogue.
        return self.translations.gettext(message) if message else ""

    def in_language(self, texts: Iterable[tuple[str, str]]) -> str:
        """A text that is declared in several languages; without this one, the translation of the English."""
        declared = dict(texts)
        return declared.get(self.language) or self.text(declared[SOURCE_LANGUAGE])

    def plural(self, singular: str, plural: str, number: float) -> str:
        """The message for that number of things, by the plural rule of the language; a fraction is a plural."""
        return self.translations.ngettext(singular, plural, int(number) if float(number).is_integer() else 0)

    def has_full_stop(self, text: str) -> bool:
        """Whether a text ends with a full stop that is not that of an abbreviation."""
        return text.endswith(".") and text.split()[-1] not in self.text(ABBREVIATIONS).split("|")

    def sort_key(self, text: str) -> collation.SortKey:
        """What to sort labels by, in the order of the language's alphabet."""
        return collation.sort_key(text, self.text(collation.ALPHABET))

    # Numbers and dates

    def number(self, value: float, unit: str = "persons", *, decimals: int | None = None) -> str:
        """A number as the language writes it: ``1,025`` or ``1 025``; decimals by its unit."""
        places = self.decimals(unit) if decimals is None else decimals
        has_groups = self.locale.language not in _THOUSANDS_IN_ONE or round(abs(value), places) >= 10_000
        text = _decimal(abs(value), places, self.locale, has_groups)
        return _MINUS + text if value < 0 and text.strip("0.,") else text

    def decimals(self, unit: str) -> int:
        """How many decimals a number of that unit is shown with."""
        return decimals_of(unit)

    def known_decimals(self, result: Result) -> int:
        """How many decimals of a result are known: those of its unit, or as many fewer as the width of its interval asks for."""
        most, fewest = _COMPUTED.get(result.unit, (0, 0))
        if not self._is_of_rounding(result):
            return most
        return next((places for places in range(most, fewest, -1) if not _is_wider(result, places)), fewest)

    def value(self, result: Result) -> str:
        """A result's value with its unit sign, ``[x]``, ``[u]`` … where there is none."""
        if not result.is_available:
            return why_missing(result)
        return self.bare_value(result) + self.unit_sign(result.unit)

    def bare_value(self, result: Result) -> str:
        """The value of a result that is there, without the sign of its unit, in the digits that are known.

        A count stands as published. What is computed has fewer decimals where rounding leaves the last one open; where it
        leaves whole numbers open, or the rank, the interval stands for it. What is more or less than nothing never reads as zero.
        """
        places, is_computed = self.known_decimals(result), result.unit in _COMPUTED
        if (is_computed or result.unit == RANK) and self._is_of_rounding(result) and _is_wider(result, places):
            return self._between(result, places)
        number = self.number(result.value, result.unit, decimals=places)
        if not is_computed or result.value == 0 or number.strip("−0.,"):
            return number
        sign, least = ("<", _step(places)) if result.value > 0 else (">", -_step(places))
        return sign + self.number(least, result.unit, decimals=places)

    def full_value(self, result: Result) -> str:
        """A result's value in all the digits of its unit, whatever rounding leaves open."""
        return self.number(result.value, result.unit) + self.unit_sign(result.unit)

    def flagged_value(self, result: Result) -> str:
        """A result's value with its flags in the open: ``2,143 [e]``."""
        return self.value(result) + flags_beside(result)

    def ordinal(self, result: Result) -> str:
        """A rank in a sentence: ``21st``, or ``20th to 22nd`` where rounding leaves it open; the bare number in languages whose
        ordinals bend."""
        if not result.is_available or result.unit != RANK or self.locale.language != "en":
            return self.value(result)
        ends = dict.fromkeys((result.low, result.high) if _width(result) else (result.value,))
        return " to ".join(self.number(end) + _ORDINAL_ENDINGS[self.locale.ordinal_form(int(end))] for end in ends)

    def rounded(self, result: Result) -> str:
        """A large count as a sentence tells it: ``2.81 million``, ``2,81 mln.``; three digits, from ten thousand on."""
        if not result.is_available or result.unit in _COMPUTED or abs(result.value) < _ROUNDED_FROM:
            return self.value(result)
        rounded = float(f"{abs(result.value):.3g}")
        # Other languages bend the word by what it counts, and their short forms are not single letters.
        said = numbers.format_compact_decimal(
            rounded,
            format_type="long" if self.locale.language == "en" else "short",
            locale=self.locale,
            fraction_digits=2,
        )
        return (_MINUS if result.value < 0 else "") + said.replace(" ", _NBSP)

    def unit_sign(self, unit: str) -> str:
        """What follows a number of that unit in running text: ``%`` in English, a space and ``%`` in Lithuanian; ``pp``."""
        if unit == "percentage points":
            return _NBSP + self.text("pp")
        if unit != "%":
            return ""
        pattern = self.locale.percent_formats[None].pattern
        return f"{_NBSP}%" if not pattern.endswith("0%") else "%"

    def interval(self, result: Result) -> str:
        """The bounds of a number, with an en dash; empty where nothing is left open, or there is no number."""
        if not leaves_open(result):
            return ""
        places = self.decimals(result.unit)
        if (
            self._is_of_rounding(result)
            and result.unit not in _COMPUTED
            and not all(float(end).is_integer() for end in (result.low, result.high))
        ):
            places = 1
        return self._between(result, places) + self.unit_sign(result.unit)

    def end(self, result: Result, which: str) -> str:
        """The ``low`` or the ``high`` end of the interval, rounded outward as there."""
        places = self.decimals(result.unit)
        low, high = self._ends(result, places)
        return self.number(low if which == "low" else high, result.unit, decimals=places) + self.unit_sign(result.unit)

    def name_of_interval(self, result: Result) -> str:
        """What the bounds of a number are: what rounding allows, or a prediction interval of 80 %."""
        name = self.text(_INTERVALS[self.indicators.interval(result.indicator)])
        return _unbroken(name.format(level=self.level(result.codes.get("level", _LEVEL))))

    def level(self, level: str) -> str:
        """The level of an interval without its sign: ``95``, ``99.8``."""
        return self.number(float(level), decimals=len(level.partition(".")[2]))

    def _is_of_rounding(self, result: Result) -> bool:
        """Whether digits that the bounds leave open are not known, as of a rounded figure; an estimate has both."""
        # An exact number need not be an indicator's: revisions compare whole datasets.
        return not _width(result) or self.indicators.interval(result.indicator) == "rounding"

    def _between(self, result: Result, places: int) -> str:
        """The ends of an interval, rounded outward, so that what is printed holds what is true."""
        ends = self._ends(result, places)
        shown = ["∞" if end == math.inf else self.number(end, result.unit, decimals=places) for end in ends]
        dash = _EN_DASH if result.low >= 0 else f"{_NBSP}{_EN_DASH}{_NBSP}"
        return dash.join(dict.fromkeys(shown))

    def _ends(self, result: Result, places: int) -> tuple[float, float]:
        return _outward(result.low, places, math.floor), _outward(result.high, places, math.ceil)

    def date(self, date: datetime.date) -> str:
        """A date in full: ``7 May 2024`` or ``2024 m. gegužės 7 d.``"""
        form = "d MMMM y" if self.language == "en" else "long"
        return format_date(date, format=form, locale=self.locale)

    def period(self, time: str) -> str:
        """A year, quarter or month in a sentence: ``March 2022`` or ``2022 m. kovo mėn.``"""
        match in_a_year(time):
            case 1:
                return time
            case 4:
                return self.text(_QUARTER).format(quarter=self.within_year(time), year=year_of(time))
        return format_date(days_of(time)[0], format=self.text(_MONTH), locale=self.locale)

    def dated_period(self, time: str) -> str:
        """A year, quarter or month as `period` has it; a year with its word, where the language has one: ``2022``, ``2022 m.``"""
        return self.text(_YEAR).format(year=time) if in_a_year(time) == 1 else self.period(time)

    def period_alone(self, time: str) -> str:
        """A year, quarter or month as a heading or in a list: ``March 2022``, ``2022 m. kovas``."""
        if in_a_year(time) == 12:
            return format_date(days_of(time)[0], format=self.text(_MONTH_ALONE), locale=self.locale)
        return self.period(time)

    def short_period(self, time: str) -> str:
        """A year, quarter or month where there is little room: ``2022``, ``Mar 2022``, ``2022 m. kov.``"""
        if in_a_year(time) == 1:
            return time
        return self.text(_QUARTER).format(quarter=self.within_year(time), year=year_of(time))

    def within_year(self, time: str) -> str:
        """A quarter or month without its year, as an axis or a calendar names it: ``Q2``, ``Mar``; a year as it is."""
        match in_a_year(time):
            case 1:
                return time
            case 4:
                return self.text(_QUARTERS).split("|")[number_in_year(time) - 1]
        return get_month_names("abbreviated", "stand-alone", locale=self.locale)[number_in_year(time)]

    # Labels

    def label(self, dimension: str, code: str) -> str:
        """The label of a code: the list's own, else CLDR's name of a place, else the catalogue's translation.

        The codes of ``measured``, which a measure of quality is broken down by, are indicators.
        """
        if dimension == "measured":
            return self.indicator(code)
        if dimension in NAMED:
            return name_as_read(code)
        known = code_list(dimension).code(code)
        return own_label(known, self.language) or self.text(known.label("en"))

    def code_form(self, dimension: str, code: str, case: str) -> str:
        """The label of a code as a sentence needs it: ``sentence``, ``genitive``, ``locative``; else the plain label."""
        if dimension in NAMED:
            return name_as_read(code)
        own = code_list(dimension).code(code).form(self.language, case)
        return own or self.label(dimension, code).removesuffix(_FOOTNOTE_MARK)

    def footnote(self, dimension: str, code: str) -> str:
        """What must be said wherever the name of a code stands; empty for nearly all."""
        if dimension in NAMED:
            return ""
        known = code_list(dimension).code(code)
        return known.forms.get((self.language, "footnote")) or self.text(known.footnote("en"))

    def breakdown(self, result: Result) -> list[str]:
        """The labels of the codes that a result is broken down by."""
        return [self.label(dimension, code) for dimension, code in result.codes.items()]

    def indicator(self, indicator: str) -> str:
        """The label of an indicator, base or derived."""
        return self._of_indicator(indicator, "label")

    def definition(self, indicator: str) -> str:
        """The definition of an indicator, base or derived."""
        return self._of_indicator(indicator, "definition")

    def reference(self, indicator: str) -> str:
        """Where the definition of an indicator comes from: that of the derivation and of what it derives."""
        base, suffix = self.indicators.split(indicator)
        own = self.text(self.indicators.declared(base).reference)
        return f"{self.text(self.indicators.derivations[suffix].reference)}; {own}" if suffix else own

    def unit(self, unit: str) -> str:
        """The name of a unit."""
        return _unbroken(self.text(unit))

    def _of_indicator(self, indicator: str, what: str) -> str:
        base, suffix = self.indicators.split(indicator)
        said = self.text(
            getattr(self.indicators.derivations[suffix] if suffix else self.indicators.declared(base), what)
        )
        if suffix:
            said = said.format(indicator=self.text(self.indicators.declared(base).label))
        return _unbroken(said)


def decimals_of(unit: str) -> int:
    """How many decimals a number of that unit is shown with, in any language."""
    return _COMPUTED.get(unit, (0, 0))[0]


@lru_cache(maxsize=8192)
def _decimal(value: float, places: int, locale: Locale, has_groups: bool) -> str:
    """A number without its sign: a page says most of its numbers several times, in sentence, table, title and description."""
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return numbers.format_decimal(value, format=pattern, locale=locale, group_separator=has_groups)


def _unbroken(text: str) -> str:
    """A text whose numbers do not break at the end of a line: what is declared says ``1 000`` with a plain space."""
    return _SPACE_IN_NUMBER.sub(_NBSP, text)


def leaves_open(result: Result) -> bool:
    """Whether rounding leaves more of a number open than its last digit: what is computed, by the digits of its unit; a count
    or a rank, by more than nothing."""
    return result.is_available and _is_wider(result, _COMPUTED.get(result.unit, (0, 0))[0])


def without_sign(result: Result) -> Result:
    """A result for a sentence that says the direction in words: its size, and the bounds of the size."""
    low, high = sorted((abs(result.low), abs(result.high)))
    return replace(result, value=abs(result.value), low=0.0 if result.low < 0 < result.high else low, high=high)


def shown_flags(result: Result) -> str:
    """The flags that a reader needs: of a number, all; of one that is not there, those that say why."""
    if result.is_available:
        return result.flags
    return "".join(flag for flag in result.flags if flag in _WHY_MISSING) or NOT_AVAILABLE


def why_missing(result: Result) -> str:
    """What stands in the place of a number that is not there: ``[x]``, ``[u]``."""
    return " ".join(f"[{flag}]" for flag in shown_flags(result))


def flags_beside(result: Result) -> str:
    """The flags of a number that is there: `` [b] [e]``; one that is not there shows them in its own place."""
    return "".join(f"{_NBSP}[{flag}]" for flag in result.flags) if result.is_available else ""


def capitalised(text: str) -> str:
    """A name at the beginning of a sentence; a code such as ``migr_asyappctza`` stays as it is."""
    first, *_ = text.split() or [""]
    return text if "_" in first else text[:1].upper() + text[1:]


def with_full_stop(text: str) -> str:
    """A title read out as a sentence; one that ends in an abbreviation has its full stop already."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def one_full_stop(text: str) -> str:
    """A text in which the full stop of an abbreviation is that of its sentence too."""
    return _TWO_STOPS.sub(".", text)


def _width(result: Result) -> float:
    """How far apart the bounds of a result are; nothing, where it has none."""
    width = result.high - result.low
    # Floats leave a little of every difference.
    return 0.0 if math.isnan(width) else round(width, 9)


def _is_wider(result: Result, places: int) -> bool:
    """Whether rounding leaves more open than a digit at that place; of counts and ranks, whether it leaves anything open."""
    if result.unit not in _COMPUTED:
        return _width(result) > 0
    is_of_two = result.unit in _DIFFERENCES and places == _COMPUTED[result.unit][0]
    return _width(result) > (2 if is_of_two else 1) * _step(places)


def _step(places: int) -> float:
    return 10.0**-places


def _outward(end: float, places: int, way: Callable[[float], int]) -> float:
    return way(round(end / _step(places), 6)) * _step(places) if math.isfinite(end) else end
