"""A key finding: a sentence, its headline number, the trend beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.model.errors import FalseStatement
from workbench.model.sentence import Sentence
from workbench.model.types import Result
from workbench.presentation import blocks
from workbench.study.claims import Extreme


@dataclass(frozen=True)
class Finding:
    """A key finding.

    Attributes
    ----------
    sentence : Sentence
        What it says.
    headline : Result, Extreme or None
        The number shown large: the study names it, because the first in a sentence may be another one in another language.
    trend : sequence of Result
        The series over time that the number is the last of.
    because : Sentence, optional
        Why it is of another year than the study; shown below.

    Raises
    ------
    FalseStatement
        If the sentence does not state the headline.
    """

    sentence: Sentence
    headline: Result | Extreme | None
    trend: Sequence[Result] = ()
    because: Sentence | None = None

    def __post_init__(self) -> None:
        if self.number and self.number not in self.sentence.results:
            raise FalseStatement(
                "the large number of a key finding is not in its sentence",
                where=str(self.sentence),
                expected="one of the numbers that the sentence states",
                found=", ".join(part for part in self.number.key if part),
                hint="name another headline, or state the number",
            )

    @property
    def number(self) -> Result | None:
        """The number shown large."""
        return self.headline.result if isinstance(self.headline, Extreme) else self.headline

    @property
    def can_be_made(self) -> bool:
        """Whether every number that it states is available."""
        return self.sentence.is_complete

    @property
    def shown(self) -> blocks.Finding:
        """As it is shown."""
        return blocks.Finding(self.sentence, self.number, tuple(self.trend), self.because)
