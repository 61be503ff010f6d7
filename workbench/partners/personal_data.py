"""Personal data in a cell: what looks like a name, an e-mail address, a telephone number, a birth date or a personal code.

A form asks for counts, so a false alarm costs an institution a sentence written otherwise; a name that is missed would be
published. Names are known by their form: capitalised words side by side that the workbench's own texts and code lists do not
know, initials before a surname, and the endings of Lithuanian surnames. What stands in quotation marks is the name of a
system or an institution.
"""

import re
from functools import cache

from workbench.declarations.codelists import every_code
from workbench.model.types import message
from workbench.presentation.wording import catalogue_file, languages

EMAIL = message("An e-mail address: please take it out.")
TELEPHONE = message("What looks like a telephone number: please take it out.")
BIRTH = message("What looks like a date of birth or a personal code: please take it out.")
NAME = message(
    "What looks like the name of a person ({found}): please take it out. Put the name of an institution or a system in "
    "quotation marks."
)

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_TELEPHONE = re.compile(
    r"\+\d[\d ()./-]{6,}\d|(?i:\b(?:tel|telef|telefonas|phone|mob|mobile)\b)\W{0,3}\+?\d"
    r"|\(8[ ~-]?\d{1,3}\)|(?<!\d)8[ -]?6\d{2}[ -]?\d{2}[ -]?\d{3}(?!\d)"
)
_DAY = re.compile(
    r"\b((?:19|20)\d\d)(?:[-./ ]{1,2}\d{1,2}[-./ ]{1,2}\d{1,2}\b| m\. \w+ \d{1,2} d\b)"
    r"|\b\d{1,2}[-./ ]{1,2}\d{1,2}[-./ ]{1,2}((?:19|20)\d\d)\b"
)
_BORN = re.compile(r"(?i)\b(gim(ė|ę|us|im|\.)\w*|born|birth\w*|dob\b)")
_PERSONAL_CODE = re.compile(r"(?<!\d)[1-6]\d{2}(0\d|1[0-2])([0-2]\d|3[01])\d{4}(?!\d)")
_QUOTED = re.compile(r"[„“”\"«‘'][^„“”\"«»‘’']*[“”\"»’']")
_CAPITALISED = r"[A-ZĄČĘĖĮŠŲŪŽ][a-ząčęėįšųūžA-ZĄČĘĖĮŠŲŪŽ'’-]*[a-ząčęėįšųūž]"
_NAMES = re.compile(rf"\b{_CAPITALISED}(?: {_CAPITALISED})*\b")
_WORDS = re.compile(r"[^\W\d_]+")
_INITIAL = re.compile(rf"\b[A-ZĄČĘĖĮŠŲŪŽ]\. ?{_CAPITALISED}")
_SURNAME = re.compile(
    r"(?!(?:kas|šian|\w+a)dienė)\w{2,}(aitis|aitė|ytė|utė|ūtė|ienė|iuvienė|auskas|ausko|avičius|avičiaus|evičius|evičiaus|"
    r"inskas|insko|aičio|aitės|ytės|utės|ienės|onis|onio|ėnas|ėno|ūnas|ūno|iškis)",
    re.IGNORECASE,
)
_SURNAME_IN_ANY_CASE = re.compile(
    r"\w{2,}(aitis|aičio|auskas|ausko|avičius|avičiaus|evičius|evičiaus|inskas|insko|(ait|ausk|avič|evič|insk)ien(ė|ės|ei|ę))",
    re.IGNORECASE,
)
"""Endings that no other word has: a surname is known by them in small letters too."""
_YEARS_BEFORE = 5
"""A day that is further back than this before the period is hardly the day of a change of law."""


def personal_data(text: str, period: str) -> tuple[str, dict[str, str]] | None:
    """Why a text looks like personal data: a message and what fills it; None where it does not.

    Parameters
    ----------
    text : str
        What a cell holds.
    period : str
        The year that the table is about.
    """
    if _EMAIL.search(text):
        return EMAIL, {}
    if _TELEPHONE.search(text):
        return TELEPHONE, {}
    if _PERSONAL_CODE.search(text) or _holds_a_birth(text, int(period)):
        return BIRTH, {}
    name = _name_in(_QUOTED.sub(" , ", text))
    return (NAME, {"found": name}) if name else None


def _holds_a_birth(text: str, year: int) -> bool:
    years = [int(before or after) for before, after in _DAY.findall(text)]
    return any(_BORN.search(text) or one < year - _YEARS_BEFORE for one in years)


def _name_in(text: str) -> str:
    if found := _INITIAL.search(text):
        return found[0]
    for found in _WORDS.finditer(text):
        surname = _SURNAME if found[0].isupper() else _SURNAME_IN_ANY_CASE
        if surname.fullmatch(found[0]) and found[0].casefold() not in _vocabulary():
            return found[0]
    for found in _NAMES.finditer(text):
        words = found[0].split()
        unknown = [word for word in words if word.casefold() not in _vocabulary()]
        if len(unknown) == len(words) > 1 or any(map(_SURNAME.fullmatch, unknown)):
            return found[0]
    return ""


@cache
def _vocabulary() -> frozenset[str]:
    """The words of the workbench's texts in all languages, and of the names of countries and codes."""
    texts = [catalogue_file(language).read_text(encoding="utf-8") for language in languages() if language != "en"]
    texts += [text for _, code in every_code() for text in (*code.labels.values(), *code.forms.values())]
    # Most words stand in many texts: each is taken apart once.
    different = set("\n".join(texts).casefold().split())
    return frozenset(_WORDS.findall(" ".join(different)))
