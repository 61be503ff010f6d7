"""What the contact point did, activity by activity: the words of the register's card beside the numbers of its observations."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.declarations.activities import Activity
from workbench.model.sentence import Bound, Labels, Name, Texts
from workbench.model.types import Result
from workbench.study.reader import Reader

_DATASET = "ncp_activities"


@dataclass(frozen=True)
class Told:
    """An activity as a study tells it.

    Attributes
    ----------
    participants : Result
        How many took part.
    """

    activity: Activity
    participants: Result

    @property
    def when(self) -> Name:
        """Its first and last day, written alike in every language."""
        first, last = self.activity.first, self.activity.last
        return Name(str(first) if first == last else f"{first} – {last}")

    @property
    def title(self) -> Texts:
        """Its title, in each language."""
        return Texts((tuple(sorted(self.activity.title.items())),))

    @property
    def output(self) -> Texts | None:
        """What came of it, in each language; nothing, if nothing is on record."""
        return Texts((tuple(sorted(self.activity.output.items())),)) if self.activity.output else None

    @property
    def about(self) -> Labels:
        """What it was, and what it was about."""
        return Labels((("activity", self.activity.kind), ("area", self.activity.area)))

    @property
    def partners(self) -> Labels | None:
        """The partner countries; nothing where it had none."""
        return (
            Labels(tuple(("partner", code) for code in self.activity.partners), ", ")
            if self.activity.partners
            else None
        )

    @property
    def bound(self) -> dict[str, Bound]:
        """All that a sentence on it can bind, as far as it has it."""
        names = ("when", "title", "about", "participants", "partners", "output")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def activities_told(study: Reader) -> list[Told]:
    """The activities of the country and year of a study, in the order of their days; none without a register."""
    activities = [one for one in registered(study) if one.year == study.year]
    codes = [one.code for one in activities]
    if not codes:
        return []
    participants = study.results("activity_participants", entry=codes)
    return [Told(*of_one) for of_one in zip(activities, participants, strict=True)]


def registered(study: Reader) -> Iterable[Activity]:
    """All activities of the register that a study reads, whatever their year."""
    card = study.card(_DATASET)
    return card.activities if card else ()


def partners_of(study: Reader) -> list[str]:
    """The countries that were a partner in the year, by code."""
    return sorted({code for one in registered(study) if one.year == study.year for code in one.partners})
