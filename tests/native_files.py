"""What tests of native files share: a file brought into the normal form, and read back."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas

from workbench.data.formats.native import open_native
from workbench.data.normal_form import NormalForm
from workbench.data.storing import store

TEXTS = ("time", "obs_status", "conf_status")


@dataclass
class Table:
    """What was stored of a file, and read back."""

    dataset: str | None
    last_update: str | None
    dimensions: tuple[str, ...]
    frame: pandas.DataFrame

    def __eq__(self, other):
        mine, others = ((table.dataset, table.last_update, table.dimensions) for table in (self, other))
        return mine == others and self.frame.equals(other.frame)


def read_table(path: Path, target: Path | None = None) -> Table:
    """Bring a native file into the normal form, in a folder of its own, and read it back."""
    with tempfile.TemporaryDirectory() as folder:
        target = target or Path(folder) / "stored"
        stored = store(open_native(path), target)
        form = NormalForm(target)
        frame = form.select({}).to_pandas().astype({name: str for name in (*form.dimensions, *TEXTS)})
    assert (form.rows, form.codes) == (stored.rows, stored.codes) and len(frame) == stored.rows
    keys = [*form.dimensions, "time"]
    assert not frame.duplicated(keys).any()
    return Table(stored.dataset, stored.last_update, form.dimensions, frame.sort_values(keys, ignore_index=True))
