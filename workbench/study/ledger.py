"""What a study has published so far: each number with one value, key findings, the numbers of figures and tables."""

from collections.abc import Iterable

from workbench.model.errors import InconsistentResult
from workbench.model.sentence import Sentence
from workbench.model.types import Result


class Ledger:
    """Keeps what a study publishes, from which its record is made.

    Attributes
    ----------
    results : dict
        Key of a result to the result.
    findings : list of Sentence
        Key findings.
    blocks : set of str
        Digests of the blocks that were made.
    """

    def __init__(self) -> None:
        self.results: dict[tuple, Result] = {}
        self.findings: list[Sentence] = []
        self.blocks: set[str] = set()
        self._exhibits: list[tuple[str, str]] = []

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

    def number_of(self, kind: str, name: str) -> int:
        """The number of a figure or table among those of its kind; shown again, it keeps its number."""
        if (kind, name) not in self._exhibits:
            self._exhibits.append((kind, name))
        return [other for of, other in self._exhibits if of == kind].index(name) + 1
