"""From the parameters a user gives to a run that can be made; or a refusal, before anything runs."""

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.declarations.codelists import code_list, reporting_countries
from workbench.declarations.countries import read_countries
from workbench.declarations.editions import pinned_vintages
from workbench.declarations.queries import read_query
from workbench.declarations.studies import (
    CountriesParameter,
    CountryParameter,
    LanguageParameter,
    Parameter,
    YearParameter,
    read_sidecar,
)
from workbench.model.errors import RefusedRun, near
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.presentation.wording import languages
from workbench.resolving.refusals import NOTHING_RAN, refused_parameter

EDITION_OF_RUN = "MIGRATION_WORKBENCH_EDITION"
"""The environment variable that names, to the kernel of a run, its edition if that is not the one of its year."""

_OF_EVERY_RUN = ("country", "year", "language")
_LONGEST_YEAR = 9


def resolve(project: Project, study: str, given: Mapping, edition: str = "") -> Run:
    """Check the parameters of a run against the study's sidecar and the data, and choose the vintages it reads.

    Parameters
    ----------
    project : Project
        Where the study is declared.
    study : str
        Stem of notebook and sidecar.
    given : mapping
        Parameters by name; the sidecar's defaults stand for the rest, and for the countries to compare with, where there
        is none, those that are declared as neighbours.
    edition : str
        The edition that it belongs to; by default that of its year.

    Returns
    -------
    Run
        With the vintages that the edition pins, else the fullest ones for that country and year, of equally full
        ones the newest.

    Raises
    ------
    RefusedRun
        For an unknown parameter, a wrong type, a value out of bounds, or a country or year without data; the near
        values are named.
    """
    # Imported here, because it loads what reads snapshots, which is not needed to refuse a parameter.
    from workbench.resolving.vintage_selection import select_vintages

    sidecar, values = read_sidecar(project, study), checked(project, study, given)
    country, year, _ = (values.pop(name) for name in _OF_EVERY_RUN)
    neighbours = _declared_neighbours(project, country, year)
    values = {name: neighbours if value is None else value for name, value in values.items()}
    edition = _edition_of_query(project, study, edition) if project.is_query(study) else edition or str(year)
    vintages = select_vintages(project, sidecar, country, year, pinned_vintages(project, edition))
    return Run(study, country, year, values, vintages, edition)


def checked(project: Project, study: str, given: Mapping) -> dict[str, Any]:
    """The parameters of a run, those that were given and the sidecar's defaults for the rest; whatever data there are.

    Raises
    ------
    RefusedRun
        As `resolve`, but for a country or year without data.
    """
    parameters = read_sidecar(project, study).parameters
    for name in given:
        if name not in parameters:
            raise refused_parameter(study, f"there is no parameter {name}", near(name, parameters), name)
    return {
        name: _checked(study, name, declared, given.get(name, declared.default))
        for name, declared in parameters.items()
    }


def _edition_of_query(project: Project, study: str, edition: str) -> str:
    """The edition that a query is, or that of the network: what is restricted must not get into another."""
    query = read_query(project, study)
    own = query.edition
    if edition not in ("", own, query.for_the_network.edition):
        raise RefusedRun(
            f"{study} is an ad-hoc query, and belongs to no other edition",
            expected=own,
            found=edition,
            unchanged=NOTHING_RAN,
            hint=f"take it out of the edition {edition}; workbench query {study} renders and seals it",
        )
    return edition or own


def language_of(project: Project, study: str, given: Mapping) -> str:
    """The language in which a study is shown: the one given, else that of its sidecar.

    Raises
    ------
    RefusedRun
        If there is no such language.
    """
    declared = read_sidecar(project, study).parameters["language"]
    return _checked(study, "language", declared, given.get("language", declared.default))


def parse_parameter(project: Project, study: str, name: str, text: str) -> str | int | list[str]:
    """Read a parameter from a command line: ``neighbours=LV,EE``; text stays text where the sidecar wants text."""
    declared = read_sidecar(project, study).parameters.get(name)
    if isinstance(declared, CountriesParameter):
        return [code.strip() for code in text.split(",") if code.strip()]
    if isinstance(declared, YearParameter) and text.isdecimal() and len(text) <= _LONGEST_YEAR:
        return int(text)
    return text


def together(project: Project, study: str, given: Mapping[str, Any], others: Iterable[str]) -> dict[str, Any]:
    """The parameters that were given in either form, each once or with the same value.

    Parameters
    ----------
    project, study
        Where they are declared.
    given : mapping
        Parameters by name.
    others : iterable of str
        As on the command line: ``neighbours=LV,EE``.

    Raises
    ------
    RefusedRun
        If one has no value, or two.
    """
    parameters = dict(given)
    for other in others:
        name, separator, text = other.partition("=")
        if not separator:
            raise _refused(study, "a parameter without a value", "NAME=VALUE", name)
        value = parse_parameter(project, study, name, text)
        if parameters.setdefault(name, value) != value:
            raise _refused(
                study, f"{name} is given twice, with different values", f"one {name}", f"{parameters[name]} and {value}"
            )
    return parameters


def _refused(study: str, what: str, expected: str, found: str) -> RefusedRun:
    return RefusedRun(
        f"{study}: {what}",
        expected=expected,
        found=found,
        unchanged=NOTHING_RAN,
        hint="give each parameter once: --country, --year, --language, and -p for the study's own parameters",
    )


def _checked(study: str, name: str, declared: Parameter, value: object) -> Any:
    match declared:
        case CountryParameter():
            return _country(study, name, value)
        case CountriesParameter():
            return _countries(study, name, declared, value)
        case YearParameter():
            return _year(study, name, declared, value)
        case LanguageParameter():
            if value not in languages():
                raise refused_parameter(
                    study, f"{name} {value!r} has no catalogue", near(str(value), languages()), name
                )
            return value


def _country(study: str, name: str, value: object) -> str:
    if not isinstance(value, str):
        raise refused_parameter(study, f"{name} is not text", "a country's code, such as 'LT'", name, value)
    places = code_list("geo")
    if value not in places.codes:
        raise refused_parameter(
            study, f"{name} {value!r} is not a country code", places.near(value, _reporters()), name
        )
    if places.codes[value].kind != "country":
        raise refused_parameter(
            study, f"{name} {value!r} is not one country", "one country: no other place reports", name
        )
    return value


def _declared_neighbours(project: Project, country: str, year: int) -> tuple[str, ...]:
    """The neighbours that report on the year: with another there is nothing to compare."""
    reporting = reporting_countries(year)
    return tuple(code for code in read_countries(project).of(country).neighbours if code in reporting)


def _reporters() -> list[str]:
    """The countries that report to Eurostat, or once did."""
    return list(reporting_countries(2019))


def _countries(study: str, name: str, declared: CountriesParameter, value: object) -> tuple[str, ...] | None:
    """The countries given; none given, the default is to be found."""
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise refused_parameter(
            study, f"{name} is not a list", "a list of countries' codes, such as ['LV', 'EE']", name, value
        )
    if len(value) > declared.at_most:
        raise refused_parameter(study, f"{name} has too many countries", f"at most {declared.at_most}", name, value)
    return tuple(dict.fromkeys(_country(study, name, code) for code in value))


def _year(study: str, name: str, declared: YearParameter, value: object) -> int:
    bounds = f"a year from {declared.minimum} to {declared.maximum}"
    if not isinstance(value, int) or isinstance(value, bool):
        raise refused_parameter(study, f"{name} is not a whole number", bounds, name, value)
    if not declared.minimum <= value <= declared.maximum:
        nearest = min(max(value, declared.minimum), declared.maximum)
        raise refused_parameter(study, f"{name} {value} is out of bounds", f"{bounds}; near: {nearest}", name)
    return value
