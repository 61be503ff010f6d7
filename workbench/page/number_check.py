"""The last check before a page is written: every number on it leads to a result and a definition."""

from collections.abc import Iterable

from lxml import etree

from workbench.model.errors import UnboundNumber
from workbench.model.record import About
from workbench.model.types import Result


def check_numbers(page: str, study: About, published: Iterable[Result]) -> None:
    """Check that each number on a page is a published result and links to a definition on the page.

    Raises
    ------
    UnboundNumber
        For the first that is not or does not.
    """
    document = etree.HTML(page.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    ids = set(document.xpath("//@id"))
    numbers = [
        (element.get("data-result"), element.get("href", "")) for element in document.iterfind(".//*[@data-result]")
    ]
    known = {"|".join(result.key) for result in published}
    where = f"{study.study} {study.country} {study.year} {study.language}"
    for key, href in numbers:
        if key not in known:
            raise UnboundNumber(
                "the page shows a number that no result backs",
                where=where,
                found=key,
                unchanged="nothing of this run was written",
                hint="show it with study.text, study.findings, study.figure or study.table, which publish it",
            )
        target = href.removeprefix("#")
        if target not in ids:
            raise UnboundNumber(
                "the page does not define a number that it shows",
                where=where,
                found=key,
                expected=f"a definition with the id {target}",
                unchanged="nothing of this run was written",
                hint="show study.definitions() after all numbers",
            )
