"""``params/events.yaml``: what happened when, and where, that a series may fall together with; never said to be the reason."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, field, structs

from workbench.declarations.codelists import code_list
from workbench.declarations.models import Checked, DatasetName, Declaration, LanguageName, Read, Unfit, WebAddress
from workbench.declarations.yaml_files import read_yaml
from workbench.model.errors import InvalidDeclaration, near
from workbench.model.paths import Project
from workbench.model.periods import days_of, in_a_year, is_period

FEW = 3
"""How many events a chart can name beside its series."""

EVERYWHERE = "all"

Direction = Literal["more", "fewer"]


@dataclass(frozen=True)
class EventSource:
    """The official text that says so: an ISO date, and an address."""

    title: str
    publisher: str
    date: str
    url: str


@dataclass(frozen=True)
class Event:
    """What happened.

    Attributes
    ----------
    id : str
        Its name in ``params/events.yaml``.
    first, last : str
        When it began and ended, as precisely as is known: a day (``2022-02-24``) or a period (``2021-06``).
    places : tuple of str
        Codes of countries, aggregates and Frontex routes; empty, where it bore on all.
    datasets : tuple of str
        The datasets that it bears on.
    labels : tuple of (str, str)
        Language and name, short enough for a chart; it begins as inside a sentence.
    subjects : tuple of (str, str)
        Language and name as the subject of a sentence: ``the route through Belarus``.
    counting : bool
        Whether it changed what is counted.
    direction : str or None
        Whether more or fewer came.
    source : EventSource
    """

    id: str
    first: str
    last: str
    places: tuple[str, ...]
    datasets: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    subjects: tuple[tuple[str, str], ...]
    counting: bool
    direction: Direction | None
    source: EventSource

    @property
    def first_month(self) -> str:
        """The month in which it began."""
        return f"{self.first_day:%Y-%m}"

    @property
    def first_day(self) -> datetime.date:
        """The first of the days in which it went on."""
        return _days(self.first)[0]

    @property
    def last_day(self) -> datetime.date:
        """The last of them."""
        return _days(self.last)[1]

    def bears_on(self, place: str, dataset: str) -> bool:
        """Whether it bears on the numbers of a place in a dataset."""
        return dataset in self.datasets and (not self.places or place in self.places)

    @property
    def _breadth(self) -> tuple[float, int]:
        return len(self.places) or float("inf"), len(self.datasets)


class Events:
    """All declared events, the earliest first."""

    def __init__(self, events: Iterable[Event]):
        self.all = tuple(sorted(events, key=lambda event: (event.first_day, event.id)))

    def going_on(
        self, place: str, dataset: str, first: str, last: str, direction: Direction | None = None
    ) -> tuple[Event, ...]:
        """What went on in any of the days from a period to another, the earliest first.

        Parameters
        ----------
        place : str
            Code of a country, an aggregate or a route.
        dataset : str
            That of the numbers; of a rate, that of its numerator.
        first, last : str
            Years, quarters or months.
        direction : str or None
            Leaves out what would have moved a number the other way.
        """
        start, end = days_of(first)[0], days_of(last)[1]
        return tuple(
            event
            for event in self.all
            if event.bears_on(place, dataset)
            and event.first_day <= end
            and start <= event.last_day
            and (direction is None or event.direction in (direction, None))
        )

    def beside(self, place: str, dataset: str, first: str, last: str, most: int = FEW) -> tuple[Event, ...]:
        """The events to name beside a series: those that began in its periods, the most specific first.

        Specific is what bears on few places, then on few datasets. In each period of the length of ``last`` one event is
        named, as two would stand on top of each other.

        Parameters
        ----------
        place, dataset, first, last
            As in `going_on`; the periods of the series.
        most : int
            How many at most.
        """
        start, end = days_of(first)[0], days_of(last)[1]
        began = [one for one in self.all if one.bears_on(place, dataset) and start <= one.first_day <= end]
        named: dict[int, Event] = {}
        for event in sorted(began, key=lambda event: event._breadth):
            named.setdefault(_period_of(event.first_day, last), event)
        return tuple(named.values())[:most]


def _days(time: str) -> tuple[datetime.date, datetime.date]:
    if is_period(time):
        return days_of(time)
    day = datetime.date.fromisoformat(time)
    return day, day


def _period_of(day: datetime.date, like: str) -> int:
    """The number of the period of a day, counted in periods as long as another."""
    periods = in_a_year(like)
    return day.year * periods + (day.month - 1) * periods // 12


def _check_moment(time: str) -> None:
    try:
        _days(time)
    except ValueError:
        raise Unfit("a day or a period, such as 2022-02-24 or 2021-06") from None


def _check_day(time: str) -> None:
    _check_moment(time)
    if is_period(time):
        raise Unfit("a day, such as 2022-02-24")


def _check_place(code: str) -> None:
    places = {**code_list("route").codes, **code_list("geo").codes}
    if code not in places:
        raise Unfit(f"the code of a place or route; {near(code, places)}")


def _of_places(said: object) -> object:
    if said == EVERYWHERE:
        return ()
    if not said:
        raise Unfit("the codes of some places, or all")
    return said


def _stripped(said: object) -> object:
    return said.strip() if isinstance(said, str) else said


Moment = Annotated[str, Read(str), Checked(_check_moment)]
Day = Annotated[str, Read(str), Checked(_check_day)]
PlaceCode = Annotated[str, Checked(_check_place)]
Text = Annotated[str, Read(_stripped), Meta(min_length=1)]
Name = Annotated[str, Read(_stripped), Meta(min_length=3, max_length=60)]
Id = Annotated[
    str,
    Meta(pattern=r"^[a-z][a-z0-9_]*\Z", description="lower-case letters, digits and underscores, the first a letter"),
]


class SourceDeclaration(Declaration):
    """The official text that an event is taken from.

    Attributes
    ----------
    title : str
        With its number, and the page of the Official Journal.
    publisher : str
        Who says so.
    date : str
        The day of the text.
    url : str
        Where it is.
    """

    title: Text
    publisher: Text
    date: Day
    url: WebAddress


class EventDeclaration(Declaration):
    """What happened.

    Attributes
    ----------
    begins, ends : str
        A day or a period, as precisely as is known: the keys ``from`` and ``to``. Without ``to`` it was over at once.
    places : tuple of str
        Codes of countries, aggregates and Frontex routes; or ``all``, which is none by name.
    topics : tuple of str
        Those that it bears on.
    counting : bool
        Whether it changed what is counted: a break may then be none of the world.
    direction : str or None
        Whether more or fewer came: it is not named beside what moved the other way.
    label : mapping
        Language to its name in at most 60 letters, which begins as inside a sentence.
    sentence : mapping
        The same as the subject of a sentence, in the languages where that is another.
    source : SourceDeclaration
        The official text that says so.
    """

    begins: Moment = field(name="from")
    ends: Moment | None = field(default=None, name="to")
    places: Annotated[tuple[PlaceCode, ...], Read(_of_places)]
    topics: Annotated[tuple[str, ...], Meta(min_length=1)]
    counting: bool = False
    direction: Direction | None = None
    label: Mapping[LanguageName, Name]
    sentence: Mapping[LanguageName, Name] = {}
    source: SourceDeclaration

    def __post_init__(self) -> None:
        if self.ends and _days(self.ends)[1] < _days(self.begins)[0]:
            raise Unfit(f"an end that is not before its beginning, {self.begins}", self.ends, ("to",))
        if "en" not in self.label:
            raise Unfit("a label in English, and in each language that has no catalogue of its own", key=("label",))


class EventsDeclaration(Declaration):
    """All events, and the topics that they bear on.

    Attributes
    ----------
    topics : mapping
        Topic to its datasets.
    events : mapping
        Name to event.
    """

    topics: Mapping[Id, tuple[DatasetName, ...]]
    events: Mapping[Id, EventDeclaration]

    def __post_init__(self) -> None:
        for name, event in self.events.items():
            for topic in event.topics:
                if topic not in self.topics:
                    known = near(topic, self.topics)
                    raise Unfit(f"topics that are declared; {known}", topic, ("events", name, "topics"))


def events_file(project: Project) -> Path:
    """Where the events are declared."""
    return project.params / "events.yaml"


def read_events(project: Project) -> Events:
    """Read what happened.

    Raises
    ------
    InvalidDeclaration
        If there is no such file, or it says what cannot be: an unknown place, topic or dataset, an end before the beginning.
    """
    path = events_file(project)
    declared = read_yaml(path, EventsDeclaration)
    known = {file.stem for file in (project.params / "datasets").glob("*.yaml")}
    for topic, datasets in declared.topics.items():
        for dataset in datasets:
            if dataset not in known:
                raise InvalidDeclaration(
                    f"the topic {topic} names a dataset that is not declared",
                    where=str(path),
                    expected=near(dataset, known),
                    found=dataset,
                )
    return Events(_event(name, one, declared.topics) for name, one in declared.events.items())


def _event(name: str, declared: EventDeclaration, topics: Mapping[str, tuple[str, ...]]) -> Event:
    return Event(
        id=name,
        first=declared.begins,
        last=declared.ends or declared.begins,
        places=declared.places,
        datasets=tuple(dict.fromkeys(dataset for topic in declared.topics for dataset in topics[topic])),
        labels=tuple(sorted(declared.label.items())),
        subjects=tuple(sorted({**declared.label, **declared.sentence}.items())),
        counting=declared.counting,
        direction=declared.direction,
        source=EventSource(**structs.asdict(declared.source)),
    )
