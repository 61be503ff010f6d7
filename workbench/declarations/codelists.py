"""Code lists: the codes of the providers with their labels in each language.

Each list is a CSV file beside this module. A column named after a language holds its labels, one named
``<language>_<case>`` the form that a sentence needs. A language without columns is possible: `workbench.presentation.wording`
then names places as CLDR does, and takes other labels from the language's catalogue. Eurostat's codes are the workbench's own (EL, UK);
ISO 3166 codes are mapped here and nowhere else.
"""

import csv
import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from workbench.model.errors import UnknownCode, near

CASES = ("sentence", "genitive", "accusative", "locative")
"""The forms of a name that a sentence may ask for."""

_FOLDER = Path(__file__).parent / "codelists"
_MEMBERSHIP = "membership"
_LABEL_COLUMN = re.compile(rf"[a-z]{{2}}(_({'|'.join(CASES)}|footnote))?")
_CODE = re.compile(r"[A-Z0-9_.\-]+")
_FOOTNOTE_MARKS = "*: "
_LIKE = str.maketrans("–—‑’ʼ", "---''")
NAMED = frozenset({"consulate", "entry"})
"""Dimensions whose codes are as they are published, and no list has them: names of towns, numbers in a register."""

# Dimensions whose codes are those of other lists.
_MADE_OF = dict.fromkeys(
    ("citizen", "citizen_top5", "citizen_compared", "c_dest", "partner", "partner_top5"), ("citizen", "geo")
)


@dataclass(frozen=True)
class Code:
    """A code with its labels.

    Attributes
    ----------
    labels : dict
        Language to label.
    forms : dict
        (language, case) to the label in that case; a case that is not listed is the label itself.
    kind : str
        ``country``, ``aggregate`` or ``special`` on the axes of places and citizenships; empty elsewhere.
    iso2, iso3 : str
        ISO 3166-1 codes of a place.
    valid_from, valid_to : str
        ISO dates between which the entity exists; empty where there is no bound.
    other_labels : tuple of str
        English labels that files use, or once used, for it.
    """

    code: str
    labels: dict[str, str]
    forms: dict[tuple[str, str], str] = field(default_factory=dict)
    kind: str = ""
    iso2: str = ""
    iso3: str = ""
    valid_from: str = ""
    valid_to: str = ""
    other_labels: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """The label in a language; the English one where the list does not have that language."""
        return self.labels.get(language) or self.labels["en"]

    def footnote(self, language: str) -> str:
        """What must be said wherever the name is shown; empty for nearly all, in English where there is no translation."""
        return self.forms.get((language, "footnote")) or self.forms.get(("en", "footnote"), "")

    def form(self, language: str, case: str) -> str:
        """The label as a sentence needs it; for a case that is not listed, its ``sentence`` form or else the label.

        Empty where the list does not have the language.
        """
        own = self.forms.get((language, case)) or self.forms.get((language, "sentence"))
        return own or self.labels.get(language, "")


@dataclass(frozen=True)
class CodeList:
    """The codes of one dimension."""

    dimension: str
    codes: dict[str, Code]

    def code(self, code: str) -> Code:
        """The code.

        Raises
        ------
        UnknownCode
            Naming the code whose label (in any language) or ISO code was given instead; otherwise the nearest codes and labels.
        """
        if code in self.codes:
            return self.codes[code]
        raise UnknownCode(
            f"{code!r} is not a code of {self.dimension}",
            expected=self.near(str(code), self.codes),
            hint="name a code of the list, as the provider writes it",
        )

    def near(self, name: str, among: Iterable[str]) -> str:
        """The code whose label or ISO code was given instead; otherwise the nearest of some codes, and the nearest labels."""
        if own := self.meant_by(name):
            return f"{own.code} is the code of {own.label('en')}"
        among = list(among)
        labels = [f"{label} ({code})" for code in among for label in self.codes[code].labels.values()]
        return f"{near(name, among)}; or by label, {near(name, labels)}"

    def meant_by(self, name: str) -> Code | None:
        """The code whose label (in any language) or ISO code a text is; None if it is none."""
        folded = plain(name).casefold()
        return next((own for own in self.codes.values() if folded in (known.casefold() for known in _names(own))), None)

    def label(self, code: str, language: str = "en") -> str:
        """The label of a code in a language."""
        return self.code(code).label(language)

    def code_of_label(self, label: str) -> str:
        """The code of an English label; footnote marks are ignored.

        Raises
        ------
        UnknownCode
            Naming the nearest labels.
        """
        if code := self.meaning(label):
            return code
        raise UnknownCode(
            f"{label!r} is not a label of {self.dimension}",
            expected=near(label, [f"{known} ({code})" for known, code in _by_label(self.dimension).items()]),
            hint=f"say what it means in params/labels/{self.dimension}.yaml (label: CODE), or in a file for --labels "
            f"({self.dimension}: and below it label: CODE); or take a file with codes",
        )

    def meaning(self, label: str) -> str | None:
        """The code of an English label, None if it is not a label of the list."""
        by_label, sought = _by_label(self.dimension), plain(label)
        if sought in by_label:
            return by_label[sought]
        # Spreadsheets may write names in capitals.
        folded = {code for known, code in by_label.items() if known.casefold() == sought.casefold()}
        return folded.pop() if len(folded) == 1 else None


def is_code(text: str) -> bool:
    """Whether a text is written as the codes of providers are."""
    return bool(_CODE.fullmatch(text))


def has_code_list(dimension: str) -> bool:
    """Whether there is a code list of a dimension."""
    return dimension in {*_lists(), *_MADE_OF}


@cache
def code_list(dimension: str) -> CodeList:
    """The code list of a dimension.

    Raises
    ------
    UnknownCode
        If there is none, naming the nearest dimensions.
    """
    if not has_code_list(dimension):
        raise UnknownCode(
            f"there is no code list of {dimension}",
            expected=near(dimension, {*_lists(), *_MADE_OF}),
            hint=f"add codelists/{dimension}.csv with code, en and lt",
        )
    codes: dict[str, Code] = {}
    for row in (row for name in _MADE_OF.get(dimension, (dimension,)) for row in _rows(name)):
        # Some codes, such as TOTAL, are in both lists: the first is the dimension's own.
        codes.setdefault(row["code"], _code(row))
    return CodeList(dimension, codes)


def every_code() -> Iterator[tuple[str, Code]]:
    """Each code of each list, with the name of its list."""
    return ((name, _code(row)) for name in _lists() for row in _rows(name))


def is_aggregate(dimension: str, code: str) -> bool:
    """Whether a code stands for several others: it is never added up with them."""
    return dimension not in NAMED and code_list(dimension).code(code).kind == "aggregate"


@cache
def members(aggregate: str, year: int) -> tuple[str, ...]:
    """Members of an aggregate on 31 December of a year, sorted.

    EU27_2020 has its members in every year, because Eurostat recalculates it backwards: they have no dates in the list.
    The members of a composition that has ended are those of its own years. SCHENGEN, which is not a code of Eurostat,
    counts a member from the day on which controls at its land borders ended.

    Raises
    ------
    UnknownCode
        If the aggregate has no list of members.
    """
    day = datetime.date(year, 12, 31).isoformat()
    rows = [row for row in _rows(_MEMBERSHIP) if row["aggregate"] == aggregate]
    if not rows:
        known = {row["aggregate"] for row in _rows(_MEMBERSHIP)}
        raise UnknownCode(f"{aggregate} has no list of members", expected=near(aggregate, known))
    return tuple(
        sorted(
            row["member"]
            for row in rows
            if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
        )
    )


@cache
def reporting_countries(year: int) -> tuple[str, ...]:
    """The countries that report to Eurostat for a year, sorted: today's Member States, those of that year, and EFTA."""
    unions = ("EU27_2020", "EU28", "EU27_2007", "EFTA")
    return tuple(sorted({member for union in unions for member in members(union, year)}))


def visa_issuing_states(year: int) -> tuple[str, ...]:
    """The States that may issue Schengen visas in a year, sorted: one does so up to a year before the controls at its land
    borders end."""
    return members("SCHENGEN", year + 1)


def from_iso2(iso2: str) -> str:
    """The code of a place with an ISO 3166-1 alpha-2 code: EL for GR.

    Raises
    ------
    UnknownCode
        If no place has it, naming the nearest.
    """
    return _from_iso("iso2", iso2)


def from_iso3(iso3: str) -> str:
    """The code of a place with an ISO 3166-1 alpha-3 code, as UNHCR, Frontex and UN DESA use them: EL for GRC.

    Raises
    ------
    UnknownCode
        If no place has it, naming the nearest; the providers' own codes, such as XXA for stateless, are not places.
    """
    return _from_iso("iso3", iso3)


def _from_iso(which: str, iso: str) -> str:
    by_iso = _by_iso(which)
    if iso in by_iso:
        return by_iso[iso]
    raise UnknownCode(f"{iso!r} is not the {which} code of any place", expected=near(str(iso), by_iso))


@cache
def _by_iso(which: str) -> dict[str, str]:
    return {getattr(place, which): place.code for place in code_list("geo").codes.values() if getattr(place, which)}


@cache
def _lists() -> tuple[str, ...]:
    return tuple(sorted({file.stem for file in _FOLDER.glob("*.csv")} - {_MEMBERSHIP}))


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _label_in(column: str) -> tuple[str, str] | None:
    """The language of the labels in a column, and their case, if they have one; None of a column of something else."""
    language, _, case = column.partition("_")
    return (language, case) if _LABEL_COLUMN.fullmatch(column) else None


def _code(row: dict[str, str]) -> Code:
    labels, forms = {}, {}
    for column, text in row.items():
        if not text or (label := _label_in(column)) is None:
            continue
        language, case = label
        if case:
            forms[language, case] = text
        else:
            labels[language] = text
    return Code(
        code=row["code"],
        labels=labels,
        forms=forms,
        kind=row.get("kind", ""),
        iso2=row.get("iso2", ""),
        iso3=row.get("iso3", ""),
        valid_from=row.get("valid_from", ""),
        valid_to=row.get("valid_to", ""),
        other_labels=tuple(filter(None, row.get("other_labels", "").split("|"))),
    )


def plain(label: str) -> str:
    """A label without what varies from file to file: footnote marks, spaces, the kind of dashes and apostrophes."""
    return " ".join(label.translate(_LIKE).strip(_FOOTNOTE_MARKS).split())


def name_as_read(name: str) -> str:
    """A name that is published in capitals, as a reader expects it: ``New York, NY``, ``Dar es Salaam``, ``N'Djamena``.

    Only the case of the letters is changed: how towns are spelt is left to the provider.
    """
    if not name.isupper():
        return name
    words = name.split()
    return " ".join(_word_as_read(word, before) for before, word in zip(["", *words], words))


_SMALL_WORDS = frozenset({"DE", "DA", "ES", "OF", "LA"})


def _word_as_read(word: str, before: str) -> str:
    """A word of a name: the two letters of an American state, a small word inside the name, or any other."""
    if len(word) == 2 and before.endswith((",", ".")):
        return word
    if before and word in _SMALL_WORDS:
        return word.lower()
    return re.sub(r"'A$", "'a", word.title())


def _labels(code: Code) -> tuple[str, ...]:
    """The English labels, plain: what files contain."""
    return tuple(map(plain, (code.labels["en"], *code.other_labels)))


def _names(code: Code) -> tuple[str, ...]:
    """All that a person may write for it: the code in upper or lower case, ISO codes, labels in each language."""
    names = (code.code, code.iso2, code.iso3, *_labels(code), *map(plain, code.labels.values()))
    return tuple(filter(None, names))


@cache
def _by_label(dimension: str) -> dict[str, str]:
    return {label: code.code for code in code_list(dimension).codes.values() for label in _labels(code)}
