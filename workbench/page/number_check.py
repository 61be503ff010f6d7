"""The last check before a page is written: every number on it leads to a result and a definition."""

from collections.abc import Iterable

from lxml import etree

from workbench.model.errors import UnboundNumber
from workbench.model.record import About
from workbench.model.types import Result
from workbench.page.numbers import shown_numbers


def check_numbers(page: str, method: str, study: About, published: Iterable[Result]) -> None:
    """Check that each number on a page is a published result that the page on its method defines.

    Raises
    ------
    UnboundNumber
        For the first that is not.
    """
    defined = set(page_document(method).xpath("//@id"))
    known = {"|".join(result.key) for result in published}
    where = f"{study.study} {study.country} {study.year} {study.language}"
    for shown in shown_numbers(page_document(page)):
        if shown.key not in known:
            raise UnboundNumber(
                "the page shows a number that no result backs",
                where=where,
                found=shown.key,
                unchanged="nothing of this run was written",
                hint="show it with study.text, study.findings, study.figure or study.table, which publish it",
            )
        if shown.definition not in defined:
            raise UnboundNumber(
                "no page defines a number that is shown",
                where=where,
                found=shown.key,
                expected=f"a definition with the id {shown.definition}",
                unchanged="nothing of this run was written",
                hint="show study.definitions() after all numbers",
            )


def page_document(page: str) -> etree._Element:
    """A page as a tree."""
    return etree.HTML(page.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
