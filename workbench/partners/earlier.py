"""What the newest snapshot of an institution's dataset holds: the figures of the year before, and those of all other years."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.collections import Codes
from workbench.declarations.datasets import DatasetDeclaration

_NOTHING = "–"


@dataclass(frozen=True)
class EarlierFigures:
    """The observations of a period, by the codes of their dimensions in alphabetical order."""

    values: Mapping[tuple[tuple[str, str], ...], tuple[float, str]]
    fixed: Codes

    @classmethod
    def of(cls, store: SnapshotStore, declaration: DatasetDeclaration, fixed: Codes, period: str) -> "EarlierFigures":
        """Those of the newest vintage; none where there is no snapshot, or it lacks the period."""
        vintages = store.vintages(declaration.dataset)
        rows = observations(vintages[-1], declaration, {"time": [period]}) if vintages else []
        values = {_key(_dimensions(row)): (row["value"], row["conf_status"]) for row in rows}
        return cls(values, fixed)

    @property
    def is_known(self) -> bool:
        """Whether there is any figure."""
        return bool(self.values)

    def value(self, codes: Codes) -> float | None:
        """The figure of a cell; None where there is none."""
        value, _ = self.values.get(_key({**self.fixed, **codes}), (math.nan, ""))
        return None if math.isnan(value) else value

    def shown(self, codes: Codes) -> float | str:
        """The figure of a cell, or what stands in its place."""
        value = self.value(codes)
        _, confidentiality = self.values.get(_key({**self.fixed, **codes}), (None, ""))
        return value if value is not None else confidentiality or _NOTHING

    def codes(self, dimension: str) -> set[str]:
        """The codes of a dimension that have a figure other than zero."""
        return {dict(key)[dimension] for key, (value, _) in self.values.items() if value and not math.isnan(value)}


def observations(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """The observations of a snapshot that have these codes, each a mapping of its columns."""
    return snapshot.opened(declaration).select(filters).to_pylist()


def _dimensions(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: code for name, code in row.items() if name not in ("time", "value", "obs_status", "conf_status")}


def _key(codes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(codes.items()))
