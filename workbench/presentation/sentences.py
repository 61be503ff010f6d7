"""Sentences whose every number is bound to a result, and how they are worded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from string import Formatter

from workbench.declarations.codelists import CASES, is_aggregate
from workbench.model.errors import UnboundNumber, WorkbenchError
from workbench.model.sentence import Bound, Labels, Name, Period, Place, Sentence, Texts
from workbench.model.types import NO_VINTAGE, Result
from workbench.presentation.hard_coded_numbers import refuse_hard_coded_numbers
from workbench.presentation.wording import (
    SOURCE_LANGUAGE,
    Wording,
    capitalised,
    flags_beside,
    shown_flags,
    without_sign,
)

_FORMS_OF_RESULTS = ("", "abs", "high", "interval", "low", "ordinal", "rounded")
_ENDS = ("low", "high")
_FOOTNOTE = "footnote"
_DATED = "dated"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Worded:
    """A sentence in the reader's language.

    Attributes
    ----------
    html, text : str
        The sentence marked up, each number a link to its definition; and plain.
    has_full_stop : bool
        Whether it ends with one of its own: that of an abbreviation stays in a title.
    """

    html: str
    text: str
    has_full_stop: bool = False

    @property
    def headline(self) -> str:
        """The HTML without the full stop: as a title."""
        return self.html.removesuffix(".") if self.has_full_stop else self.html

    @property
    def plain_headline(self) -> str:
        """The same without markup."""
        return self.text.removesuffix(".") if self.has_full_stop else self.text


def sentence(message: str, bound: Mapping[str, Bound], plural: str = "") -> Sentence:
    """Bind a message.

    Parameters
    ----------
    message : str
        The sentence in English, with ``{name}`` for each number, place and time. ``{name:abs}`` is a number
        without its sign, ``{name:interval}`` its bounds, ``{name:low}`` and ``{name:high}`` each of them, ``{name:ordinal}`` a
        rank in words,
        ``{name:rounded}`` a large count in thousands or millions, ``{name:genitive}`` a place in the case that it needs.
    bound : mapping
        What the names stand for; names that the message does not have are left out.
    plural : str
        The form for several, of a message that has one; ``count`` decides.

    Raises
    ------
    UnboundNumber
        If the message contains a hard-coded number, or a name stands for a bare number or for nothing.
    """
    used: dict[str, Bound] = {}
    for template in filter(None, (message, plural)):
        _refuse_hard_coded_numbers(template)
        used |= sentence_as_written(template, bound).bound
    if plural:
        used["count"] = bound["count"]
    return Sentence(message, used, plural)


def sentence_as_written(text: str, bound: Mapping[str, Bound]) -> Sentence:
    """Bind a text that was written in the language of its readers, and is not translated; its numbers have been checked.

    Raises
    ------
    UnboundNumber, WorkbenchError
        If a name stands for nothing, or asks for a form that there is not.
    """
    used: dict[str, Bound] = {}
    for name, form in _names(text):
        if name not in bound:
            raise UnboundNumber(f"{{{name}}} stands for nothing", where=text, expected=", ".join(bound))
        _refuse_form(bound[name], form, text)
        used[name] = bound[name]
    return Sentence(text, used)


def worded(wording: Wording, said: Sentence) -> Worded:
    """Word a sentence in a language.

    Raises
    ------
    UnboundNumber, WorkbenchError
        If its translation contains a hard-coded number, a name that stands for nothing, or a form that there is not.
    """
    template = _template(wording, said)
    _refuse_hard_coded_numbers(template)
    return _filled(wording, template, said.bound)


def worded_as_written(wording: Wording, said: Sentence) -> Worded:
    """Word a sentence that was written in the language of the reader: its numbers are worded, its text stands."""
    return _filled(wording, said.message, said.bound)


def _filled(wording: Wording, template: str, bound: Mapping[str, Bound]) -> Worded:
    html: list[str] = []
    text: list[str] = []
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
        _refuse_form(value, form or "", template)
        shown = _shown(wording, value, form or "")
        if not any(map(str.isalnum, "".join(text))):
            shown = capitalised(shown)
        text.append(shown)
        if isinstance(value, Result):
            # An end of an interval stands beside its number, which has the flags.
            is_end = form in _ENDS
            text.append("" if is_end else flags_beside(value))
            html.append(number_html(wording, value, shown) + ("" if is_end else flags_html(value)))
        else:
            html.append(_name_html(value, shown))
    plain = "".join(text)
    return Worded("".join(html), plain, wording.has_full_stop(plain))


def in_english(said: Sentence) -> str:
    """A sentence for an error: its message, with the numbers in it as they are."""

    def plain(value: Bound) -> str:
        match value:
            case Result():
                # A count to the last person.
                return f"{value.value:.0f}" if float(value.value).is_integer() else f"{value.value:g}"
            case Place():
                return value.code
            case Period():
                return value.time
            case Labels():
                return value.separator.join(code for _, code in value.codes)
            case Texts():
                return value.separator.join(dict(texts)[SOURCE_LANGUAGE] for texts in value.texts)
        return value.text

    parts = Formatter().parse(said.message)
    return "".join(literal + (plain(said.bound[name]) if name is not None else "") for literal, name, *_ in parts)


def _template(wording: Wording, said: Sentence) -> str:
    if not said.plural:
        return wording.text(said.message)
    count = said.bound["count"]
    return wording.plural(
        said.message, said.plural, count.value if isinstance(count, Result) and count.is_available else 0
    )


def _names(template: str) -> list[tuple[str, str]]:
    """The names in a template, each with the form that is asked of it."""
    return [(name, form or "") for _, name, form, _ in Formatter().parse(template) if name is not None]


def _name_html(bound: Bound, shown: str) -> str:
    """A name as HTML; short names of aggregates, such as the EU-27, do not break over lines."""
    is_short = isinstance(bound, Place) and is_aggregate(bound.dimension, bound.code)
    return f'<span class="name">{escape(shown)}</span>' if is_short else whole_dates_html(shown)


def whole_dates_html(text: str) -> str:
    """A text as HTML; the dates of vintages do not break over lines."""
    return _DATE.sub(r'<span class="name">\g<0></span>', escape(text))


def number_html(wording: Wording, result: Result, shown: str) -> str:
    """A number as a link to the definition of its indicator, which says what it is: its key, its source, its bounds; and all
    its digits, where fewer are shown."""
    key, said = (
        "|".join(result.key),
        "\n".join(filter(None, (all_digits(wording, result, shown), describe(wording, result)))),
    )
    return (
        f'<a class="number" href="#{definition_id(result.indicator)}" data-result="{escape(key)}" '
        f'title="{escape(said)}">{escape(shown)}</a>'
    )


def all_digits(wording: Wording, result: Result, shown: str) -> str:
    """A number in all its digits, where fewer are shown; else nothing."""
    is_told = not result.is_available or wording.number(abs(result.value), result.unit) in shown
    return "" if is_told else wording.full_value(result)


def definition_id(indicator: str) -> str:
    """The id of an indicator's definition."""
    return f"definition-{indicator}"


def flags_html(result: Result) -> str:
    """The flags beside a number, in the open."""
    flags = flags_beside(result)
    return f'<span class="flag">{escape(flags)}</span>' if flags else ""


def describe(wording: Wording, result: Result) -> str:
    """What a number is, a line each: indicator; place, time and breakdown; interval; datasets and vintages; flags."""
    lines = [wording.indicator(result.indicator), ", ".join(_where(wording, result))]
    if interval := wording.interval(result):
        lines.append(f"{wording.name_of_interval(result)}: {interval}")
    lines.extend(sources_of(wording, result))
    lines.extend(f"[{flag}] {flag_label(wording, flag)}" for flag in shown_flags(result))
    return "\n".join(lines)


def sources_of(wording: Wording, result: Result) -> list[str]:
    """The datasets that a number comes from, each with its vintage."""
    return [f"{dataset}, {_vintage(wording, vintage)}" for dataset, vintage in result.sources]


def _vintage(wording: Wording, vintage: str) -> str:
    return wording.text("no snapshot") if vintage == NO_VINTAGE else wording.text("vintage") + f" {vintage}"


def _where(wording: Wording, result: Result) -> list[str]:
    return [wording.label("geo", result.geo), result.time, *wording.breakdown(result)]


def flag_label(wording: Wording, flag: str) -> str:
    """What a flag letter means."""
    return wording.label("conf_status" if flag == "c" else "obs_status", flag)


def _refuse_hard_coded_numbers(template: str) -> None:
    refuse_hard_coded_numbers("".join(literal for literal, *_ in Formatter().parse(template)), where=template)


def _refuse_form(bound: object, form: str, template: str) -> None:
    match bound:
        case Result():
            allowed: tuple[str, ...] = _FORMS_OF_RESULTS
        case Place():
            allowed = ("", *CASES, _FOOTNOTE)
        case Period():
            allowed = ("", _DATED)
        case Name() | Labels() | Texts():
            allowed = ("",)
        case _:
            raise UnboundNumber(
                "only results, places, periods and names go into a sentence",
                where=template,
                found=repr(bound),
                hint="bind the result itself rather than its value; a number of your own stands in study.own_table, or becomes a "
                "result as an estimate (docs/how-to/estimate.md)",
            )
    if form not in allowed:
        raise WorkbenchError(
            f"a {type(bound).__name__.lower()} in a sentence has no form {form!r}",
            where=template,
            expected=f"{', '.join(filter(None, _FORMS_OF_RESULTS))} for a result; {', '.join((*CASES, _FOOTNOTE))} for a "
            f"place; {_DATED} for a period; none for a name",
            hint="correct the form behind the colon, in the notebook or in the language's catalogue",
        )


def _shown(wording: Wording, bound: Bound, form: str) -> str:
    match bound:
        case Result():
            return _shown_result(wording, bound, form)
        case Place():
            if form == _FOOTNOTE:
                return wording.footnote(bound.dimension, bound.code)
            return wording.code_form(bound.dimension, bound.code, form or "sentence")
        case Period():
            return wording.dated_period(bound.time) if form == _DATED else wording.period(bound.time)
        case Labels():
            return bound.separator.join(wording.label(*code) for code in bound.codes)
        case Texts():
            return bound.separator.join(map(wording.in_language, bound.texts))
    return bound.text


def _shown_result(wording: Wording, result: Result, form: str) -> str:
    match form:
        case "interval":
            return wording.interval(result) or wording.value(result)
        case end if end in _ENDS:
            return wording.end(result, end)
        case "abs":
            return wording.value(without_sign(result))
        case "ordinal":
            return wording.ordinal(result)
        case "rounded":
            return wording.rounded(result)
    return wording.value(result)
