"""The RO-Crate of an archive: every file described, and every run with what it read and made."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from rocrate.model import ContextEntity, File
from rocrate.rocrate import ROCrate

from workbench.archiving.contents import CRATE, README, RUN_ID, SOFTWARE, ArchivedFile, ArchivedRun, EditionContents

# What the crate conforms to: the last profile builds on the others, which it is recommended to name too.
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
    "https://w3id.org/ro/wfrun/provenance/0.5": ("Provenance Run Crate", "0.5"),
}
_WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
_WORKFLOW_PROFILE = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
_PARAMETER_PROFILE = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"
# RO-Crate 1.1 takes its terms from schema.org 10, which has no sha256, and none of DCAT.
_OTHER_TERMS = {
    "sha256": "http://schema.org/sha256",
    "accessRights": "http://purl.org/dc/terms/accessRights",
    "theme": "http://www.w3.org/ns/dcat#theme",
}
# Authority tables of the Publications Office of the European Union, as in the catalogue of the site.
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_THEME = "http://publications.europa.eu/resource/authority/data-theme/SOCI"
_NOTEBOOK = ["File", "SoftwareSourceCode"]
_WORKFLOW = [*_NOTEBOOK, "ComputationalWorkflow", "HowTo"]
_SOFTWARE_HERITAGE = "https://archive.softwareheritage.org/"
_PARAMETERS = {"country": "Text", "year": "Integer"}
_COMPLETED = "http://schema.org/CompletedActionStatus"


def crate_metadata(contents: EditionContents) -> bytes:
    """Describe an edition as an RO-Crate.

    The declaration of the edition is the workflow, whose steps are its notebooks; the workbench runs it. Each run is an
    action with its notebook, parameters, inputs and outputs, without times: these would make each sealing another archive,
    and the journal beside the archive has them.

    Parameters
    ----------
    contents : EditionContents
        The edition; the order of its files and runs does not matter.

    Returns
    -------
    bytes
        ``ro-crate-metadata.json``: RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) conforming to the Provenance Run Crate
        profile 0.5 (https://w3id.org/ro/wfrun/provenance/0.5) and those that it builds on. The same contents give the same
        bytes.
    """
    crate = ROCrate(version="1.1")  # the profile builds on it; the library would write a newer one
    crate.metadata.extra_terms.update(_OTHER_TERMS)
    types = {run.notebook: _NOTEBOOK for run in contents.runs} | {contents.declaration: _WORKFLOW}
    for file in sorted(contents.files, key=lambda file: file.path):
        crate.add(_file(crate, file, types.get(file.path, "File")))
    _add_organisations_and_people(crate, contents)
    _add_software(crate, contents)
    _add_parameters(crate, contents)
    for run in sorted(contents.runs, key=_run_id):
        _add_run(crate, run)
    _add_workflow(crate, contents)
    _add_run_of_workflow(crate, contents)
    _describe_root(crate, contents)
    return _in_order(crate.metadata.generate())


# The files


def _file(crate: ROCrate, file: ArchivedFile, types: str | list[str]) -> File:
    size, digest = file.size_and_digest
    about: dict[str, Any] = {
        "@type": types,
        "name": file.title,
        "encodingFormat": file.media_type,
        "contentSize": str(size),
        "sha256": digest,
    }
    if file.language:
        about["inLanguage"] = file.language
    if file.path == README:
        about["about"] = _to("./")
    if file.data:
        about |= {"license": file.data.licence, "publisher": _to(_provider_id(file.data.provider))}
        about |= {"version": file.data.vintage}
        about |= {"isBasedOn": _to(file.data.url)} if file.data.url else {}
    return File(crate, dest_path=file.path, properties=about)


def _add_organisations_and_people(crate: ROCrate, contents: EditionContents) -> None:
    _add(crate, "#publisher", "Organization", name=contents.publisher, url=contents.publisher_url)
    sources = [file.data for file in contents.files if file.data]
    for provider in sorted({source.provider for source in sources}):
        pages = sorted(source.url for source in sources if source.provider == provider and source.url)
        about = {"url": _home(pages[0])} if pages else {}
        _add(crate, _provider_id(provider), "Organization", name=provider, **about)
    for url in sorted({source.url for source in sources if source.url}):
        _add(crate, url, "CreativeWork", name="The dataset at its provider", url=url)
    for author in contents.authors:
        _add(crate, author.identifier, "Person", name=author.name, affiliation=_to("#publisher"))


# The workbench, the edition as its workflow, and the notebooks as its steps


def _add_software(crate: ROCrate, contents: EditionContents) -> None:
    about = {"name": SOFTWARE, "softwareVersion": contents.software_version}
    if contents.software_commit:
        about |= {"identifier": _commit(contents), "url": _software_id(contents)}
    _add(crate, _software_id(contents), "SoftwareApplication", **about)


def _software_id(contents: EditionContents) -> str:
    """What the Software Heritage archive calls the commit, wherever the repository lies."""
    if contents.software_commit is None:
        return "#workbench"
    return f"{_SOFTWARE_HERITAGE}{_commit(contents)}"


def _commit(contents: EditionContents) -> str:
    return f"swh:1:rev:{contents.software_commit}"


def _url_of_content(contents: EditionContents, path: str) -> str:
    """Where the Software Heritage archive has a file, by its content: the digest that git gives to it."""
    (content,) = (file.read() for file in contents.files if file.path == path)
    digest = hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False)
    return f"{_SOFTWARE_HERITAGE}swh:1:cnt:{digest.hexdigest()}"


def _add_parameters(crate: ROCrate, contents: EditionContents) -> None:
    _add(crate, _PARAMETER_PROFILE, "CreativeWork", name="Bioschemas FormalParameter", version="1.0-RELEASE")
    values = {name: sorted({str(getattr(run, name)) for run in contents.runs}) for name in _PARAMETERS}
    for name, kind in _PARAMETERS.items():
        examples = _all_to(_value_id(name, value) for value in values[name])
        about = {"name": name, "additionalType": kind, "workExample": examples, "conformsTo": _to(_PARAMETER_PROFILE)}
        _add(crate, _parameter_id(name), "FormalParameter", valueRequired="True", **about)
        for value in values[name]:
            example_of = _to(_parameter_id(name))
            _add(crate, _value_id(name, value), "PropertyValue", name=name, value=value, exampleOfWork=example_of)


def _add_workflow(crate: ROCrate, contents: EditionContents) -> None:
    language = "#edition-declaration"
    version = contents.software_version
    _add(crate, language, "ComputerLanguage", name=f"Declaration of an edition of {SOFTWARE}", version=version)
    _add(crate, _WORKFLOW_PROFILE, "CreativeWork", name="Bioschemas ComputationalWorkflow", version="1.0-RELEASE")
    parameters = _all_to(map(_parameter_id, _PARAMETERS))
    notebooks = sorted({run.notebook for run in contents.runs})
    workflow = crate.get(contents.declaration)
    about = {
        "programmingLanguage": _to(language),
        "version": contents.name,
        "conformsTo": _to(_WORKFLOW_PROFILE),
        "input": parameters,
        "hasPart": _all_to(notebooks),
        "step": _all_to(map(_step_id, notebooks)),
    }
    for key, value in about.items():
        workflow[key] = value
    workflow["url"] = _url_of_content(contents, contents.declaration)
    for position, notebook in enumerate(notebooks, start=1):
        _add(crate, _step_id(notebook), "HowToStep", position=str(position), workExample=_to(notebook))
        tool = crate.get(notebook)
        tool["softwareRequirements"] = _to(_software_id(contents))
        tool["version"] = contents.name
        tool["url"] = _url_of_content(contents, notebook)
        tool["input"] = parameters


# The runs


def _add_run(crate: ROCrate, run: ArchivedRun) -> None:
    """Add a run as an action, and as the step of the workflow that it was."""
    values = [_value_id(name, str(getattr(run, name))) for name in _PARAMETERS]
    _add(
        crate,
        _run_id(run),
        "CreateAction",
        name=run.title,
        description=f"The study {run.study}, run for {run.country}, {run.year}",
        agent=_to("#publisher"),
        instrument=_to(run.notebook),
        object=_all_to([*run.inputs, *values]),
        result=_all_to(run.outputs),
        actionStatus=_COMPLETED,
    )
    _add(
        crate,
        _control_id(run),
        "ControlAction",
        name=f"Step: {run.title}",
        instrument=_to(_step_id(run.notebook)),
        object=_to(_run_id(run)),
        actionStatus=_COMPLETED,
    )


def _add_run_of_workflow(crate: ROCrate, contents: EditionContents) -> None:
    values = (_value_id(name, str(getattr(run, name))) for run in contents.runs for name in _PARAMETERS)
    _add(
        crate,
        _edition_id(contents),
        "CreateAction",
        name=contents.title,
        description=f"The edition {contents.name}: all of its runs",
        agent=_to("#publisher"),
        instrument=_to(contents.declaration),
        object=_all_to([*values, *(path for run in contents.runs for path in run.inputs)]),
        result=_all_to(path for run in contents.runs for path in run.outputs),
        actionStatus=_COMPLETED,
    )
    _add(
        crate,
        f"{_edition_id(contents)}-organised",
        "OrganizeAction",
        name=f"{SOFTWARE} {contents.software_version} ran the edition {contents.name}",
        agent=_to("#publisher"),
        instrument=_to(_software_id(contents)),
        object=_all_to(map(_control_id, contents.runs)),
        result=_to(_edition_id(contents)),
        actionStatus=_COMPLETED,
    )


# The whole


def _describe_root(crate: ROCrate, contents: EditionContents) -> None:
    _add(crate, contents.licence_url, "CreativeWork", name=contents.licence_url, url=contents.licence_url)
    for profile, (name, version) in _PROFILES.items():
        _add(crate, profile, "CreativeWork", name=name, version=version)
    languages = sorted({file.language for file in contents.files if file.language})
    about = {
        "name": contents.title,
        "description": contents.description,
        "datePublished": contents.date_published,
        "temporalCoverage": _covered(contents.years),
        "inLanguage": languages if len(languages) > 1 else "".join(languages),
        "keywords": "migration, asylum, official statistics",
        "license": _to(contents.licence_url),
        "author": _all_to([author.identifier for author in contents.authors] or ["#publisher"]),
        "publisher": _to("#publisher"),
        "accessRights": _PUBLIC,
        "theme": _THEME,
        "conformsTo": _all_to(_PROFILES),
        "mainEntity": _to(contents.declaration),
        "mentions": _all_to([*map(_run_id, contents.runs), _edition_id(contents)]),
    }
    about |= {"creativeWorkStatus": "Draft"} if contents.is_draft else {}
    about |= {"correction": list(contents.corrections)} if contents.corrections else {}
    for key, value in about.items():
        crate.root_dataset[key] = value


def _covered(years: tuple[int, ...]) -> str:
    """A year, or the interval from the first to the last, as ISO 8601 writes them."""
    return "/".join(map(str, dict.fromkeys((years[0], years[-1]))))


# Identifiers and references


def _add(crate: ROCrate, identifier: str, kind: str, /, **about: object) -> None:
    crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **about}))


def _to(identifier: str) -> dict[str, str]:
    return {"@id": identifier}


def _all_to(identifiers: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """References; a single one is not a list, as RO-Crate recommends."""
    references = [_to(identifier) for identifier in sorted(set(identifiers))]
    return references[0] if len(references) == 1 else references


def _run_id(run: ArchivedRun) -> str:
    return f"{RUN_ID}{run.study}-{run.country}-{run.year}"


def _control_id(run: ArchivedRun) -> str:
    return f"#step-{run.study}-{run.country}-{run.year}"


def _edition_id(contents: EditionContents) -> str:
    return f"#edition-{contents.name}"


def _step_id(notebook: str) -> str:
    return f"{notebook}#step"


def _parameter_id(name: str) -> str:
    return f"#parameter-{name}"


def _value_id(name: str, value: str) -> str:
    return f"#{name}-{value}"


def _provider_id(provider: str) -> str:
    return "#provider-" + "-".join(provider.lower().split())


def _home(page: str) -> str:
    """The first page of whoever has a page."""
    address = urlsplit(page)
    return f"{address.scheme}://{address.netloc}/"


def _in_order(metadata: dict[str, Any]) -> bytes:
    """JSON with the crate's description of itself first, then its root, then the rest by identifier."""
    first = [CRATE, "./"]
    graph = metadata["@graph"]
    (itself,) = (entity for entity in graph if entity["@id"] == CRATE)
    itself["conformsTo"] = [itself["conformsTo"], _to(_WORKFLOW_CRATE)]
    graph.sort(key=lambda entity: (entity["@id"] not in first, entity["@id"] == "./", entity["@id"]))
    return (json.dumps(metadata, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
