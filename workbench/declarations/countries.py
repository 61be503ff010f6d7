"""``params/countries.yaml``: what is true of one reporting country and not of the others."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from workbench.declarations.codelists import code_list
from workbench.declarations.yaml_files import DatasetName, Declaration, read_yaml
from workbench.model.errors import near
from workbench.model.paths import Project


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


CountryCode = Annotated[str, AfterValidator(_is_country)]
GroupName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
Route = Annotated[str, AfterValidator(_is_route)]


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
    national_flows : str or None
        The dataset of its own statistical office on those who came and left, where that is read.
    """

    neighbours: tuple[CountryCode, ...] = Field(default=(), max_length=5)
    border_routes: tuple[Route, ...] = ()
    turned_back: NationalCount | None = None
    national_flows: DatasetName | None = None


class Countries(Declaration):
    """All declared countries.

    Attributes
    ----------
    groups : dict
        A name to the countries that are often asked about together, in their order.
    """

    countries: dict[CountryCode, CountryDeclaration]
    groups: dict[GroupName, tuple[CountryCode, ...]] = {}

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
