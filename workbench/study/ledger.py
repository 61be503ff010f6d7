"""What a study has published so far: each number with one value, sentences, findings, figures and tables in their order."""

from collections.abc import Iterable

from workbench.model.errors import InconsistentResult
from workbench.model.record import Exhibit, Said
from workbench.model.types import Result
from workbench.presentation.blocks import Finding
from workbench.presentation.sentences import Sentence


class Ledger:
    """Keeps what a study publishes, from which its record is made.

    Attributes
    ----------
    results : dict
        Key of a result to the result.
    exhibits : dict
        Id in the page to a figure or table.
    said : dict
        Text of a sentence that states numbers, to what it states.
    findings : list of str
        Key findings.
    blocks : set of str
        Digests of the blocks that were made.
    """

    def __init__(self) -> None:
        self.results: dict[tuple, Result] = {}
        self.exhibits: dict[str, Exhibit] = {}
        self.said: dict[str, Said] = {}
        self.findings: list[str] = []
        self.blocks: set[str] = set()

    def publish(self, results: Iterable[Result]) -> None:
        """Note that numbers are shown.

        Raises
        ------
        InconsistentResult
            If one was shown before with another value.
        """
        for result in results:
            before = self.results.setdefault(result.key, result)
            if repr(before) != repr(result):
                raise InconsistentResult(
                    "one number of the study has two values",
                    where="; ".join(part for part in result.key if part),
                    expected=f"{before.value} from {before.dataset} {before.vintage}",
                    found=f"{result.value} from {result.dataset} {result.vintage}",
                    hint="take it from one dataset and vintage, or name it as another indicator",
                )

    def say(self, sentence: Sentence, finding: Finding | None = None) -> None:
        """Note what a sentence states; said again, as the title of a figure, it is the same sentence."""
        stated, trend = _keys(sentence.results), _keys(finding.trend) if finding else []
        headline = list(finding.number.key) if finding and finding.number else None
        if stated or trend:
            self.said.setdefault(sentence.text, Said(sentence.text, stated, headline, trend))

    def number_of(self, kind: str, identifier: str) -> int:
        """The number of a figure or table among those of its kind; shown again, it keeps its number."""
        of_its_kind = [other for other in self.exhibits if other.startswith(f"{kind}-")]
        return of_its_kind.index(identifier) + 1 if identifier in of_its_kind else len(of_its_kind) + 1


def _keys(results: Iterable[Result]) -> list[list[str]]:
    """The keys of those that are available."""
    return [list(result.key) for result in results if result.is_available]
