"""The last check before a page is written: every number on it leads to a result and a definition."""

from lxml import etree

from workbench.model.errors import UnboundNumber
from workbench.model.record import Record


def check_numbers(page: str, record: Record) -> None:
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
    published = {"|".join(result.key) for result in record.results}
    for key, href in numbers:
        if key not in published:
            raise UnboundNumber(
                "the page shows a number that no result backs",
                where=f"{record.study} {record.country} {record.year} {record.language}",
                found=key,
                unchanged="nothing of this run was written",
                hint="show it with study.text, study.findings, study.figure or study.table, which publish it",
            )
        target = href.removeprefix("#")
        if target not in ids:
            raise UnboundNumber(
                "the page does not define a number that it shows",
                where=f"{record.study} {record.country} {record.year} {record.language}",
                found=key,
                expected=f"a definition with the id {target}",
                unchanged="nothing of this run was written",
                hint="show study.definitions() after all numbers",
            )
