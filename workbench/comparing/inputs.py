"""What the two sides were made from: snapshots, declarations, notebooks, code, packages; and what of it a study depends on."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from workbench.comparing.side import Side, cells_of
from workbench.declarations.studies import EVERY_VINTAGE, OTHER_STUDIES
from workbench.editions.archive_contents import CODE
from workbench.execution.fingerprint import LOCK, OF_RECORDS
from workbench.model.digests import code_digest, digest_of, file_digest
from workbench.model.types import BY

SNAPSHOT, DECLARATION, NOTEBOOK, PACKAGE, CODE_FILE = "snapshot", "declaration", "notebook", "package", "code"

ADDED, REMOVED, CHANGED = "added", "removed", "changed"

_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)")
_STORED = re.compile(r"\.(parquet|csv\.gz)$")
_OF_ALL = ("indicators", "countries", "events")
_MOST_LINES = 4_000
_CONTEXT = 1

Lines = tuple[tuple[str, str], ...]
"""The lines of a text around what differs: ``" "``, ``"-"`` or ``"+"``, and the line; an empty sign where some are left out."""


@dataclass(frozen=True)
class InputChange:
    """Something that the sides were made from, and that differs.

    Attributes
    ----------
    kind : str
        `SNAPSHOT`, `DECLARATION`, `NOTEBOOK`, `PACKAGE` or `CODE_FILE`.
    name : str
        Dataset and vintage, path or package; of a notebook, with the cell.
    state : str
        `ADDED`, `REMOVED` or `CHANGED`.
    lines : tuple
        Of a text, what changed in it.
    """

    kind: str
    name: str
    state: str
    lines: Lines = ()


def input_changes(before: Side, after: Side) -> list[InputChange]:
    """All that differs of what two sides were made from."""
    return [
        *_files(SNAPSHOT, _snapshots(before), _snapshots(after)),
        *_files(DECLARATION, _declarations(before), _declarations(after), _lines_of_files(before, after)),
        *_notebooks(before, after),
        *_packages(before, after),
        *_files(CODE_FILE, _code(before), _code(after)),
    ]


def _files(
    kind: str, before: Mapping[str, str], after: Mapping[str, str], lines: Callable[[str], Lines] = lambda name: ()
) -> Iterator[InputChange]:
    """What differs between files, which are given by name and digest or version."""
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old != new:
            state = ADDED if old is None else REMOVED if new is None else CHANGED
            yield InputChange(kind, name, state, lines(name) if state == CHANGED else ())


def _snapshots(side: Side) -> dict[str, str]:
    folder = side.payload / "snapshots"
    stored = [path for path in folder.rglob("*") if path.suffix in (".parquet", ".gz")]
    return {f"{path.parent.name} {_STORED.sub('', path.name)}": file_digest(path) for path in stored}


def _declarations(side: Side) -> dict[str, str]:
    folder = side.payload / "params"
    return {path.relative_to(side.payload).as_posix(): file_digest(path) for path in folder.rglob("*.yaml")}


def _code(side: Side) -> dict[str, str]:
    folder = side.payload / CODE
    return {
        path.relative_to(folder).as_posix(): file_digest(path) for path in folder.rglob("*.*") if path.suffix != ".json"
    }


def _packages(before: Side, after: Side) -> Iterator[InputChange]:
    old, new = _environment(before), _environment(after)
    for change in _files(PACKAGE, old, new):
        versions = tuple((sign, one[change.name]) for sign, one in (("-", old), ("+", new)) if change.name in one)
        yield InputChange(PACKAGE, change.name, change.state, versions)


def _environment(side: Side) -> dict[str, str]:
    """Each package, and Python, to the versions of it."""
    versions: dict[str, list[str]] = {}
    lock = side.payload / LOCK
    for line in lock.read_text("utf-8", "replace").splitlines() if lock.is_file() else ():
        if pin := _PIN.match(line):
            versions.setdefault(pin["name"], []).append(pin["version"])
    packages = {name: ", ".join(dict.fromkeys(of_one)) for name, of_one in versions.items()}
    return {**packages, **({"Python": side.version["python"]} if "python" in side.version else {})}


# Texts


def _lines_of_files(before: Side, after: Side) -> Callable[[str], Lines]:
    return lambda name: _differing_lines(
        *((side.payload / name).read_text("utf-8", "replace") for side in (before, after))
    )


def _notebooks(before: Side, after: Side) -> Iterator[InputChange]:
    """The cells of notebooks that differ; of a notebook that is new or gone, nothing further."""
    old, new = (
        {path.relative_to(side.payload).as_posix(): path for path in (side.payload / "notebooks").glob("*.ipynb")}
        for side in (before, after)
    )
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            yield InputChange(NOTEBOOK, name, ADDED if name in new else REMOVED)
            continue
        yield from (_cell_change(name, *cell) for cell in _cell_pairs(_cells(old[name]), _cells(new[name])))


def _cells(notebook: Path) -> dict[str, str]:
    """The cells by their names."""
    return {cell.name: cell.source for cell in cells_of(notebook)}


def _cell_pairs(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    for cell in dict.fromkeys((*before, *after)):
        if before.get(cell) != after.get(cell):
            yield cell, before.get(cell), after.get(cell)


def _cell_change(notebook: str, cell: str, before: str | None, after: str | None) -> InputChange:
    state = ADDED if before is None else REMOVED if after is None else CHANGED
    return InputChange(NOTEBOOK, f"{notebook}, {cell}", state, _differing_lines(before or "", after or ""))


def _differing_lines(before: str, after: str) -> Lines:
    """The lines that differ, each group of them with a line around it; nothing of a text that is too long to compare."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > _MOST_LINES:
        return ()
    found: list[tuple[str, str]] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT):
        found += [("", "…")] if found else []
        for what, first, last, first_now, last_now in group:
            if what == "equal":
                found += [(" ", line) for line in old[first:last]]
            else:
                found += [("-", line) for line in old[first:last]] + [("+", line) for line in new[first_now:last_now]]
    return tuple(found)


# What a study depends on


def _method_of(side: Side, study: str) -> dict[str, str]:
    """What decides how a study computes its numbers, each to its digest: code, notebook, parameters, declarations, packages."""
    sidecar = side.sidecar(study)
    declared = [f"params/{name}.yaml" for name in _OF_ALL] + [f"params/studies/{study}.yaml"]
    declared += [f"params/datasets/{dataset}.yaml" for dataset in sidecar.datasets]
    package = side.payload / CODE / "workbench"
    return {
        f"notebooks/{study}.ipynb": _code_cells(side.payload / "notebooks" / f"{study}.ipynb"),
        **{path: file_digest(side.payload / path) for path in declared},
        CODE: code_digest(OF_RECORDS, package) if package.is_dir() else f"all of it: {side.version['sha256']}",
        LOCK: digest_of(_environment(side)),
        **({"params/editions": _other_studies(side)} if OTHER_STUDIES in sidecar.depends_on else {}),
    }


def data_changes(before: Side, after: Side, study: str) -> list[str]:
    """What of the data that a study may read differs: which vintages its edition chooses, or what they hold.

    A dataset that one side alone holds came, or went, with the method.
    """
    sidecars = [side.sidecar(study) for side in (before, after)]
    datasets = {*snapshots_held(before)} & {*snapshots_held(after)} & {*sidecars[0].datasets, *sidecars[1].datasets}
    is_of_every = any(EVERY_VINTAGE in one.depends_on for one in sidecars)
    old, new = (_vintages(side, datasets, is_of_every) for side in (before, after))
    return [
        *(f"{name}: {old.get(name, '–')} → {new.get(name, '–')}" for name in differing(old, new)),
        *(f"{name}: {digest}" for name, digest in _other_content(before, after, datasets)),
    ]


def _vintages(side: Side, datasets: Collection[str], is_of_every: bool) -> dict[str, str]:
    """Each dataset, and each breakdown with a vintage of its own, to the vintages that a run may choose; and those that are there,
    where it looks at every one."""
    pinned, held = side.declaration["vintages"], snapshots_held(side)
    chosen = {name: pinned.get(name, held[name]) for name in datasets}
    of_breakdowns = {name: one for name, one in pinned.items() if name.partition(BY)[0] in datasets}
    there = {f"{name}, all": held[name] for name in datasets if is_of_every}
    return {name: ", ".join(sorted(one)) for name, one in sorted({**chosen, **of_breakdowns, **there}.items())}


def _other_content(before: Side, after: Side, datasets: Collection[str]) -> Iterator[tuple[str, str]]:
    old, new = snapshots_held(before), snapshots_held(after)
    for dataset in sorted(datasets):
        for vintage in sorted(old[dataset].keys() & new[dataset].keys()):
            if old[dataset][vintage] != new[dataset][vintage]:
                yield f"{dataset} {vintage}", f"{old[dataset][vintage][:12]} → {new[dataset][vintage][:12]}"


def snapshots_held(side: Side) -> dict[str, dict[str, str]]:
    """Each dataset of which a side holds snapshots, to its vintages and their digests."""
    found: dict[str, dict[str, str]] = {}
    for name, digest in _snapshots(side).items():
        dataset, _, vintage = name.partition(" ")
        found.setdefault(dataset, {})[vintage] = digest
    return found


def method_changes(before: Side, after: Side, study: str) -> list[str]:
    """What differs of what decides how a study computes its numbers."""
    return differing(*(_method_of(side, study) for side in (before, after)))


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The names under which two of these are not the same."""
    return [name for name in dict.fromkeys((*after, *before)) if before.get(name) != after.get(name)]


def _other_studies(side: Side) -> str:
    """The digest of what a study shows of the others of its edition."""
    studies = side.declaration["studies"]
    return digest_of([(one, file_digest(side.payload / "params" / "studies" / f"{one}.yaml")) for one in studies])


def _code_cells(notebook: Path) -> str:
    """The digest of the cells of code of a notebook: its text is no part of how it computes."""
    return digest_of([[cell.source, cell.name] for cell in cells_of(notebook) if cell.is_code])
