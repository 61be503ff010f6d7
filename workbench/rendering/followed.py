"""The last check before a page is written: every number that it shows can be followed."""

from html.parser import HTMLParser

from workbench.model.errors import UnboundNumber
from workbench.study.record import Record


def check_numbers(page: str, record: Record) -> None:
    """Check that each number of a page is a published result, and leads to a definition that the page holds.

    Raises
    ------
    UnboundNumber
        For the first that is not, or does not.
    """
    found = _Numbers()
    found.feed(page)
    published = {"|".join(result.key) for result in record.results}
    for key, target in found.numbers:
        if key not in published:
            raise UnboundNumber(
                "the page shows a number that no result backs",
                where=f"{record.study} {record.country} {record.year} {record.language}",
                found=key,
                untouched="nothing of this run was written",
                remedy="show it by study.text, study.findings, study.figure or study.table, which publish it",
            )
        if target not in found.ids:
            raise UnboundNumber(
                "the page does not define a number that it shows",
                where=f"{record.study} {record.country} {record.year} {record.language}",
                found=key,
                expected=f"a definition with the id {target}",
                untouched="nothing of this run was written",
                remedy="show study.definitions() after all numbers",
            )


class _Numbers(HTMLParser):
    """Gathers the ids of a page, and its numbers with what they lead to."""

    def __init__(self):
        super().__init__()
        self.ids: set[str] = set()
        self.numbers: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if "data-result" in attributes:
            self.numbers.append((attributes["data-result"], attributes.get("href", "").removeprefix("#")))
