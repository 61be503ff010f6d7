"""Sentences whose every number is bound to a result."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from string import Formatter

from workbench.declarations.codelists import CASES, is_aggregate
from workbench.model.errors import UnboundNumber, WorkbenchError
from workbench.model.types import BREAK, NO_VINTAGE, Result
from workbench.presentation.claims import Extreme
from workbench.presentation.hard_coded_numbers import refuse_hard_coded_numbers
from workbench.presentation.wording import (
    Wording,
    capitalised,
    flags_beside,
    shown_flags,
    without_sign,
)

_FORMS_OF_RESULTS = ("", "abs", "interval", "ordinal", "rounded")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Place:
    """A code with a name that is inflected: ``{country}`` inside a sentence, ``{country:genitive}``, ``{country:locative}``."""

    dimension: str
    code: str


@dataclass(frozen=True)
class Period:
    """A year, quarter or month in a sentence."""

    time: str


@dataclass(frozen=True)
class Name:
    """A name that is not inflected, in the reader's language already: the label of an indicator, the code of a dataset."""

    text: str


Bound = Result | Extreme | Place | Period | Name


@dataclass(frozen=True)
class Sentence:
    """A sentence in the reader's language, with the results it states.

    Attributes
    ----------
    html, text : str
        The sentence marked up, each number a ``<data>`` element that can be followed; and plain.
    results : tuple of Result
        What it states.
    periods : tuple of str
        The years, quarters and months that it names.
    has_full_stop : bool
        Whether it ends with one of its own: that of an abbreviation stays in a title.
    """

    html: str
    text: str
    results: tuple[Result, ...]
    periods: tuple[str, ...] = ()
    has_full_stop: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every number that it states is available."""
        return all(result.is_available for result in self.results)

    @property
    def headline(self) -> str:
        """The HTML without the full stop: as a title."""
        return self.html.removesuffix(".") if self.has_full_stop else self.html

    @property
    def plain_headline(self) -> str:
        """The same without markup."""
        return self.text.removesuffix(".") if self.has_full_stop else self.text

    def _repr_html_(self) -> str:
        return f"<p>{self.html}</p>"

    def __str__(self) -> str:
        return self.text


def sentence(wording: Wording, template: str, bound: Mapping[str, Bound]) -> Sentence:
    """Word a sentence.

    Parameters
    ----------
    wording : Wording
        The language.
    template : str
        The sentence in the language, with ``{name}`` for each number, place and time. ``{name:abs}`` is a number
        without its sign, ``{name:interval}`` what rounding allows for it, ``{name:ordinal}`` a rank in words,
        ``{name:rounded}`` a large count in thousands or millions, ``{name:genitive}`` a place in the case that it needs.
    bound : mapping
        What the names stand for.

    Raises
    ------
    UnboundNumber
        If the template contains a hard-coded number, or a name stands for a bare number.
    """
    _refuse_hard_coded_numbers(template)
    html: list[str] = []
    text: list[str] = []
    results: list[Result] = []
    periods: list[str] = []
    for literal, name, form, _ in Formatter().parse(template):
        # The full stop of an abbreviation, such as that of a month, is that of its sentence too.
        if "".join(text).endswith(".") and literal.startswith("."):
            literal = literal[1:]
        html.append(escape(literal))
        text.append(literal)
        if name is None:
            continue
        if name not in bound:
            raise UnboundNumber(f"{{{name}}} stands for nothing", where=template, expected=", ".join(bound))
        value = bound[name]
        value = value.result if isinstance(value, Extreme) else value
        shown = _shown(wording, value, form or "", template)
        if not any(map(str.isalnum, "".join(text))):
            shown = capitalised(shown)
        text.append(shown)
        if isinstance(value, Result):
            results.append(value)
            text.append(flags_beside(value))
            html.append(number_html(wording, value, shown) + flags_html(value))
        else:
            html.append(_name_html(value, shown))
        if isinstance(value, Period):
            periods.append(value.time)
    said = "".join(text)
    return Sentence("".join(html), said, tuple(results), tuple(periods), wording.has_full_stop(said))


def _name_html(bound: Place | Period | Name, shown: str) -> str:
    """A name as HTML; short names of aggregates, such as the EU-27, do not break over lines."""
    is_short = isinstance(bound, Place) and is_aggregate(bound.dimension, bound.code)
    return f'<span class="name">{escape(shown)}</span>' if is_short else whole_dates_html(shown)


def whole_dates_html(text: str) -> str:
    """A text as HTML; the dates of vintages do not break over lines."""
    return _DATE.sub(r'<span class="name">\g<0></span>', escape(text))


def number_html(wording: Wording, result: Result, shown: str) -> str:
    """A number as a link to the definition of its indicator, which says what it is: its key, its source, its bounds; and all
    its digits, where fewer are shown."""
    key, said = "|".join(result.key), describe(wording, result)
    if result.is_available and wording.number(abs(result.value), result.unit) not in shown:
        said = f"{wording.full_value(result)}\n{said}"
    return (
        f'<a class="number" href="#{definition_id(result.indicator)}" data-result="{escape(key)}" '
        f'title="{escape(said)}">{escape(shown)}</a>'
    )


def definition_id(indicator: str) -> str:
    """The id of an indicator's definition in the page."""
    return f"definition-{indicator}"


def flags_html(result: Result) -> str:
    """The flags beside a number, in the open."""
    flags = flags_beside(result)
    return f'<span class="flag">{escape(flags)}</span>' if flags else ""


def describe(wording: Wording, result: Result) -> str:
    """What a number is, a line each: indicator; place, time and breakdown; interval; datasets and vintages; flags."""
    lines = [wording.indicator(result.indicator), ", ".join(_where(wording, result))]
    if interval := wording.interval(result):
        lines.append(wording.text("Interval that rounding allows") + f": {interval}")
    lines.extend(f"{dataset}, {_vintage(wording, vintage)}" for dataset, vintage in result.sources)
    lines.extend(f"[{flag}] {flag_label(wording, flag)}" for flag in shown_flags(result))
    return "\n".join(lines)


def _vintage(wording: Wording, vintage: str) -> str:
    return wording.text("no snapshot") if vintage == NO_VINTAGE else wording.text("vintage") + f" {vintage}"


def _where(wording: Wording, result: Result) -> list[str]:
    return [wording.label("geo", result.geo), result.time, *wording.breakdown(result)]


def flag_label(wording: Wording, flag: str) -> str:
    """What a flag letter means."""
    return wording.label("conf_status" if flag == "c" else "obs_status", flag)


def _refuse_hard_coded_numbers(template: str) -> None:
    refuse_hard_coded_numbers("".join(literal for literal, *_ in Formatter().parse(template)), where=template)


def _shown(wording: Wording, bound: Bound, form: str, template: str) -> str:
    match bound:
        case Result() if form in _FORMS_OF_RESULTS:
            return _shown_result(wording, bound, form)
        case Place() if form in ("", *CASES):
            return wording.code_form(bound.dimension, bound.code, form or "sentence")
        case Period() if not form:
            return wording.period(bound.time)
        case Name() if not form:
            return bound.text
        case Result() | Place() | Period() | Name():
            raise WorkbenchError(
                f"a {type(bound).__name__.lower()} in a sentence has no form {form!r}",
                where=template,
                expected=f"{', '.join(filter(None, _FORMS_OF_RESULTS))} for a result; {', '.join(CASES)} for a place; "
                "none for a period or a name",
                hint="correct the form behind the colon, in the notebook or in the language's catalogue",
            )
    raise UnboundNumber(
        "only results, places, periods and names go into a sentence",
        where=template,
        found=repr(bound),
        hint="bind the result itself rather than its value",
    )


def _shown_result(wording: Wording, result: Result, form: str) -> str:
    match form:
        case "interval":
            return wording.interval(result) or wording.value(result)
        case "abs":
            return wording.value(without_sign(result))
        case "ordinal":
            return wording.ordinal(result)
        case "rounded":
            return wording.rounded(result)
    return wording.value(result)


def first_complete(*sentences: Sentence) -> Sentence:
    """The first of some sentences whose numbers are all there; the first of all, where none is."""
    return next((sentence for sentence in sentences if sentence.is_complete), sentences[0])


def by_direction(change: Result, rise: Sentence, fall: Sentence, level: Sentence) -> Sentence:
    """The sentence that fits a change; that for a rise, which then says what is missing, where it is not available."""
    if not change.is_available or change.value > 0:
        return rise
    return fall if change.value < 0 else level


SMALL_BASE = 100
"""A change in per cent on fewer persons says more about the small base than about the change."""

STEEP = 200.0
"""A steeper rise is expressed by its two numbers."""


def is_open(difference: Result) -> bool:
    """Whether rounding leaves open if a change or difference is above or below zero."""
    return difference.low <= 0 <= difference.high


def told_by_numbers(change: Result, before: Result) -> bool:
    """Whether a change is expressed as "from 315 to 3,940": from a small base, by so much that per cent says nothing, or where
    rounding leaves open whether it is a rise."""
    return before.value < SMALL_BASE or change.value > STEEP or is_open(change)


def by_change(
    number: Result,
    change: Result,
    before: Result,
    *,
    rise: Sentence,
    fall: Sentence,
    level: Sentence,
    from_to: Sentence,
    alone: Sentence,
    broken: Sentence | None = None,
) -> Sentence:
    """The sentence that fits a number and its change on the period before.

    Parameters
    ----------
    number : Result
        The number that is told.
    change : Result
        Its change on the period before, in per cent. It carries the flag of a break only where the series breaks in between.
    before : Result
        The number of the period before.
    rise, fall : Sentence
        What is said of a change in per cent.
    level : Sentence
        What is said where both numbers are published as the same. Where they are rounded, they are so only to the rounding.
    from_to : Sentence
        What is said by both numbers, where per cent would mislead; see `told_by_numbers`.
    alone : Sentence
        What is said where no change is known.
    broken : Sentence, optional
        What is said where the series breaks between the two; ``alone`` by default.
    """
    has_both = number.is_available and before.is_available
    if has_both and BREAK in change.flags:
        return broken or alone
    if has_both and number.value == before.value:
        return level
    if not (has_both and change.is_available):
        return from_to if from_to.is_complete and before.value < SMALL_BASE else alone
    if told_by_numbers(change, before):
        return from_to
    return by_direction(change, rise, fall, level)
