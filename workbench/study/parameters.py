"""From the parameters a user gives to a run that can be made; or a refusal, before anything runs."""

from collections.abc import Mapping

from workbench.data.observations import codes_present, select
from workbench.data.preferred import fullest, number_of_values, of_the_totals, periods_with_values
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.codelists import code_list, is_aggregate, reporting_countries
from workbench.declarations.countries import read_countries
from workbench.declarations.datasets import DatasetDeclaration, read_dataset
from workbench.declarations.editions import pinned_vintages
from workbench.declarations.studies import (
    CountriesParameter,
    CountryParameter,
    LanguageParameter,
    Parameter,
    Sidecar,
    YearParameter,
    read_sidecar,
)
from workbench.indicators.formulas import periods_of
from workbench.model.errors import MissingSnapshot, RefusedRun, near
from workbench.model.paths import Project
from workbench.model.types import Run, broken_down
from workbench.presentation.wording import languages

_OF_EVERY_RUN = ("country", "year", "language")
_LONGEST_YEAR = 9
_NOTHING_RAN = "nothing was run and nothing was written"


def resolve(project: Project, study: str, given: Mapping) -> Run:
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

    Returns
    -------
    Run
        With the vintages that the year's edition pins, else the fullest ones for that country and year, of equally full
        ones the newest.

    Raises
    ------
    RefusedRun
        For an unknown parameter, a wrong type, a value out of bounds, or a country or year without data; the near
        values are named.
    """
    sidecar = read_sidecar(project, study)
    for name in given:
        if name not in sidecar.parameters:
            raise _refusal(study, f"there is no parameter {name}", near(name, sidecar.parameters), name)
    values = {
        name: _checked(study, name, declared, given.get(name, declared.default))
        for name, declared in sidecar.parameters.items()
    }
    country, year, language = (values.pop(name) for name in _OF_EVERY_RUN)
    neighbours = _declared_neighbours(project, country, year)
    values = {name: neighbours if value is None else value for name, value in values.items()}
    return Run(study, country, year, language, values, _vintages(project, sidecar, country, year))


def parse_parameter(project: Project, study: str, name: str, text: str):
    """Read a parameter from a command line: ``neighbours=LV,EE``; text stays text where the sidecar wants text."""
    declared = read_sidecar(project, study).parameters.get(name)
    if isinstance(declared, CountriesParameter):
        return [code.strip() for code in text.split(",") if code.strip()]
    if isinstance(declared, YearParameter) and text.isdecimal() and len(text) <= _LONGEST_YEAR:
        return int(text)
    return text


def _checked(study: str, name: str, declared: Parameter, value):
    match declared:
        case CountryParameter():
            return _country(study, name, value)
        case CountriesParameter():
            return _countries(study, name, declared, value)
        case YearParameter():
            return _year(study, name, declared, value)
        case LanguageParameter():
            if value not in languages():
                raise _refusal(study, f"{name} {value!r} has no catalogue", near(str(value), languages()), name)
            return value


def _country(study: str, name: str, value) -> str:
    if not isinstance(value, str):
        raise _refusal(study, f"{name} is not text", "a country's code, such as 'LT'", name, value)
    places = code_list("geo")
    if value not in places.codes:
        raise _refusal(study, f"{name} {value!r} is no country's code", places.near(value, _reporters()), name)
    if is_aggregate("geo", value):
        raise _refusal(study, f"{name} {value!r} is an aggregate", "one country: an aggregate is no reporter", name)
    return value


def _declared_neighbours(project: Project, country: str, year: int) -> tuple[str, ...]:
    """The neighbours that report on the year: with another there is nothing to compare."""
    reporting = reporting_countries(year)
    return tuple(code for code in read_countries(project).of(country).neighbours if code in reporting)


def _reporters() -> list[str]:
    """The countries that report to Eurostat, or once did."""
    return list(reporting_countries(2019))


def _countries(study: str, name: str, declared: CountriesParameter, value) -> tuple[str, ...] | None:
    """The countries given; none given, the default is to be found."""
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise _refusal(study, f"{name} is not a list", "a list of countries' codes, such as ['LV', 'EE']", name, value)
    if len(value) > declared.at_most:
        raise _refusal(study, f"{name} has too many countries", f"at most {declared.at_most}", name, value)
    return tuple(dict.fromkeys(_country(study, name, code) for code in value))


def _year(study: str, name: str, declared: YearParameter, value) -> int:
    bounds = f"a year from {declared.minimum} to {declared.maximum}"
    if not isinstance(value, int) or isinstance(value, bool):
        raise _refusal(study, f"{name} is not a whole number", bounds, name, value)
    if not declared.minimum <= value <= declared.maximum:
        nearest = min(max(value, declared.minimum), declared.maximum)
        raise _refusal(study, f"{name} {value} is out of bounds", f"{bounds}; near: {nearest}", name)
    return value


def _vintages(project: Project, sidecar: Sidecar, country: str, year: int) -> dict[str, str]:
    """The vintage of each dataset, and of each breakdown that has one of its own; none where there is no snapshot."""
    store = SnapshotStore.of(project)
    pinned = pinned_vintages(project, year)
    chosen = {}
    for dataset, use in sidecar.datasets.items():
        declaration = read_dataset(project, dataset)
        held = store.vintages(dataset)
        if not held and use.required is not None:
            raise MissingSnapshot(
                f"{sidecar.study} needs {dataset}, and there is no snapshot of it",
                unchanged=_NOTHING_RAN,
                hint=f"workbench fetch {dataset}, or workbench import FILE --dataset {dataset} --vintage DATE",
            )
        looked_for = {dataset: use.used} | {broken_down(dataset, axis): (codes,) for axis, codes in use.by.items()}
        for name, used in looked_for.items():
            snapshots = [store.open(dataset, pinned[name])] if name in pinned else held
            if use.required is not None and name == dataset:
                snapshots = _holding(sidecar, snapshots, declaration, use.required, country, year)
            if name != dataset:
                snapshots = of_the_totals(snapshots, chosen.get(dataset), declaration, used, country, year) or snapshots
            if snapshots:
                chosen[name] = fullest(snapshots, declaration, used, country, year).id.vintage
    return chosen


def _holding(sidecar, snapshots, declaration, required: Mapping, country: str, year: int) -> list[Snapshot]:
    holding = [snapshot for snapshot in snapshots if number_of_values(snapshot, declaration, required, country, year)]
    if not holding:
        raise _no_data(sidecar, snapshots, declaration, required, country, year)
    return holding


def whole_years(
    snapshot: Snapshot, declaration: DatasetDeclaration, codes: Mapping, country: str, year_is: str | None, until: int
) -> list[int]:
    """The years, none later than ``until``, of which a snapshot has every period that a year is made of.

    Parameters
    ----------
    codes : mapping
        As for `workbench.data.observations.select`.
    year_is : str or None
        What makes a year, as in `workbench.declarations.indicators.CountSource`.
    """
    periods = periods_with_values(snapshot, declaration, codes, country)
    years = sorted({int(period[:4]) for period in periods})
    return [year for year in years if year <= until and periods.issuperset(periods_of(str(year), year_is))]


def _no_data(sidecar, snapshots, declaration, required: Mapping, country: str, year: int) -> RefusedRun:
    """Name the years that the country has data for; if it has none, the countries that the year has data for."""
    years, countries = set(), set()
    for snapshot in snapshots:
        present = {axis: codes_present(snapshot, declaration, axis) for axis in ("geo", "time")}
        everywhere = select(snapshot, declaration, {**required, **present}, gaps=True)
        there = everywhere[everywhere["value"].notna()]
        years.update(there.loc[there["geo"] == country, "time"].str[:4])
        countries.update(there.loc[there["time"].str[:4] == str(year), "geo"])
    names = ", ".join(str(snapshot.id) for snapshot in snapshots)
    if years:
        expected = f"a year with data for {country}; near: {', '.join(_nearest(year, sorted(years)))}"
    else:
        expected = f"a country with data for {year}; {near(country, countries)}"
    found = f"{country} {year}"
    return _refusal(sidecar.study, f"no data for {country} {year} in {names}", expected, "country, year", found)


def _nearest(year: int, years: list[str], most: int = 5) -> list[str]:
    return sorted(sorted(years, key=lambda other: (abs(int(other) - year), other))[:most])


def _refusal(study: str, what: str, expected: str, name: str, found=None) -> RefusedRun:
    return RefusedRun(
        f"{study}: {what}",
        where=f"parameter {name}",
        expected=expected,
        found=None if found is None else repr(found),
        unchanged=_NOTHING_RAN,
        hint=f"params/studies/{study}.yaml says what each parameter may be",
    )
