"""What a provider revised between two vintages of a dataset.

Compared is what both vintages cover: codes and times that only one of them has are told apart, for what is not in a file was
not withdrawn. Revision analysis as in Eurostat and OECD, "Guidelines on Revisions Policy and Analysis" (ESS guidelines on revision
policy): how many, in which direction, and by how much.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy
import pandas

from workbench.data.observations import codes_present, dimensions_of, rows
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import DatasetDeclaration
from workbench.model.errors import UnknownCode

KINDS = ("new", "gone", "revised", "reflagged")
_UNCHANGED = "unchanged"
_PLACE = "geo"


@dataclass(frozen=True)
class Revisions:
    """What became of the observations that both vintages cover.

    Attributes
    ----------
    counts : dict
        ``new`` (no value before, one now), ``gone`` (the reverse), ``revised`` (another value), ``reflagged`` (the same
        value, other flags) and ``unchanged`` to their number.
    up, down : int
        Of the revised: how many rose and fell.
    largest : Series or None
        The revised observation with the largest absolute difference, as a row of `changes`.
    median : float
        Median absolute difference of the revised; NaN if none is.
    median_pct : float
        Median absolute difference in per cent of the older value, where that is not zero.
    only_older, only_newer : dict
        Dimension (and ``time``) to the codes that only one vintage has.
    """

    older: Snapshot
    newer: Snapshot
    dimensions: tuple[str, ...]
    counts: Mapping[str, int]
    up: int
    down: int
    largest: pandas.Series | None
    median: float
    median_pct: float
    only_older: Mapping[str, list[str]]
    only_newer: Mapping[str, list[str]]

    @property
    def compared(self) -> int:
        """Observations that have a value in both vintages."""
        return sum(self.counts[kind] for kind in ("revised", "reflagged", _UNCHANGED))

    @property
    def share_revised_pct(self) -> float:
        """Revised, of those compared, in per cent; NaN if none is compared."""
        return 100 * self.counts["revised"] / self.compared if self.compared else float("nan")


def changes(older: Snapshot, newer: Snapshot, declaration: DatasetDeclaration) -> Iterator[pandas.DataFrame]:
    """Observations of both vintages side by side, place by place, so that memory does not grow with their number.

    Yields
    ------
    DataFrame
        The dimensions and ``time``; ``older`` and ``newer`` (values), ``difference``, ``difference_pct`` (of the older
        value); ``older_flags``, ``newer_flags``; ``change``: one of `KINDS`, or ``unchanged``. Sorted.

    Raises
    ------
    UnknownCode
        If the vintages have not the same dimensions.
    """
    axes, common = _common(older, newer, declaration)
    others = {axis: codes for axis, codes in common.items() if axis != _PLACE}
    places = common.get(_PLACE, [None])
    for place in places:
        wanted = others | ({_PLACE: [place]} if place is not None else {})
        sides = [_flagged(rows(snapshot, declaration, wanted)) for snapshot in (older, newer)]
        both = sides[0].merge(sides[1], how="outer", on=list(axes), suffixes=("_older", "_newer"))
        if not both.empty:
            yield _judged(both, axes)


def compare(older: Snapshot, newer: Snapshot, declaration: DatasetDeclaration) -> Revisions:
    """Compare two vintages of a dataset; see `Revisions`."""
    axes, _ = _common(older, newer, declaration)
    counts = dict.fromkeys((*KINDS, _UNCHANGED), 0)
    revised = []
    for part in changes(older, newer, declaration):
        for kind, number in part["change"].value_counts().items():
            counts[kind] += int(number)
        revised.append(part[part["change"] == "revised"])
    found = pandas.concat(revised) if revised else pandas.DataFrame(columns=["difference", "difference_pct"])
    sizes = found["difference"].abs()
    present = [{axis: set(codes_present(one, declaration, axis)) for axis in axes} for one in (older, newer)]
    return Revisions(
        older=older,
        newer=newer,
        dimensions=axes[:-1],
        counts=counts,
        up=int((found["difference"] > 0).sum()),
        down=int((found["difference"] < 0).sum()),
        largest=found.iloc[int(sizes.to_numpy().argmax())] if len(found) else None,
        median=float(sizes.median()),
        median_pct=float(found["difference_pct"].abs().median()),
        only_older={axis: sorted(present[0][axis] - present[1][axis]) for axis in axes},
        only_newer={axis: sorted(present[1][axis] - present[0][axis]) for axis in axes},
    )


def totals(snapshot: Snapshot, declaration: DatasetDeclaration, country: str) -> pandas.DataFrame:
    """The series of a country with every dimension at its total, or at its only code; empty where there is none.

    A dimension with neither, for instance citizenships without their total, gives no series: codes are never added up.
    """
    wanted = {_PLACE: [country]}
    for axis in dimensions_of(snapshot, declaration):
        if axis == _PLACE:
            continue
        codes = codes_present(snapshot, declaration, axis)
        total = next((code for code in ("TOTAL", "T") if code in codes), codes[0] if len(codes) == 1 else None)
        if total is None:
            return rows(snapshot, declaration, {_PLACE: []})
        wanted[axis] = [total]
    return rows(snapshot, declaration, wanted).sort_values("time", ignore_index=True)


def _common(older, newer, declaration) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """The dimensions, then ``time``, and the codes of each that both vintages have."""
    axes = (*dimensions_of(older, declaration), "time")
    others = (*dimensions_of(newer, declaration), "time")
    if set(axes) != set(others):
        raise UnknownCode(
            "the two vintages have not the same dimensions",
            where=f"{older.id} and {newer.id}",
            expected=", ".join(axes),
            found=", ".join(others),
            untouched="nothing was written",
            remedy="declare the renamed dimension under renamed in params/datasets/",
        )
    codes = {
        axis: sorted({*codes_present(older, declaration, axis)} & {*codes_present(newer, declaration, axis)})
        for axis in axes
    }
    return axes, codes


def _flagged(frame: pandas.DataFrame) -> pandas.DataFrame:
    flags = (frame["obs_status"] + frame["conf_status"]).astype(str)
    return frame.drop(columns=["obs_status", "conf_status"]).assign(flags=flags)


def _judged(both: pandas.DataFrame, axes: tuple[str, ...]) -> pandas.DataFrame:
    older, newer = both["value_older"], both["value_newer"]
    flags = both[["flags_older", "flags_newer"]].fillna("")
    difference = newer - older
    is_reflagged = flags["flags_older"] != flags["flags_newer"]
    kind = numpy.select(
        [older.isna() & newer.notna(), older.notna() & newer.isna(), difference.fillna(0) != 0, is_reflagged],
        KINDS,
        _UNCHANGED,
    )
    judged = both[list(axes)].assign(
        older=older,
        newer=newer,
        difference=difference,
        difference_pct=(100 * difference / older.abs()).where(older != 0),
        older_flags=flags["flags_older"],
        newer_flags=flags["flags_newer"],
        change=kind,
    )
    has_value = older.notna() | newer.notna() | is_reflagged
    return judged[has_value].sort_values(list(axes), ignore_index=True)
