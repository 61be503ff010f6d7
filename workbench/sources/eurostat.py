"""Eurostat's dissemination API, in SDMX 2.1 or 3.0 as declared for the source.

Eurostat, "API - Detailed guidelines": "SDMX2.1 API" (``sdmx/2.1/data/{dataset}/{key}?format=SDMX-CSV&compressed=true``,
``sdmx/2.1/dataflow/ESTAT/{dataset}?references=descendants&detail=referencepartial``), "SDMX3.0 API"
(``sdmx/3.0/data/dataflow/ESTAT/{dataset}/1.0?c[geo]=LT,LV&c[TIME_PERIOD]=ge:2015&format=csvdata&compress=true``,
``sdmx/3.0/structure/dataflow/ESTAT/{dataset}/1.0``), "Asynchronous API" (large requests are queued;
``1.0/async/status/{key}``, ``1.0/async/data/{key}``) and "Catalogue API - TOC" (``catalogue/toc/txt``).
"""

import csv
import datetime
import io
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

from workbench.declarations.sources import SourceDeclaration
from workbench.model.errors import RefusedDownload, SourceUnavailable, near
from workbench.sources import transport
from workbench.sources.error_pages import first_bytes, own_words, refuse_message
from workbench.sources.responses import Download, PublishedVersion, Request
from workbench.sources.sdmx_rest import TIME, Structure, key, read_structure, wanted_codes

POLL = 10.0
"""Seconds between two checks of the queue."""
LONGEST_QUEUE = 3600.0
"""Seconds after which a queued request is abandoned."""

_STRUCTURE = {
    "2.1": "sdmx/2.1/dataflow/ESTAT/{}?references=descendants&detail=referencepartial&compressed=true",
    "3.0": "sdmx/3.0/structure/dataflow/ESTAT/{}/1.0?references=descendants&detail=referencepartial&compress=true",
}
_NS = r"(?:\w+:)?"
_QUEUED = re.compile(rf"<{_NS}(?:id|key)>\s*([0-9a-fA-F-]{{8,}})\s*</{_NS}(?:id|key)>")
_STATUS = re.compile(rf"<{_NS}status>\s*([A-Z_]+)\s*</{_NS}status>")


def fetch(
    source: SourceDeclaration, request: Request, folder: Path, progress: Callable[[int, int | None], None]
) -> Download:
    """See `workbench.sources.fetch`."""
    structure = read_structure(*_structure_message(source, request.dataset))
    url = _DATA[source.sdmx_version](source.address, structure, request)
    path = folder / "data.csv.gz"
    transport.download(url, path, progress)
    if queued := _queued(path):
        _wait(source, queued, url)
        transport.download(f"{source.address}1.0/async/data/{queued}", path, progress)
    refuse_message(path, url)
    return Download(path, url, structure.title)


def code_lists(source: SourceDeclaration, dataset: str) -> Mapping[str, Mapping[str, str]]:
    """See `workbench.sources.code_lists`."""
    return read_structure(*_structure_message(source, dataset)).codes


def published(source: SourceDeclaration, datasets: Sequence[str]) -> dict[str, PublishedVersion]:
    """What the table of contents says; it may list a dataset several times, always with the same content."""
    wanted = set(datasets)
    return {code: said for code, said in _contents(source).items() if code in wanted}


def _structure_message(source: SourceDeclaration, dataset: str) -> tuple[bytes, str]:
    url = f"{source.address}{_STRUCTURE[source.sdmx_version].format(quote(dataset.upper()))}"
    try:
        return transport.get(url), url
    except RefusedDownload as refused:
        if "status 404" not in (refused.found or ""):
            raise
        raise RefusedDownload(
            f"{source.provider} has no dataset {dataset}",
            where=url,
            expected=near(dataset, _contents(source)),
            found=refused.found,
            unchanged="nothing was stored",
            hint="look up the code in the provider's catalogue: datasets are sometimes renamed",
        ) from None


def _data_2(address: str, structure: Structure, request: Request) -> str:
    wanted = key(structure, request)
    part = "" if wanted == "all" else f"/{wanted}"
    asked = {"format": "SDMX-CSV", "compressed": "true"} | ({"startPeriod": request.since} if request.since else {})
    return f"{address}sdmx/2.1/data/{quote(request.dataset.upper())}{part}?{urlencode(asked)}"


def _data_3(address: str, structure: Structure, request: Request) -> str:
    cut = {f"c[{dimension}]": ",".join(codes) for dimension, codes in wanted_codes(structure, request).items()}
    if request.since:
        cut[f"c[{TIME}]"] = f"ge:{request.since}"
    # Version 2.0 of the format does not include the last update.
    asked = cut | {"format": "csvdata", "formatVersion": "1.0", "compress": "true"}
    return f"{address}sdmx/3.0/data/dataflow/ESTAT/{quote(request.dataset.upper())}/1.0?{urlencode(asked, safe=',:')}"


_DATA = {"2.1": _data_2, "3.0": _data_3}


def _contents(source: SourceDeclaration) -> dict[str, PublishedVersion]:
    url = f"{source.address}catalogue/toc/txt?lang=en"
    text = transport.get(url, attempts=transport.ONCE).decode("utf-8-sig", errors="replace")
    rows = csv.DictReader(io.StringIO(text), delimiter="\t")
    if not rows.fieldnames or not {"title", "code", "last update of data"} <= set(rows.fieldnames):
        raise RefusedDownload(
            "the provider's catalogue has another format than expected",
            where=url,
            expected="columns title, code, last update of data",
            found=own_words(text),
        )
    return {
        row["code"].strip().lower(): PublishedVersion(row["title"].strip(), _day(row["last update of data"]))
        for row in rows
        if row["type"] in ("dataset", "table")
    }


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.datetime.strptime((text or "").strip(), "%d.%m.%Y").date()
    except ValueError:
        return None


def _queued(path: Path) -> str | None:
    """The key of a queued request; None if the answer is something else."""
    begin = first_bytes(path).decode(errors="replace")
    if not begin.lstrip("\ufeff \r\n\t").startswith("<"):
        return None
    found = _QUEUED.search(begin)
    return found.group(1) if found and _STATUS.search(begin) else None


def _wait(source: SourceDeclaration, queued: str, url: str) -> None:
    """Wait until the file is ready."""
    asked = f"{source.address}1.0/async/status/{queued}"
    begin = time.monotonic()
    while True:
        answer = transport.get(asked).decode(errors="replace")
        found = _STATUS.search(answer)
        status = found.group(1) if found else own_words(answer)
        if status == "AVAILABLE":
            return
        if status not in ("SUBMITTED", "PROCESSING"):
            raise RefusedDownload(
                "the provider dropped a queued request",
                where=asked,
                expected="SUBMITTED, PROCESSING, then AVAILABLE",
                found=status,
                unchanged="nothing was stored",
                hint="ask again; if the error persists, cut the dataset with --since or --filter",
            )
        if time.monotonic() - begin > LONGEST_QUEUE:
            raise SourceUnavailable(
                "a queued request did not become ready",
                where=url,
                expected=f"AVAILABLE within {LONGEST_QUEUE:.0f} seconds",
                found=status,
                unchanged="nothing was stored",
                hint="ask again later: the provider may have finished it by then",
            )
        time.sleep(POLL)
