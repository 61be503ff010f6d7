"""The RO-Crate of an archive: every file described, and every run with what it read and made."""

import json
from collections.abc import Iterable
from typing import Any

from rocrate.model import ContextEntity, File
from rocrate.rocrate import ROCrate

from workbench.archiving.contents import CRATE, SOFTWARE, ArchivedFile, ArchivedRun, EditionContents

_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"


def crate_metadata(contents: EditionContents) -> bytes:
    """Describe an edition as an RO-Crate.

    Parameters
    ----------
    contents : EditionContents
        The edition; the order of its files and runs does not matter.

    Returns
    -------
    bytes
        ``ro-crate-metadata.json``: RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) conforming to the Process Run Crate
        profile 0.5 (https://w3id.org/ro/wfrun/process/0.5). The same contents give the same bytes.
    """
    crate = ROCrate(version="1.1")  # the profile builds on it; the library would write a newer one
    crate.metadata.extra_terms["sha256"] = "http://schema.org/sha256"  # RO-Crate 1.1 takes its terms from schema.org 10
    notebooks = {run.notebook for run in contents.runs}
    for file in sorted(contents.files, key=lambda file: file.path):
        crate.add(_file(crate, file, file.path in notebooks))
    _add_root(crate, contents)
    for run in sorted(contents.runs, key=_run_id):
        _add_run(crate, run)
    return _in_order(crate.metadata.generate())


def _add_root(crate: ROCrate, contents: EditionContents) -> None:
    _add(crate, "#publisher", "Organization", name=contents.publisher)
    software = {"name": SOFTWARE, "softwareVersion": contents.software_version}
    if contents.software_commit:
        # What the Software Heritage archive calls the commit, wherever the repository lies.
        software["identifier"] = f"swh:1:rev:{contents.software_commit}"
    _add(crate, "#workbench", "SoftwareApplication", **software)
    _add(crate, contents.licence_url, "CreativeWork", name=contents.licence_url, url=contents.licence_url)
    _add(crate, _PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    root = {
        "name": contents.title,
        "description": contents.description,
        "datePublished": contents.date_published,
        "temporalCoverage": _covered(contents.years),
        "license": _to(contents.licence_url),
        "publisher": _to("#publisher"),
        "conformsTo": _to(_PROFILE),
        "mentions": _all_to(map(_run_id, contents.runs)),
    }
    for key, value in root.items():
        crate.root_dataset[key] = value


def _covered(years: tuple[int, ...]) -> str:
    """A year, or the interval from the first to the last, as ISO 8601 writes them."""
    return "/".join(map(str, dict.fromkeys((years[0], years[-1]))))


def _file(crate: ROCrate, file: ArchivedFile, is_notebook: bool) -> File:
    size, digest = file.size_and_digest
    about: dict[str, Any] = {
        "name": file.title,
        "encodingFormat": file.media_type,
        "contentSize": str(size),
        "sha256": digest,
    }
    if file.language:
        about["inLanguage"] = file.language
    if is_notebook:
        about |= {"@type": ["File", "SoftwareSourceCode"], "softwareRequirements": _to("#workbench")}
    return File(crate, dest_path=file.path, properties=about)


def _add_run(crate: ROCrate, run: ArchivedRun) -> None:
    """Add a run as an action, without times, which would make each sealing a different archive."""
    parameters = {"country": run.country, "year": str(run.year)}
    for name, value in parameters.items():
        _add(crate, _parameter_id(name, value), "PropertyValue", name=name, value=value)
    _add(
        crate,
        _run_id(run),
        "CreateAction",
        name=run.title,
        description=f"The study {run.study}, run for {run.country}, {run.year}",
        agent=_to("#publisher"),
        instrument=_to(run.notebook),
        object=_all_to([*run.inputs, *(_parameter_id(*parameter) for parameter in parameters.items())]),
        result=_all_to(run.outputs),
    )


def _add(crate: ROCrate, identifier: str, kind: str, /, **about: object) -> None:
    crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **about}))


def _to(identifier: str) -> dict[str, str]:
    return {"@id": identifier}


def _all_to(identifiers: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """References; a single one is not a list, as RO-Crate recommends."""
    references = [_to(identifier) for identifier in sorted(set(identifiers))]
    return references[0] if len(references) == 1 else references


def _run_id(run: ArchivedRun) -> str:
    return f"#run-{run.study}-{run.country}-{run.year}"


def _parameter_id(name: str, value: str) -> str:
    return f"#{name}-{value}"


def _in_order(metadata: dict[str, Any]) -> bytes:
    """JSON with the crate's description of itself first, then its root, then the rest by identifier."""
    first = [CRATE, "./"]
    metadata["@graph"].sort(key=lambda entity: (entity["@id"] not in first, entity["@id"] == "./", entity["@id"]))
    return (json.dumps(metadata, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
