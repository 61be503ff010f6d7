"""Hard-coded numbers in prose: no result is behind them, so a reader cannot trace them, and they outlive their data."""

import re
from functools import cache

from babel import Locale

from workbench.model.errors import UnboundNumber
from workbench.model.types import message
from workbench.presentation.wording import SOURCE_LANGUAGE, languages, translations

ARTICLES = message("Article {number}|Articles {number} and {number}|Art. {number}")
"""How articles of legal acts are cited; ``|`` separates the forms, ``*`` stands for any ending."""

_HYPHEN = "[-\N{NON-BREAKING HYPHEN}]"
# Abbreviations of the Union in its languages.
_UNION = "(?:EU|ES|UE|EÚ|EL|AE|ΕΕ|ЕС)"
_THE_27 = re.compile(rf"\b{_UNION}{_HYPHEN}27\b")

# A part of a longer number, an amount of money or a share is not a year, day or article.
_START = r"(?<![\w€$£+\N{MINUS SIGN}])(?<!\d[.,\s])"
_END = r"(?![\w%]|[.,]\d|\s?[%‰€])"
_LETTER = r"[^\W\d_]"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_IN_ANY_LANGUAGE = (
    r"(`+).*?\1",  # codes
    r"\]\([^\s)]+",  # link targets
    r"https?://[^\s>)]+",
    r"^\d{1,3}[.)](?=\s)",  # list marks
    rf"{_START}{_YEAR}-(?:0[1-9]|1[0-2])-{_DAY}{_END}",
    # (EU) 2020/851, (EC) No 862/2007; 2011/95/EU; Lithuanian acts: IX-2206
    rf"\({_LETTER}[^()\d]*\)\s(?:{_LETTER}+[.°º]?\s)?(?:{_YEAR}/\d{{1,4}}|\d{{1,4}}/{_YEAR}){_END}",
    rf"{_START}{_YEAR}/\d{{1,4}}/{_LETTER}{{2,}}",
    rf"{_START}[IVXLC]+-\d{{1,4}}{_END}",
    rf"{_START}(?:[A-Z]{{2,}}{_HYPHEN}|{_UNION})\d\d{_END}",  # EU-27, EU28, COVID-19
)
_NUMBER = re.compile(r"[\d¼-¾⅐-⅞](?:[\d.,\s]*\d)?(?:\s?%)?")


def refuse_hard_coded_numbers(sentence: str, where: str) -> None:
    """Refuse a sentence that contains a digit, except in the name of the EU-27.

    Parameters
    ----------
    sentence : str
        The sentence without its fields.
    where : str
        The sentence as it was written.

    Raises
    ------
    UnboundNumber
        Naming the number.
    """
    _refuse(
        _THE_27.sub(" ", sentence),
        "a number is hard-coded in a sentence",
        where=where,
        expected="a {name} bound to a result, a place or a period",
        hint="compute it as a result and bind it, so that a reader can trace it and it changes with the data",
    )


def hard_coded_number(text: str) -> re.Match[str] | None:
    """The first number in prose that is no year, date, legal act or the like: what it is, and where in the text."""
    if not _NUMBER.search(text):
        return None
    allowed = _allowed(tuple(languages()), _articles())
    # As many blanks: what is left stays where it was.
    return _NUMBER.search(allowed.sub(lambda found: " " * len(found.group()), text))


def refuse_hard_coded_numbers_in_prose(text: str) -> None:
    """Refuse a paragraph, heading or list item of a Markdown cell that contains a hard-coded number, in any language.

    Years, dates, legal acts and their articles, names such as EU-27, codes in backticks and the targets of links are allowed.

    Raises
    ------
    UnboundNumber
        Naming the text and the number.
    """
    if not (number := hard_coded_number(text)):
        return
    raise UnboundNumber(
        "a number is hard-coded in a Markdown cell",
        where=text,
        found=number.group(),
        expected="no digits except in years, dates, legal acts, names such as EU-27, and codes in backticks",
        hint="compute it as a result, bind it with say(…) and show the sentence with study.text(…), so that a "
        "reader can trace it and it changes with the data",
    )


def _refuse(prose: str, what: str, **details: str) -> None:
    if number := _NUMBER.search(prose):
        raise UnboundNumber(what, found=number.group(), **details)


def _articles() -> frozenset[str]:
    """How articles of legal acts are cited, in any language."""
    return frozenset(form for language in languages() for form in translations(language).gettext(ARTICLES).split("|"))


@cache
def _allowed(spoken: tuple[str, ...], articles: frozenset[str]) -> re.Pattern:
    """What may contain digits; a year comes last, because dates and acts contain one."""
    longest_first = sorted(articles, key=lambda form: (-len(form), form))
    dates = [_date(language) for language in spoken]
    allowed = [*_IN_ANY_LANGUAGE, *map(_article, longest_first), *dates, rf"{_START}{_YEAR}s?{_END}"]
    return re.compile("|".join(allowed))


def _date(language: str) -> str:
    """A pattern of day and month as the language writes them: ``1 January``, ``sausio 1 d.``"""
    locale = Locale.parse(language)
    form = "%(d)s %(MMMM)s" if language == SOURCE_LANGUAGE else locale.datetime_skeletons["MMMMd"].format
    months = {form for month in locale.months["format"]["wide"].values() for form in (month, month.capitalize())}
    month = "(?:" + "|".join(sorted(map(re.escape, months))) + ")"
    return _START + _pattern(form % {"d": "{day}", "MMMM": "{month}"}, {"day": _DAY, "month": month}) + _END


def _article(form: str) -> str:
    number = r"\d{1,3}[a-z]?(?:\(\w{1,4}\))*"
    return f"{_START}(?i:{_pattern(form.strip(), {'number': number})}){_END}"


def _pattern(written: str, fields: dict[str, str]) -> str:
    """A written form as a pattern: ``{field}`` becomes its own pattern, ``*`` any ending, a blank any kind of blank."""
    pattern = re.escape(written).replace(r"\ ", r"\s").replace(r"\*", r"\w*")
    for name, field in fields.items():
        pattern = pattern.replace(re.escape(f"{{{name}}}"), field)
    return pattern
