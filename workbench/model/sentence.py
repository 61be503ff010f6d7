"""A sentence without a language: its message, and what is bound to it.

It is worded in a reader's language by `workbench.presentation.sentences.worded`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Self

from workbench.model.types import Result


@dataclass(frozen=True)
class Place:
    """A code with a name that is inflected: ``{country}`` inside a sentence, ``{country:genitive}``, ``{country:locative}``;
    its footnote is ``{country:footnote}``."""

    dimension: str
    code: str


@dataclass(frozen=True)
class Period:
    """A year, quarter or month in a sentence."""

    time: str


@dataclass(frozen=True)
class Name:
    """A name that is the same in every language: the code of a dataset."""

    text: str


@dataclass(frozen=True)
class Labels:
    """The labels of some codes, which are not inflected, one after the other.

    Attributes
    ----------
    codes : tuple of (str, str)
        Dimension and code of each; the codes of the dimension ``measured`` are indicators.
    separator : str
        Stands between them.
    """

    codes: tuple[tuple[str, str], ...]
    separator: str = "; "

    @classmethod
    def of_indicators(cls, *indicators: str) -> Self:
        """The labels of indicators."""
        return cls(tuple(("measured", indicator) for indicator in dict.fromkeys(indicators)))

    @classmethod
    def of_result(cls, result: Result) -> Self:
        """The label of a result's indicator, and of the codes that it is broken down by."""
        return cls((("measured", result.indicator), *result.codes.items()), ", ")


@dataclass(frozen=True)
class Texts:
    """Some texts that are declared in each language, such as the names of events, one after the other.

    Attributes
    ----------
    texts : tuple of tuple of (str, str)
        Of each, language and text; a language without one takes the catalogue's translation of the English.
    separator : str
        Stands between them.
    """

    texts: tuple[tuple[tuple[str, str], ...], ...]
    separator: str = "; "


Bound = Result | Place | Period | Name | Labels | Texts
"""What a sentence binds."""


@dataclass(frozen=True)
class Sentence:
    """A message, and what its names stand for.

    Attributes
    ----------
    message : str
        The text in English, with ``{name}`` for each number, place and time: what is translated.
    bound : mapping
        What the names stand for.
    plural : str
        Of a message that has one, the form for several; ``count`` is what decides.
    """

    message: str
    bound: Mapping[str, Bound]
    plural: str = ""

    def _repr_pretty_(self, printer: Any, _is_cycle: bool) -> None:
        """What IPython shows of it where a cell ends in it, which publishes nothing."""
        printer.text(f"not on the page until study.text(…) shows it: {self.message}")

    @property
    def results(self) -> tuple[Result, ...]:
        """What it states, in the order of the English text."""
        return tuple(value for value in self._stated() if isinstance(value, Result))

    @property
    def periods(self) -> tuple[str, ...]:
        """The years, quarters and months that it names."""
        return tuple(value.time for value in self._stated() if isinstance(value, Period))

    @property
    def is_complete(self) -> bool:
        """Whether every number that it states is available."""
        return all(result.is_available for result in self.results)

    def _stated(self) -> list[Bound]:
        return [self.bound[name] for _, name, _, _ in Formatter().parse(self.message) if name is not None]

    def __str__(self) -> str:
        return self.message
