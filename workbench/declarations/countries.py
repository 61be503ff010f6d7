"""``params/countries.yaml``: what is true of one reporting country and not of the others."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from workbench.declarations.codelists import code_list
from workbench.declarations.models import Checked, DatasetName, Declaration, Unfit
from workbench.declarations.yaml_files import read_yaml
from workbench.model.errors import near
from workbench.model.paths import Project


def check_country(code: str) -> None:
    """Refuse what is not the code of a country.

    Raises
    ------
    Unfit
        Naming the nearest.
    """
    places = code_list("geo")
    if code not in places.codes:
        raise Unfit(f"a country code; {places.near(code, places.codes)}")
    if places.codes[code].kind != "country":
        raise Unfit("a single country, not an aggregate")


def _check_route(code: str) -> None:
    routes = code_list("route").codes
    if code not in routes:
        raise Unfit(f"a Frontex route; {near(code, routes)}")


CountryCode = Annotated[str, Checked(check_country)]
GroupName = Annotated[str, Meta(pattern=r"^[a-z][a-z_]*\Z", description="lower-case letters and underscores")]
Route = Annotated[str, Checked(_check_route)]


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

    neighbours: Annotated[tuple[CountryCode, ...], Meta(max_length=5)] = ()
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

    def __post_init__(self) -> None:
        for code, declared in self.countries.items():
            if code in declared.neighbours:
                raise Unfit(f"other countries: {code} is not its own neighbour")

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
