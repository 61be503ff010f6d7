"""Code lists: the provider's codes with their labels in each language.

Each list is a CSV file beside this module. A column named after a language holds its labels, one named
``<language>_<case>`` the form that a sentence needs: a further language is further columns and no code. Eurostat's codes
are the workbench's own (EL, UK); ISO 3166 codes are mapped here and nowhere else.
"""

import csv
import datetime
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from workbench.model.errors import UnknownCode, near

_FOLDER = Path(__file__).parent / "codelists"
_LABEL_COLUMN = re.compile(r"[a-z]{2}(_(sentence|genitive|locative))?")
_FOOTNOTE_MARKS = "*: "
# Dimensions whose codes are those of other lists.
_MADE_OF = {"citizen": ("citizen", "geo"), "c_dest": ("citizen", "geo"), "partner": ("citizen", "geo")}


@dataclass(frozen=True)
class Code:
    """A code with its labels.

    Attributes
    ----------
    labels : dict
        Language to label.
    forms : dict
        (language, case) to the label in that case; the label itself stands for a case that is not listed.
    kind : str
        ``country``, ``aggregate`` or ``special`` on the axes of places and citizenships; empty elsewhere.
    iso2, iso3 : str
        ISO 3166-1 codes of a place.
    valid_from, valid_to : str
        ISO dates between which the entity exists; empty where there is no such bound.
    other_labels : tuple of str
        English labels that files use or used for it.
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

    def form(self, language: str, case: str) -> str:
        """The label as a sentence needs it; ``sentence`` stands for a case that is not listed, the label for that."""
        return self.forms.get((language, case)) or self.forms.get((language, "sentence")) or self.label(language)


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
            Naming the near codes, among them the one whose label or ISO code was given instead.
        """
        if code in self.codes:
            return self.codes[code]
        meant = [own.code for own in self.codes.values() if code in (own.iso2, own.iso3, *_labels(own))]
        raise UnknownCode(
            f"{code!r} is no code of {self.dimension}",
            expected=f"{meant[0]} is the code of {self.codes[meant[0]].labels['en']}"
            if meant
            else near(code, self.codes),
            remedy="name a code of the list, as the provider writes it",
        )

    def label(self, code: str, language: str = "en") -> str:
        """The label of a code in a language."""
        return self.code(code).label(language)

    def code_of_label(self, label: str) -> str:
        """The code that an English label stands for; footnote marks do not matter.

        Raises
        ------
        UnknownCode
            Naming the near labels.
        """
        by_label = _by_label(self.dimension)
        plain = label.strip(_FOOTNOTE_MARKS)
        if plain in by_label:
            return by_label[plain]
        raise UnknownCode(
            f"{label!r} is no label of {self.dimension}",
            expected=near(label, by_label),
            remedy=f"add it under other_labels in codelists/{self.dimension}.csv, or take a file with codes",
        )


@cache
def code_list(dimension: str) -> CodeList:
    """The code list of a dimension.

    Raises
    ------
    UnknownCode
        If there is none, naming the near dimensions.
    """
    codes: dict[str, Code] = {}
    for name in _MADE_OF.get(dimension, (dimension,)):
        path = _FOLDER / f"{name}.csv"
        if not path.is_file():
            known = {file.stem for file in _FOLDER.glob("*.csv")} | _MADE_OF.keys()
            raise UnknownCode(
                f"there is no code list of {dimension}",
                expected=near(dimension, known - {"membership"}),
                remedy=f"add codelists/{dimension}.csv with code, en and lt",
            )
        codes |= {row["code"]: _code(row) for row in _rows(path)}
    return CodeList(dimension, codes)


def is_aggregate(dimension: str, code: str) -> bool:
    """Whether a code stands for several: such a one is never a member of a sum."""
    return code_list(dimension).code(code).kind == "aggregate"


@cache
def members(aggregate: str, year: int) -> tuple[str, ...]:
    """Members of an aggregate on 31 December of a year, sorted.

    EU27_2020 has its members in every year, for Eurostat recalculates it backwards: they carry no dates in the list.

    Raises
    ------
    UnknownCode
        If the aggregate has no list of members.
    """
    day = datetime.date(year, 12, 31).isoformat()
    rows = [row for row in _rows(_FOLDER / "membership.csv") if row["aggregate"] == aggregate]
    if not rows:
        known = {row["aggregate"] for row in _rows(_FOLDER / "membership.csv")}
        raise UnknownCode(f"{aggregate} has no list of members", expected=near(aggregate, known))
    return tuple(
        sorted(
            row["member"]
            for row in rows
            if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
        )
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _code(row: dict[str, str]) -> Code:
    labels, forms = {}, {}
    for column, text in row.items():
        if not text or not _LABEL_COLUMN.fullmatch(column):
            continue
        language, _, case = column.partition("_")
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


def _labels(code: Code) -> tuple[str, ...]:
    return code.labels["en"], *code.other_labels


@cache
def _by_label(dimension: str) -> dict[str, str]:
    return {
        label.strip(_FOOTNOTE_MARKS): code.code
        for code in code_list(dimension).codes.values()
        for label in _labels(code)
    }
