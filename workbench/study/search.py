"""What there is to ask for: indicators, datasets and codes, found by their ids and by their labels in every language."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from typing import Any

from workbench.declarations.codelists import Code, code_list, every_code
from workbench.declarations.datasets import declared_datasets, read_dataset
from workbench.declarations.indicators import Indicators
from workbench.model.paths import Project
from workbench.presentation.notebook_style import styled
from workbench.presentation.wording import Wording, language_name, languages

INDICATOR, DATASET, CODE = "indicator", "dataset", "code"
_OF_PLACES = "geo, citizen, partner"
_FEWEST_LETTERS = 0.7
"""How alike two words are, so that one may be meant by the other."""


@dataclass(frozen=True)
class Entry:
    """Something that can be asked for.

    Attributes
    ----------
    kind : str
        ``indicator``, ``dataset``, or ``code``.
    name : str
        How it is asked for: ``asylum_applicants``, ``migr_asyappctza``, ``BY``.
    labels : dict
        Language to what it is called in it, that of the study first.
    of : str
        Of a code its dimensions; of an indicator its unit; of a dataset its provider, and what the study reads of it.
    other_names : tuple of str
        What else it may be called: labels of files, ISO codes.
    is_read : bool
        Whether it is a dataset that the study reads.
    """

    kind: str
    name: str
    labels: Mapping[str, str]
    of: str = ""
    other_names: tuple[str, ...] = ()
    is_read: bool = False

    @property
    def label(self) -> str:
        """What it is called in the language of the study."""
        return next(iter(self.labels.values()))


class Listing(tuple[Entry, ...]):
    """Entries as a table, in JupyterLab and in a console."""

    def __getitem__(self, at: Any) -> Any:
        """An entry by its name, or by its position; some by their positions.

        Raises
        ------
        KeyError
            If none has the name.
        """
        if isinstance(at, slice):
            return Listing(super().__getitem__(at))
        if not isinstance(at, str):
            return super().__getitem__(at)
        if at not in self.names:
            raise KeyError(at)
        return self[self.names.index(at)]

    def _ipython_key_completions_(self) -> list[str]:
        return self.names

    @property
    def names(self) -> list[str]:
        """The names, to be asked for."""
        return [entry.name for entry in self]

    def __repr__(self) -> str:
        if not self:
            return "nothing is called so"
        widths = [max(map(len, column)) for column in list(zip(*self._rows()))[:2]]
        return "\n".join(f"{kind:{widths[0]}}  {name:{widths[1]}}  {said}" for kind, name, said in self._rows())

    def _repr_html_(self) -> str:
        if not self:
            return f"<p>{escape(repr(self))}</p>"
        heads = "".join(f'<th scope="col">{escape(language_name(language))}</th>' for language in self[0].labels)
        return styled(
            f'<table class="listing"><thead><tr><th></th><th></th>{heads}<th></th></tr></thead>'
            f"<tbody>{''.join(map(_row, self))}</tbody></table>"
        )

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(entry.kind, entry.name, " · ".join(_once(entry))) for entry in self]


def _once(entry: Entry) -> list[str]:
    """What is said of an entry, without what two languages call alike."""
    return [said for said in dict.fromkeys((*entry.labels.values(), entry.of)) if said]


def _row(entry: Entry) -> str:
    labels = "".join(f'<td lang="{language}">{escape(label)}</td>' for language, label in entry.labels.items())
    return (
        f"<tr><td>{escape(entry.kind)}</td><td><code>{escape(entry.name)}</code></td>{labels}"
        f"<td>{escape(entry.of)}</td></tr>"
    )


class Search:
    """Finds what there is to ask for.

    Parameters
    ----------
    project, indicators
        Where it is declared.
    language : str
        The language whose labels come first.
    """

    def __init__(self, project: Project, indicators: Indicators, language: str):
        self._project, self._indicators = project, indicators
        in_order = sorted(languages(), key=lambda other: other != language)
        self._wordings = [Wording(each, indicators) for each in in_order]

    def find(self, text: str) -> Listing:
        """The entries in whose id or labels all words of a text are, whatever the case and accents of its letters.

        Where the whole name is meant it comes first, then what begins with the text, then the rest: indicators, datasets, codes.
        Without any, those that are spelt nearly so.
        """
        every = list(self.every())
        words = folded(text).split()
        found = [entry for entry in every if all(word in _haystack(entry) for word in words)]
        if not found:
            found = _spelt_nearly(folded(text), every)
        return Listing(sorted(found, key=lambda entry: _distance(folded(text), entry)))

    def every(self) -> Iterator[Entry]:
        """All that can be asked for."""
        yield from self.indicators()
        yield from self.datasets()
        for dimension, code in every_code():
            yield self._code(_OF_PLACES if dimension == "geo" else dimension, dimension, code)

    def indicators(self) -> Iterator[Entry]:
        """The declared indicators, without those that their suffixes make."""
        for name in self._indicators.indicators:
            labels = self._labels(Wording.indicator, name)
            yield Entry(INDICATOR, name, labels, self._wordings[0].unit(self._indicators.unit(name)))

    def datasets(self) -> Iterator[Entry]:
        """The declared datasets."""
        for name in declared_datasets(self._project):
            declared = read_dataset(self._project, name)
            labels = self._labels(Wording.text, declared.title)
            yield Entry(DATASET, name, labels, self._wordings[0].text(declared.provider))

    def codes(self, dimension: str, text: str = "") -> Listing:
        """The codes of a dimension in whose labels all words of a text are.

        Raises
        ------
        UnknownCode
            If there is no code list of the dimension, naming the nearest.
        """
        entries = (self._code(dimension, dimension, code) for code in code_list(dimension).codes.values())
        words = folded(text).split()
        found = [entry for entry in entries if all(word in _haystack(entry) for word in words)]
        return Listing(sorted(found, key=lambda entry: _distance(folded(text), entry)) if words else found)

    def _code(self, shown: str, dimension: str, code: Code) -> Entry:
        labels = self._labels(Wording.label, dimension, code.code)
        others = tuple(filter(None, (code.iso2, code.iso3, *code.other_labels)))
        return Entry(CODE, code.code, labels, shown, others)

    def _labels(self, worded: Callable[..., str], *of: str) -> dict[str, str]:
        return {wording.language: worded(wording, *of) for wording in self._wordings}


def folded(text: str) -> str:
    """A text without case, accents and signs: ``Šiaurės Makedonija`` and ``siaures makedonija`` are the same."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.split())


def _haystack(entry: Entry) -> str:
    return folded(" ".join((entry.name, *entry.labels.values(), *entry.other_names)))


def _distance(text: str, entry: Entry) -> tuple[bool, bool, int]:
    """How far an entry is from what was meant: a whole name, the beginning of one, a part of one."""
    names = [folded(name) for name in (entry.name, *entry.labels.values(), *entry.other_names)]
    begins = any(name.startswith(text) for name in names)
    return text not in names, not begins, (INDICATOR, DATASET, CODE).index(entry.kind)


def _spelt_nearly(text: str, entries: list[Entry]) -> list[Entry]:
    by_name = {folded(name): entry for entry in entries for name in (entry.name, *entry.labels.values())}
    return list(
        {id(by_name[name]): by_name[name] for name in get_close_matches(text, by_name, 5, _FEWEST_LETTERS)}.values()
    )
