"""UNHCR's refugee statistics API: pages of JSON, combined into one CSV file.

UNHCR, "Refugee Statistics API" (population/v1): ``limit``, ``page``, ``maxPages``, ``yearFrom``, ``cf_type=ISO``,
``coo_all``, ``coa_all``.
"""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from workbench.declarations.codelists import code_list
from workbench.declarations.sources import SourceDeclaration
from workbench.model.errors import RefusedDownload, SourceUnavailable, UnknownCode, near
from workbench.sources import transport
from workbench.sources.error_pages import own_words
from workbench.sources.responses import Download, PublishedVersion, Request

Key = tuple[str, ...]
Row = dict[str, Any]

PAGE = 10_000
"""Rows of a page."""
FIRST_YEAR = 1951

_KEYS = ("year", "coo_iso", "coa_iso")
_DATASETS = {
    "unhcr_asylum_applications": (
        "asylum-applications", ("procedure_type", "app_type", "dec_level", "app_pc"), ("applied",)
    ),
    "unhcr_asylum_decisions": (
        "asylum-decisions", ("procedure_type", "dec_level", "dec_pc"),
        ("dec_recognized", "dec_other", "dec_rejected", "dec_closed", "dec_total"),
    ),
    "unhcr_population": (
        "population", (),
        ("refugees", "asylum_seekers", "returned_refugees", "idps", "returned_idps", "stateless", "ooc", "oip", "hst"),
    ),
}  # fmt: skip
_FILTERS = {"geo": "coa", "citizen": "coo"}


def fetch(
    source: SourceDeclaration, request: Request, folder: Path, progress: Callable[[int, int | None], None]
) -> Download:
    """See `workbench.sources.fetch`. Filters are ``geo`` and ``citizen``, by ISO 3166-1 alpha-3 as the provider has them."""
    endpoint, dimensions, measures = _dataset(request.dataset)
    asked = {"yearFrom": request.since or FIRST_YEAR, "cf_type": "ISO", "limit": PAGE} | _filters(request)
    url = f"{source.address}{endpoint}/?{urlencode(asked)}"
    keys = (*_KEYS, *dimensions)
    rows = _rows(url, keys, progress)
    path = folder / "data.csv"
    path.write_text(_csv(rows, keys, measures), encoding="utf-8")
    return Download(path, url)


def _rows(url: str, keys: tuple[str, ...], progress: Callable[[int, int | None], None]) -> dict[Key, Row]:
    """The rows of all pages by their keys, complete and without repetition."""
    rows: dict[Key, Row] = {}
    received, page, last = 0, 1, 1
    while page <= last:
        where = f"{url}&page={page}"
        content = transport.get(where)
        answer = _answer(content, where, page)
        items, last = answer["items"], answer["maxPages"]
        before = len(rows)
        rows |= {tuple(str(item[key]) for key in keys): item for item in items}
        if len(rows) - before < len(items):
            found = f"{len(rows) - before} new rows of {len(items)}"
            raise _inconsistent("a page of the provider repeats rows of another", where, "rows that are new", found)
        if page < last and len(items) < PAGE:
            what = "a page of the provider is not full although others follow"
            raise _inconsistent(what, where, f"{PAGE} rows", str(len(items)))
        received += len(content)
        progress(received, None)
        page += 1
    return rows


def code_lists(source: SourceDeclaration, dataset: str) -> dict[str, dict[str, str]]:
    """None: the interface serves ISO codes and no lists."""
    return {}


def published(source: SourceDeclaration, datasets: Sequence[str]) -> dict[str, PublishedVersion]:
    """Nothing: the interface has no catalogue and no date of the last change."""
    return {}


def _dataset(dataset: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    if dataset not in _DATASETS:
        raise RefusedDownload(f"UNHCR has no dataset {dataset}", expected=near(dataset, _DATASETS))
    return _DATASETS[dataset]


def _filters(request: Request) -> dict[str, str]:
    wanted = {"coo_all": "true", "coa_all": "true"}
    for name, codes in request.filters.items():
        if name not in _FILTERS:
            raise UnknownCode(
                f"{request.dataset} cannot be cut by {name}", where=f"filter {name}", expected=near(name, _FILTERS)
            )
        parameter = _FILTERS[name]
        del wanted[f"{parameter}_all"]
        wanted[parameter] = ",".join(code_list(name).code(code).iso3 or code for code in codes)
    return wanted


def _inconsistent(what: str, where: str, expected: str, found: str) -> SourceUnavailable:
    """An error about pages that are inconsistent."""
    return SourceUnavailable(
        what,
        where=where,
        expected=expected,
        found=found,
        unchanged="nothing was stored",
        hint="ask again: the data may have changed while they were read",
    )


def _answer(content: bytes, where: str, page: int) -> dict[str, Any]:
    try:
        answer = json.loads(content)
        is_page = isinstance(answer["items"], list) and isinstance(answer["maxPages"], int)
    except (ValueError, KeyError, TypeError):
        is_page = False
    if not is_page:
        raise RefusedDownload(
            "the provider answered with a message instead of a page",
            where=where,
            expected="JSON with items and maxPages",
            found=own_words(content[: 1 << 14].decode(errors="replace")),
            unchanged="nothing was stored",
            hint="wait and try again",
        )
    if answer.get("page", page) != page:
        raise _inconsistent("the provider answered with another page", where, f"page {page}", f"page {answer['page']}")
    return answer


def _csv(rows: dict[Key, Row], keys: tuple[str, ...], measures: tuple[str, ...]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*keys, *measures])
    for key in sorted(rows):
        writer.writerow([*key, *(_number(rows[key].get(measure)) for measure in measures)])
    return text.getvalue()


def _number(value: object) -> str:
    """A number as text; a dash means that the provider has none."""
    return "" if value is None or value == "-" else str(value)
