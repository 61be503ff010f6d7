"""Any SDMX 2.1 REST web service that serves data as SDMX-CSV; structures are read by the library sdmx1.

SDMX 2.1 web services guidelines (section 7 of the standards): ``dataflow/{agency}/{flow}/{version}``,
``data/{flow}/{key}``; the key holds the wanted codes of each dimension, in the order of the structure, separated by dots.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from workbench.declarations.sources import SourceDeclaration
from workbench.model.errors import RefusedDownload, UnknownCode, near
from workbench.sources import transport
from workbench.sources.error_pages import own_words, refuse_message
from workbench.sources.responses import Download, PublishedVersion, Request

_STRUCTURE = {"Accept": "application/vnd.sdmx.structure+xml;version=2.1"}
_DATA = {"Accept": "application/vnd.sdmx.data+csv;version=1.0.0;labels=id, text/csv;q=0.5"}
TIME = "TIME_PERIOD"


@dataclass(frozen=True)
class Structure:
    """The structure of a dataset: its title, and its dimensions in order, each with the codes that a filter may name."""

    title: str | None
    codes: Mapping[str, Mapping[str, str]]


def fetch(
    source: SourceDeclaration, request: Request, folder: Path, progress: Callable[[int, int | None], None]
) -> Download:
    """See `workbench.sources.fetch`."""
    agency, flow, version = _reference(source, request.dataset)
    structure = _structure(source, agency, flow, version)
    url = f"{source.address}data/{quote(f'{agency},{flow},{version}')}/{key(structure, request)}"
    if request.since:
        url += "?" + urlencode({"startPeriod": request.since})
    path = folder / "data.csv"
    answered = transport.download(url, path, progress, _DATA)
    refuse_message(path, url)
    return Download(path, url, structure.title, answered.get("last-modified"))


def _structure(source: SourceDeclaration, agency: str, flow: str, version: str) -> Structure:
    asked = f"{source.address}dataflow/{quote(agency)}/{quote(flow)}/{version}?references=all"
    return read_structure(transport.get(asked, _STRUCTURE), asked)


def code_lists(source: SourceDeclaration, dataset: str) -> Mapping[str, Mapping[str, str]]:
    """See `workbench.sources.code_lists`."""
    return _structure(source, *_reference(source, dataset)).codes


def published(source: SourceDeclaration, datasets: Sequence[str]) -> dict[str, PublishedVersion]:
    """The titles of the datasets; SDMX 2.1 has no date of the last change."""
    found = {}
    for dataset in datasets:
        agency, flow, version = _reference(source, dataset)
        asked = f"{source.address}dataflow/{quote(agency)}/{quote(flow)}/{version}"
        try:
            structure = read_structure(transport.get(asked, _STRUCTURE, transport.ONCE), asked)
        except RefusedDownload:
            continue
        found[dataset] = PublishedVersion(structure.title or dataset, None)
    return found


def read_structure(message: bytes, url: str) -> Structure:
    """Read an SDMX-ML structure message, of 2.1 or 3.0.

    Raises
    ------
    RefusedDownload
        If it is not a structure message, or has no dataflow.
    """
    import sdmx

    try:
        if b"<!DOCTYPE" in message:
            raise ValueError("SDMX-ML has no document type, whose entities could grow without bound")
        # The type of what is read depends on the message.
        read: Any = sdmx.read_sdmx(io.BytesIO(message))
        flow = next(iter(read.dataflow.values()))
    except Exception as error:
        raise RefusedDownload(
            "the provider's answer is not the structure of a dataset",
            where=url,
            expected="SDMX-ML with a dataflow",
            found=own_words(message[: 1 << 14].decode(errors="replace")),
            unchanged="nothing was stored",
            hint="look up this dataset on the provider's website",
        ) from error
    allowed = _allowed(read)
    codes = {}
    for dimension in getattr(flow.structure, "dimensions", []) or []:
        if dimension.id != TIME:
            codes[dimension.id] = _codes_of(read, dimension, allowed.get(dimension.id))
    return Structure(str(flow.name) or None, codes)


def _codes_of(message: Any, dimension: Any, allowed: set[str] | None) -> dict[str, str]:
    represented = dimension.local_representation or getattr(dimension.concept_identity, "core_representation", None)
    enumerated = getattr(represented, "enumerated", None)
    known = message.codelist.get(getattr(enumerated, "id", None), enumerated)
    codes = {code.id: str(code.name) for code in (known or [])}
    return codes if allowed is None else {code: codes.get(code, code) for code in sorted(allowed)}


def _allowed(message: Any) -> dict[str, set[str]]:
    """The codes for which the dataset has observations, where a content constraint lists them."""
    allowed: dict[str, set[str]] = {}
    for constraint in message.constraint.values():
        for region in getattr(constraint, "data_content_region", None) or []:
            for dimension, values in region.member.items():
                if region.included and getattr(values, "included", True):
                    names = {str(getattr(value, "value", "")) for value in values.values} - {""}
                    allowed.setdefault(dimension.id, set()).update(names)
    return allowed


def key(structure: Structure, request: Request) -> str:
    """The key of a request: codes of each dimension joined by ``+``, dimensions by dots; ``all`` without filters.

    Raises as `wanted_codes`.
    """
    wanted = wanted_codes(structure, request)
    return ".".join("+".join(wanted.get(dimension, ())) for dimension in structure.codes) if wanted else "all"


def wanted_codes(structure: Structure, request: Request) -> dict[str, list[str]]:
    """The filters of a request, by the dataset's own names of dimensions and codes.

    Raises
    ------
    UnknownCode
        If the dataset has no such dimension or code, under its older or newer name; naming the nearest.
    """
    by_name = {dimension.lower(): dimension for dimension in structure.codes}
    wanted: dict[str, list[str]] = {}
    for name, codes in request.filters.items():
        newest = request.formerly.get(name.lower(), name.lower())
        chosen = next((by_name[one] for one in (name.lower(), newest) if one in by_name), None)
        if chosen is None:
            raise UnknownCode(
                f"{request.dataset} has no dimension {name}",
                where=f"filter {name}",
                expected=near(name, by_name),
                unchanged="nothing was asked for and nothing was stored",
                hint="name a dimension of the dataset",
            )
        changed = request.newest_codes.get(chosen.lower(), {})
        wanted[chosen] = [_code(structure, chosen, code, changed, request.dataset) for code in codes]
    return wanted


def _code(structure: Structure, dimension: str, code: str, changed: Mapping[str, str], dataset: str) -> str:
    known = structure.codes[dimension]
    for one in (code, changed.get(code)):
        if not known or one in known:
            return one or code
    labelled = [f"{other} ({label})" for other, label in known.items()]
    raise UnknownCode(
        f"{dataset} has no {dimension.lower()} {code}",
        where=f"filter {dimension.lower()}",
        expected=near(code, known) + "; or by label, " + near(code, labelled),
        found=code,
        unchanged="nothing was asked for and nothing was stored",
        hint="name a code of the dataset; for any other it would silently return nothing",
    )


def _reference(source: SourceDeclaration, dataset: str) -> tuple[str, str, str]:
    """Agency, flow and version of ``FLOW``, ``AGENCY,FLOW`` or ``AGENCY,FLOW,VERSION``."""
    match dataset.split(","):
        case [flow]:
            return source.sdmx_agency or "all", flow, "latest"
        case [agency, flow]:
            return agency, flow, "latest"
        case [agency, flow, version]:
            return agency, flow, version
    raise RefusedDownload(
        f"{dataset} is not a reference to a dataset", expected="FLOW, AGENCY,FLOW or AGENCY,FLOW,VERSION", found=dataset
    )
