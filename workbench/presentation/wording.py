"""Words and numbers in the reader's language: gettext catalogues, CLDR forms, labels of codes and indicators."""

import datetime
import io
import math
import re
from collections.abc import Callable, Iterable
from copy import copy
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale, numbers
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from workbench.declarations.codelists import Code, code_list
from workbench.declarations.indicators import Indicators
from workbench.model.errors import WorkbenchError, near
from workbench.model.words import Result, message
from workbench.presentation import collation

CATALOGUES = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"

_DECIMALS = {"%": 1, "percentage points": 1, "per million inhabitants": 0, "per 1 000 inhabitants": 1, "0–1": 3}
_NBSP = "\N{NO-BREAK SPACE}"
_SPACE_IN_NUMBER = re.compile(r"(?<=\d) (?=\d{3}\b)")
_MONTH = message("MMMM y")
_QUARTER = message("QQQ y")
_MINUS = "\N{MINUS SIGN}"
# CLDR's minimumGroupingDigits, which Babel leaves out: these languages write 1025 without a separator, and 10 250 with one.
_THOUSANDS_IN_ONE = frozenset({"bg", "es", "et", "hu", "it", "lv", "pl", "sl"})
# What a name that has a footnote ends in.
_FOOTNOTE_MARK = "*"


def languages() -> list[str]:
    """The languages a study can be written in: English, and each one that has a catalogue."""
    return sorted({SOURCE_LANGUAGE, *(path.parent.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/*.po"))})


def language_name(language: str) -> str:
    """A language as it names itself."""
    return Locale.parse(language).get_display_name(language).capitalize()


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
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


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
    """The same translations, for one who wants to know what they lack; of the language that texts are written in, nothing."""
    if not isinstance(translations, GNUTranslations):
        return translations
    own = copy(translations)
    own.add_fallback(_Noting(noted))
    return own


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

    Attributes
    ----------
    translations : NullTranslations
        For what translates texts of its own.
    untranslated : set of str
        The texts that were asked for, and that the language's catalogue does not translate.
    """

    def __init__(self, language: str, indicators: Indicators):
        try:
            self.locale = Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            raise WorkbenchError(f"{language} is no language", expected=near(language, languages())) from None
        self.language = language
        self.indicators = indicators
        self.untranslated: set[str] = set()
        self.translations = _noting(translations(language), self.untranslated)

    # Texts

    def text(self, message: str) -> str:
        """The message in the language; itself where the catalogue does not translate it."""
        # The translation of nothing is the head of the catalogue.
        return self.translations.gettext(message) if message else ""

    def plural(self, singular: str, plural: str, number: float) -> str:
        """The message for that number of things, by the plural rule of the language; a fraction is a plural."""
        return self.translations.ngettext(singular, plural, int(number) if float(number).is_integer() else 0)

    def sort_key(self, text: str) -> tuple:
        """What to sort labels by, in the order of the language's alphabet."""
        return collation.sort_key(text, self.text(collation.ALPHABET))

    # Numbers and dates

    def number(self, value: float, unit: str = "persons", *, decimals: int | None = None) -> str:
        """A number as the language writes it: ``1,025`` or ``1 025``; decimals by its unit."""
        places = self.decimals(unit) if decimals is None else decimals
        pattern = "#,##0" + ("." + "0" * places if places else "")
        has_groups = self.locale.language not in _THOUSANDS_IN_ONE or round(abs(value), places) >= 10_000
        text = numbers.format_decimal(abs(value), format=pattern, locale=self.locale, group_separator=has_groups)
        return _MINUS + text if value < 0 and text.strip("0.,") else text

    def decimals(self, unit: str) -> int:
        """How many decimals a number of that unit is shown with."""
        return _DECIMALS.get(unit, 0)

    def value(self, result: Result) -> str:
        """A result's value with its unit sign, ``[x]``, ``[u]`` … where there is none."""
        if not result.is_available:
            return "".join(f"[{flag}]" for flag in result.flags) or "[x]"
        return self.number(result.value, result.unit) + self.unit_sign(result.unit)

    def flagged_value(self, result: Result) -> str:
        """A result's value with its flags in the open: ``2,143 [e]``."""
        return self.value(result) + flags_beside(result)

    def unit_sign(self, unit: str) -> str:
        """What follows a number of that unit in running text: ``%`` in English, a space and ``%`` in Lithuanian; ``pp``."""
        if unit == "percentage points":
            return _NBSP + self.text("pp")
        if unit != "%":
            return ""
        pattern = self.locale.percent_formats[None].pattern
        return f"{_NBSP}%" if not pattern.endswith("0%") else "%"

    def interval(self, result: Result) -> str:
        """The bounds that rounding allows, with an en dash; empty where the number is exact or not available."""
        if not result.is_available or result.low == result.high or math.isnan(result.low):
            return ""
        decimals = max(self.decimals(result.unit), 1 if result.unit == "persons" else 0)
        ends = [self.number(end, result.unit, decimals=decimals) for end in (result.low, result.high)]
        if result.high == math.inf:
            ends[1] = "∞"
        dash = "\N{EN DASH}" if result.low >= 0 else f"{_NBSP}\N{EN DASH}{_NBSP}"
        return dash.join(ends) + self.unit_sign(result.unit)

    def date(self, date: datetime.date) -> str:
        """A date in full: ``7 May 2024`` or ``2024 m. gegužės 7 d.``"""
        form = "d MMMM y" if self.language == "en" else "long"
        return format_date(date, format=form, locale=self.locale)

    def period(self, time: str) -> str:
        """A year, quarter or month in a sentence: ``March 2022`` or ``2022 m. kovo mėn.``"""
        year, _, within = time.partition("-")
        if not within:
            return year
        month = int(within.removeprefix("Q")) * (3 if within.startswith("Q") else 1)
        pattern = self.text(_QUARTER if within.startswith("Q") else _MONTH)
        return format_date(datetime.date(int(year), month, 1), format=pattern, locale=self.locale)

    # Labels

    def label(self, dimension: str, code: str) -> str:
        """The label of a code: the list's own, else CLDR's name of a place, else the catalogue's translation.

        The codes of ``measured``, which a measure of quality is broken down by, are indicators.
        """
        if dimension == "measured":
            return self.indicator(code)
        known = code_list(dimension).code(code)
        return own_label(known, self.language) or self.text(known.label("en"))

    def code_form(self, dimension: str, code: str, case: str) -> str:
        """The label of a code as a sentence needs it: ``sentence``, ``genitive``, ``locative``; else the plain label."""
        own = code_list(dimension).code(code).form(self.language, case)
        return own or self.label(dimension, code).removesuffix(_FOOTNOTE_MARK)

    def footnote(self, dimension: str, code: str) -> str:
        """What must be said wherever the name of a code stands; empty for nearly all."""
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
        said = self.text(getattr(self.indicators.derivations[suffix] if suffix else self.indicators.declared(base), what))
        if suffix:
            said = said.format(indicator=self.text(self.indicators.declared(base).label))
        return _unbroken(said)


def _unbroken(text: str) -> str:
    """A text whose numbers do not break at the end of a line: what is declared says ``1 000`` with a plain space."""
    return _SPACE_IN_NUMBER.sub(_NBSP, text)


def flags_beside(result: Result) -> str:
    """The flags of a number that is there: `` [b] [e]``; one that is not there shows them in its own place."""
    return "".join(f"{_NBSP}[{flag}]" for flag in result.flags) if result.is_available else ""
