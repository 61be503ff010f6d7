"""How an indicator is computed, in a line that needs no programming to read."""

from workbench.declarations.indicators import (
    Count,
    Difference,
    Dissimilarity,
    Estimate,
    ExpectedRate,
    Formula,
    GainOverThePeriod,
    GainOverTheYear,
    GroupGap,
    HerfindahlHirschman,
    KnownShare,
    MonthShares,
    NumberOfParts,
    Ratio,
    Share,
    ShareOfTheFiveLargest,
)
from workbench.model.types import TOTALS, message
from workbench.presentation.wording import Wording

_OF_ANOTHER: dict[type, str] = {
    GainOverTheYear: message("{of} on 1 January of the next year, less that of the year"),
    GainOverThePeriod: message("{of} at the end of the period, less that at the end of the one before"),
    HerfindahlHirschman: message("the sum of the squared shares of the parts of: {of}"),
    ShareOfTheFiveLargest: message("the five largest parts together, in per cent of: {of}"),
    Dissimilarity: message("half the sum of the differences from the shares in the EU-27, of: {of}"),
    KnownShare: message("the known parts together, in per cent of the published total of: {of}"),
    NumberOfParts: message("how many parts are not nought, of: {of}"),
    MonthShares: message("the average share of each month of the calendar in its year, of: {of}"),
}
"""What is made of one other indicator."""


def formula_in_words(wording: Wording, indicator: str) -> str:
    """The formula of a base indicator, with the labels of the indicators that it uses."""
    declared = wording.indicators.declared(indicator)
    return _of_counts(wording, declared) if isinstance(declared, Count) else _of_others(wording, declared)


def _of_counts(wording: Wording, declared: Count) -> str:
    sources = declared.sources[0]
    codes = [wording.label(dimension, code) for dimension, code in sources.where.items() if code not in TOTALS]
    said = wording.text("as published") if not sources.over else wording.text("published figures, added up")
    if sources.year == "last month":
        said = wording.text("as published for the last month of the year")
    elif sources.year:
        said = wording.text("published figures, added up over the year")
    return f"{said}: {', '.join(codes)}" if codes else said


def _of_others(wording: Wording, declared: Formula) -> str:
    def label(indicator: str) -> str:
        return wording.indicator(indicator)

    match declared:
        case Difference():
            return f"{label(declared.minuend)} − {label(declared.subtrahend)}"
        case Ratio():
            return f"{label(declared.numerator)} ÷ {label(declared.denominator)} × {wording.number(declared.per)}"
        case Share(part=str() as part):
            return f"{label(part)} ÷ {label(declared.of)} × {wording.number(100)}"
        case Share(part=dict() as part):
            codes = ", ".join(wording.label(dimension, code) for dimension, code in part.items())
            return f"{label(declared.of)} ({codes}) ÷ {label(declared.of)} × {wording.number(100)}"
        case GroupGap():
            codes = ", ".join(wording.label(dimension, code) for dimension, code in declared.less.items())
            return wording.text("{of} of the group, less that of: {group}").format(of=label(declared.of), group=codes)
        case ExpectedRate():
            return wording.text("{part} ÷ {of}, if each group had the rate that the standard has").format(
                part=label(declared.part), of=label(declared.of)
            )
        case Estimate():
            return wording.text("estimated by a statistical method, from: {of}").format(
                of=", ".join(map(label, declared.of))
            )
    said = _OF_ANOTHER.get(type(declared))
    return wording.text(said).format(of=label(*declared.terms)) if said else ""
