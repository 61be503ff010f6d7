"""A DataFrame of codes that shows their labels: to compute and to join, there are the codes alone."""

from collections.abc import Callable
from typing import Any, ClassVar

import pandas

from workbench.declarations.codelists import NAMED, code_list, has_code_list

_MOST_ROWS = 60
_SHOWN_ROWS = 10
_NAMED_BY_STUDIES = frozenset({"indicator", "unit"})


Labels = Callable[[str, str], str]
"""Gives the label of a code: ``labels("citizen", "BY")``."""


def english(dimension: str, code: str) -> str:
    """The English label of a code; the code itself, where no list has it."""
    known = code_list(dimension).codes.get(code) if has_code_list(dimension) else None
    return known.label("en") if known else code


class LabelledFrame(pandas.DataFrame):
    """A DataFrame that is shown in a notebook with the label of each code of a code list, and of each flag. What is made of it
    is one, too.

    Attributes
    ----------
    labels_shown : callable
        What gives the labels, for all frames: whoever looks at them reads one language.
    """

    labels_shown: ClassVar[Labels] = staticmethod(english)

    @property
    def _constructor(self) -> Callable[..., "LabelledFrame"]:
        return LabelledFrame

    @property
    def flags(self) -> pandas.Flags:
        """pandas' own settings of a frame, not a column."""
        return _FlagsOfPandas(self, allows_duplicate_labels=super().flags.allows_duplicate_labels)

    def _repr_html_(self) -> str | None:
        shown = pandas.DataFrame(self)
        cut = len(shown) > _MOST_ROWS
        if cut:
            shown = pandas.concat([shown.head(_SHOWN_ROWS // 2), shown.tail(_SHOWN_ROWS // 2)])
        for column in shown.columns:
            if label := _label_in(str(column)):
                shown[column] = shown[column].map(label)
        counted = f"<p>{len(self):,} rows, of which {_SHOWN_ROWS} are shown</p>" if cut else ""
        return shown.to_html(na_rep="", index=not isinstance(self.index, pandas.RangeIndex)) + counted


class _FlagsOfPandas(pandas.Flags):
    """The settings, which say so to whoever took them for the column of the same name."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f'frame.flags are settings of pandas and have no {name}: the column is frame["flags"]')


def _label_in(column: str) -> Callable[[Any], Any] | None:
    """What shows a cell of a column; None where its cells stand for themselves."""
    if column == "breakdown":
        return _labelled_breakdown
    if column == "flags":
        return _labelled_flags
    if column in _NAMED_BY_STUDIES or (has_code_list(column) and column not in NAMED):
        return lambda code: _labelled(column, code)
    return None


def _labelled(dimension: str, code: Any) -> Any:
    if not isinstance(code, str):
        return code
    label = LabelledFrame.labels_shown(dimension, code)
    return f"{code} – {label}" if label != code else code


def _labelled_breakdown(breakdown: Any) -> Any:
    """``citizen=BY – Belarus``"""
    parts = [part.partition("=") for part in str(breakdown).split(";") if part]
    return "; ".join(f"{dimension}={_labelled(dimension, code)}" for dimension, _, code in parts)


def _labelled_flags(flags: Any) -> Any:
    return ", ".join(_labelled("obs_status", flag) for flag in str(flags))
