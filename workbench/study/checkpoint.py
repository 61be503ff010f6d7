"""Checkpoints of a notebook that runs: its names and its studies as they were before a cell, so that it can run again from
there. A preview of a notebook asks its kernel for them, out of the notebook's sight.

What a name stands for is kept, not a copy of it: an object that a later cell changes in place stays changed.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from workbench.model.record import RECORD_TYPE, Record
from workbench.study.shown import MimeBundle
from workbench.study.study import Study

_CONTAINERS = (dict, list, set)


@dataclass(frozen=True)
class _Kept:
    """An object as it was: its attributes, and what was in those of them that are filled as it is used."""

    kept: object
    attributes: dict[str, Any]
    contents: dict[str, Any]

    @classmethod
    def of(cls, kept: object) -> "_Kept":
        attributes = dict(vars(kept))
        filled = {name: copy(value) for name, value in attributes.items() if isinstance(value, _CONTAINERS)}
        return cls(kept, attributes, filled)

    def restore(self) -> None:
        """Make it what it was; the containers are the same, for others hold them too."""
        _refill(vars(self.kept), self.attributes)
        for name, content in self.contents.items():
            _refill(self.attributes[name], content)


class Checkpoints:
    """The checkpoints of one notebook, by the positions of its cells.

    Parameters
    ----------
    names : dict
        What the cells of the notebook share.
    """

    def __init__(self, names: dict[str, Any]):
        self._names = names
        self._kept: dict[int, tuple[dict[str, Any], list[_Kept]]] = {}

    def keep(self, position: int) -> None:
        """Keep names and studies as they are before a cell."""
        of_studies = [_Kept.of(part) for study in _studies(self._names) for part in study._stateful_parts()]
        self._kept[position] = dict(self._names), of_studies

    def restore(self, position: int) -> None:
        """Make names and studies what they were before a cell, and forget the checkpoints of those below it."""
        names, of_studies = self._kept[position]
        _refill(self._names, names)
        for kept in of_studies:
            kept.restore()
        self._kept = {at: kept for at, kept in self._kept.items() if at <= position}

    def record(self) -> "CarriedRecord | None":
        """The record of the study that is open, of what it has published so far; None if none is."""
        study = next(iter(_studies(self._names)), None)
        return CarriedRecord(study._record_so_far()) if study else None


@dataclass(frozen=True)
class CarriedRecord:
    """A record as the output of a cell carries it."""

    record: Record

    def _repr_mimebundle_(self, **_kinds: object) -> MimeBundle:
        return {RECORD_TYPE: self.record.as_json(), "text/plain": ""}, {}


_of_this_kernel: list[Checkpoints] = []


def of_this_kernel() -> Checkpoints:
    """The checkpoints of the notebook that this process is the kernel of."""
    if not _of_this_kernel:
        # Imported here, for only a kernel has it.
        from IPython import get_ipython

        _of_this_kernel.append(Checkpoints(get_ipython().user_ns))
    return _of_this_kernel[0]


def _studies(names: Mapping[str, Any]) -> list[Study]:
    """The studies that have a name, each once."""
    return list({id(value): value for value in names.values() if isinstance(value, Study)}.values())


def _refill(container: Any, content: Any) -> None:
    container.clear()
    if isinstance(container, list):
        container.extend(content)
    else:
        container.update(content)
