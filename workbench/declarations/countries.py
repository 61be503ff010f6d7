"""``params/countries.yaml``: what is true of one reporting country and not of the others; what happened when, and where."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from workbench.declarations.codelists import code_list
from workbench.declarations.yaml_files import Declaration, read_yaml
from workbench.model.errors import near
from workbench.model.paths import Project
from workbench.model.periods import in_a_year, is_period


def _is_country(code: str) -> str:
    places = code_list("geo")
    if code not in places.codes:
        raise PydanticCustomError("country", "a country code; {near}", {"near": places.near(code, places.codes)})
    if places.codes[code].kind != "country":
        raise PydanticCustomError("country", "a single country, not an aggregate")
    return code


def _is_route(code: str) -> str:
    routes = code_list("route").codes
    if code not in routes:
        raise PydanticCustomError("route", "a Frontex route; {near}", {"near": near(code, routes)})
    return code


def _is_event(code: str) -> str:
    events = code_list("event").codes
    if code not in events:
        raise PydanticCustomError("event", "a code of the list of events; {near}", {"near": near(code, events)})
    return code


def _is_month(time: str) -> str:
    if not is_period(time) or in_a_year(time) != 12:
        raise PydanticCustomError("month", "a month, such as 2021-07")
    return time


CountryCode = Annotated[str, AfterValidator(_is_country)]
Route = Annotated[str, AfterValidator(_is_route)]
EventCode = Annotated[str, AfterValidator(_is_event)]
Month = Annotated[str, AfterValidator(_is_month)]


class NationalCount(Declaration):
    """A national count at the border with a country, and its first year."""

    border_with: CountryCode
    since: int


class CountryDeclaration(Declaration):
    """What studies say of one country and not of the others; all of it is empty for a country that is not declared.

    Attributes
    ----------
    neighbours : tuple of str
        The reporting countries to compare it with.
    border_routes : tuple of str
        The routes, as Frontex counts detections, that cross its border; the most important first.
    turned_back : NationalCount or None
        The attempts to cross outside border crossing points that its border guards turned back, where these are counted.
    """

    neighbours: tuple[CountryCode, ...] = Field(default=(), max_length=5)
    border_routes: tuple[Route, ...] = ()
    turned_back: NationalCount | None = None


class EventDeclaration(Declaration):
    """What happened in some months.

    Attributes
    ----------
    first, last : str
        The months in which it went on.
    countries : tuple of str
        Where; everywhere, if empty.
    counting : bool
        Whether it changed what is counted.
    direction : str or None
        Whether more or fewer came.
    source : str
        What says so.
    """

    first: Month
    last: Month
    countries: tuple[CountryCode, ...] = ()
    counting: bool = False
    direction: Literal["more", "fewer"] | None = None
    source: str

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError(
                "months", "a last month that is not before the first, {first}", {"first": self.first}
            )
        return self


class Countries(Declaration):
    """All declared countries, and what happened in them."""

    countries: dict[CountryCode, CountryDeclaration]
    events: dict[EventCode, EventDeclaration] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _no_country_is_its_own_neighbour(self) -> Self:
        for code, declared in self.countries.items():
            if code in declared.neighbours:
                raise PydanticCustomError(
                    "neighbour", "other countries: {code} is not its own neighbour", {"code": code}
                )
        return self

    def of(self, country: str) -> CountryDeclaration:
        """What is declared of a country; empty for one that is not declared."""
        return self.countries.get(country, CountryDeclaration())

    def events_in(self, country: str, first: str, last: str, direction: str) -> dict[str, EventDeclaration]:
        """What went on in a country in any of the months from ``first`` to ``last``, the earliest first; without what would
        have moved a number the other way than ``direction``."""
        during = {
            code: event
            for code, event in self.events.items()
            if event.first <= last
            and first <= event.last
            and (not event.countries or country in event.countries)
            and event.direction in (direction, None)
        }
        return dict(sorted(during.items(), key=lambda item: item[1].first))


def countries_file(project: Project) -> Path:
    """Where the countries are declared."""
    return project.params / "countries.yaml"


def read_countries(project: Project) -> Countries:
    """Read what is declared of the countries.

    Raises
    ------
    InvalidDeclaration
        If there is no such file, or it names an unknown country or route.
    """
    return read_yaml(countries_file(project), Countries)
