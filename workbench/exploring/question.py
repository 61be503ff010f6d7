"""What is asked: an indicator or dataset, of which places and periods, broken down by what. Everything in it is checked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.data.observations import EVERY
from workbench.declarations.codelists import NAMED, code_list, members
from workbench.declarations.countries import read_countries
from workbench.declarations.indicators import CountSource
from workbench.declarations.site import read_site_declaration
from workbench.exploring.held import TIME, Held, held
from workbench.indicators.asked import EU27
from workbench.indicators.possible_periods import lengths_of, refuse_impossible
from workbench.indicators.results import Results
from workbench.model.errors import UnknownCode, WorkbenchError, near
from workbench.model.names import VINTAGE
from workbench.model.paths import Project
from workbench.model.periods import in_a_year, is_period, shift, year_of
from workbench.model.types import TOTALS

_RANGE = re.compile(
    r"(?P<first>\d{4}(?:-Q[1-4]|-\d\d(?!\d))?)\s*(?:-|–|\.\.|/)\s*(?P<last>\d{4}(?:-Q[1-4]|-\d\d(?!\d))?)"
)
_PLACES = frozenset({"geo", "citizen", "c_dest", "c_birth", "partner"})
"""Dimensions whose codes are places: one that no snapshot has may yet be fetched."""
_UNASKED_YEARS = 10
_LONGEST_RANGE = 600
_NAMED = 8


@dataclass(frozen=True)
class Question:
    """A question that can be answered, or whose answer is not there.

    Attributes
    ----------
    held : Held
        The indicator, and what there is of it.
    geo, time : tuple of str
        Places and periods.
    breakdown : dict
        Dimension to codes.
    dataset : str
        The only one to be read of those that publish the same; empty for whichever has most.
    vintages : tuple of str
        Those to be shown, each as a series of its own; none for the one that has most.
    """

    held: Held
    geo: tuple[str, ...]
    time: tuple[str, ...]
    breakdown: Mapping[str, tuple[str, ...]]
    dataset: str = ""
    vintages: tuple[str, ...] = ()
    counted: dict[tuple[str, ...], Results] = field(default_factory=dict, repr=False, compare=False)
    """Counts that were read already, to choose among datasets and vintages."""

    @property
    def indicator(self) -> str:
        """What is asked about."""
        return self.held.indicator

    def may_be_in(self, source: CountSource) -> bool:
        """Whether a dataset has periods of the lengths that are asked for: no vintage of an annual one has months."""
        lengths = set(map(in_a_year, self.held.codes_of(source.dataset, TIME))) | ({1} if source.year else set())
        return lengths.issuperset(map(in_a_year, self.time))


def read_question(project: Project, name: str, selection: Sequence[str]) -> Question:
    """Read a question as it is typed.

    Parameters
    ----------
    project : Project
        What is declared, and the snapshots.
    name : str
        An indicator, declared or derived, or a dataset.
    selection : sequence of str
        ``geo=EE,LV,LT``, ``time=2015-2024``, ``citizen=Belarus``: a dimension and its codes, or their labels in any language.
        ``dataset=`` and ``vintage=`` say which is read.

    Returns
    -------
    Question
        Of the home country and the last ten years, where it does not say.

    Raises
    ------
    WorkbenchError
        For a name, dimension, code or period that there is not or cannot be, naming the nearest.
    """
    there = held(project, name)
    typed = _typed(selection)
    dataset = _dataset(there, typed.pop("dataset", ""))
    vintages = _vintages(there, typed.pop("vintage", ""))
    geo = _places(project, there, typed.pop("geo", "") or _home(project))
    time = _periods(there, typed.pop(TIME, "")) or _last_years(there)
    breakdown = {dimension: _codes(project, there, dimension, codes) for dimension, codes in typed.items()}
    if there.is_of_dataset:
        _refuse_without_total(there, breakdown)
    return Question(there, geo, time, breakdown, dataset, vintages)


def _typed(selection: Sequence[str]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for text in selection:
        dimension, separator, codes = (part.strip() for part in text.partition("="))
        if not separator or not dimension or not codes:
            raise UnknownCode(
                f"{text!r} is not a selection", expected="DIMENSION=CODES", hint="for example geo=LT,LV time=2015-2024"
            )
        if dimension in typed:
            raise UnknownCode(f"{dimension} is given twice", found=text, hint=f"write {dimension}=A,B")
        typed[dimension.lower()] = codes
    return typed


def _home(project: Project) -> str:
    home = read_site_declaration(project).home_country
    if home is None:
        raise UnknownCode("no place is asked for", expected="geo=LT, or a home_country in params/site.yaml")
    return home


# Places and other codes


def _places(project: Project, there: Held, text: str) -> tuple[str, ...]:
    own = [declaration.place for declaration in there.datasets.values()] + [source.whole for source in there.sources]
    reporting = there.codes("geo") | set(filter(None, own))
    places = _meant(project, "geo", text)
    for place in places:
        if place not in reporting:
            raise UnknownCode(
                f"no snapshot of {' or '.join(there.datasets)} has figures reported by {place}",
                where="geo",
                expected=_some("geo", reporting)
                if len(reporting) <= _NAMED
                else code_list("geo").near(place, reporting & set(code_list("geo").codes)),
                found=place,
                hint=f"if {place} is where persons come from, ask for citizen={place}"
                if "citizen" in there.dimensions
                else "",
            )
    return places


def _codes(project: Project, there: Held, dimension: str, text: str) -> tuple[str, ...]:
    """The codes of a dimension that the indicator may be broken down by."""
    if dimension == "freq" or not there.codes(dimension):
        raise UnknownCode(
            f"{there.indicator} has no dimension {dimension}",
            expected=near(dimension, ["geo", TIME, "dataset", "vintage", *there.dimensions]),
            hint="name a dimension of its datasets" + "".join(f", {one}" for one in there.dimensions),
        )
    _refuse_what_defines_it(there, dimension)
    if text == EVERY:
        return (EVERY,)
    held_codes = there.codes(dimension)
    if dimension in NAMED:
        codes: tuple[str, ...] = tuple(part.strip().upper() for part in text.split(","))
    else:
        codes = _meant(project, dimension, text)
    for code in codes:
        is_there = (
            code in TOTALS
            or code in held_codes
            or any(declaration.newest_code(dimension, code) in held_codes for declaration in there.datasets.values())
        )
        if not is_there and (dimension not in _PLACES or dimension in NAMED):
            raise UnknownCode(
                f"no snapshot of {' or '.join(there.datasets)} has {dimension} {code}",
                where=dimension,
                expected=near(code, held_codes),
                found=code,
                hint="name a code that one of them has",
            )
    return codes


def _refuse_what_defines_it(there: Held, dimension: str) -> None:
    """An indicator of first-time applicants is not broken down by the kind of applicant: it would no longer be what it is."""
    fixed = {code for source in there.sources for name, code in source.where.items() if name == dimension}
    if fixed and all(
        dimension in source.where for source in there.sources if dimension in _dimensions(there, source.dataset)
    ):
        raise UnknownCode(
            f"{dimension} is {' or '.join(sorted(fixed))} in {there.indicator}, by its definition",
            where=dimension,
            hint=f"ask another indicator, or the dataset: workbench explore {next(iter(there.datasets))} {dimension}=…",
        )


def _dimensions(there: Held, dataset: str) -> set[str]:
    opened = (snapshot.opened(there.datasets[dataset]) for snapshot in there.snapshots[dataset])
    return {dimension for form in opened for dimension in form.dimensions}


def _refuse_without_total(there: Held, breakdown: Mapping[str, tuple[str, ...]]) -> None:
    """Of a dataset as it is published, whatever has no total must be named: its codes may overlap."""
    codes = {dimension: there.codes(dimension) for dimension in there.dimensions if dimension not in breakdown}
    without = {dimension: own for dimension, own in codes.items() if own.isdisjoint(TOTALS)}
    if without:
        raise UnknownCode(
            f"{there.indicator} has no total of {', '.join(without)}: say which codes",
            expected="; ".join(f"{dimension}={_some(dimension, own)}" for dimension, own in without.items()),
            hint="for example " + " ".join(f"{dimension}={min(own)!r}" for dimension, own in without.items()),
        )


def _some(dimension: str, codes: set[str]) -> str:
    named = _labelled(dimension, sorted(codes)[:_NAMED])
    return ", ".join([*named, *(["…"] if len(codes) > _NAMED else [])])


def _labelled(dimension: str, codes: Iterable[str]) -> list[str]:
    if dimension in NAMED:
        return list(codes)
    return [f"{code} ({code_list(dimension).label(code)})" for code in codes]


def _meant(project: Project, dimension: str, text: str) -> tuple[str, ...]:
    """The codes that are meant by codes, labels and groups of places, with commas between them."""
    codes = code_list(dimension)
    # A label may have a comma in it.
    names = [text] if codes.meant_by(text) else [part.strip() for part in text.split(",") if part.strip()]
    groups = _groups(project) if dimension in _PLACES else {}
    found: list[str] = []
    for name in names:
        if name in codes.codes:
            found.append(name)
        elif name.lower() in groups:
            found += groups[name.lower()]
        elif name.upper() in codes.codes:
            found.append(name.upper())
        elif own := codes.meant_by(name):
            found.append(own.code)
        else:
            raise UnknownCode(
                f"{name!r} is not a code of {dimension}, nor a label of one",
                where=dimension,
                expected=codes.near(name, codes.codes) + (f"; or a group: {', '.join(groups)}" if groups else ""),
                found=name,
                hint="name a code, or its label in English or Lithuanian",
            )
    return tuple(dict.fromkeys(found))


def _groups(project: Project) -> dict[str, tuple[str, ...]]:
    """The groups of places that have a name: the Member States, the neighbours of the home country, and those declared; and
    the European Union as one place, by the name that it goes by."""
    countries = read_countries(project)
    home = read_site_declaration(project).home_country
    own = {"neighbours": countries.of(home).neighbours} if home else {}
    return {**countries.groups, **own, "members": members(EU27, 2020), "eu27": (EU27,)}


# Periods


def _periods(there: Held, text: str) -> tuple[str, ...]:
    """Years, quarters or months: single ones, lists and ranges."""
    found: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        if is_period(part):
            found.append(part)
        elif (match := _RANGE.fullmatch(part)) and all(map(is_period, match.groups())):
            found += _range(*match.groups())
        else:
            raise UnknownCode(
                f"{part} is not a period",
                where=TIME,
                expected="a year, quarter or month, or a range of them: 2022, 2022-Q4, 2022-11, 2015-2024, 2022-01..2023-06",
                found=part,
            )
    periods = tuple(dict.fromkeys(found))
    refuse_impossible(there.indicator, periods, lengths=_lengths(there), last_day=there.newest_day, held=_span(there))
    return periods


def _range(first: str, last: str) -> list[str]:
    if in_a_year(first) != in_a_year(last) or first > last:
        raise UnknownCode(
            f"{first} to {last} is not a range", where=TIME, expected="two years, quarters or months, the earlier first"
        )
    periods = [first]
    while periods[-1] != last:
        periods.append(shift(periods[-1], 1))
        if len(periods) > _LONGEST_RANGE:
            raise UnknownCode(
                f"{first} to {last} has too many periods", where=TIME, expected=f"at most {_LONGEST_RANGE}"
            )
    return periods


def _lengths(there: Held) -> set[int]:
    return lengths_of(there.codes(TIME), has_years=any(source.year for source in there.sources))


def _span(there: Held) -> str:
    times = there.codes(TIME)
    return f"from {min(times)} to {max(times)}; the newest snapshot is of {there.newest_day}"


def _last_years(there: Held) -> tuple[str, ...]:
    """The last ten years of the first dataset that has a snapshot: of a rate, that of its numerator."""
    first = next(dataset for dataset in there.datasets if there.snapshots[dataset])
    periods = there.codes_of(first, TIME)
    years = sorted({str(year_of(period)) for period in periods})
    return tuple(years[-_UNASKED_YEARS:]) if 1 in _lengths(there) else tuple(sorted(periods)[-_UNASKED_YEARS:])


# Which dataset and vintage


def _dataset(there: Held, name: str) -> str:
    if name and name not in there.datasets:
        raise WorkbenchError(f"{there.indicator} is not computed from {name}", expected=near(name, there.datasets))
    return name


def _vintages(there: Held, text: str) -> tuple[str, ...]:
    vintages = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for vintage in vintages:
        VINTAGE.checked(vintage)
        if not any(vintage == snapshot.id.vintage for every in there.snapshots.values() for snapshot in every):
            own = {name: [one.id.vintage for one in every] for name, every in there.snapshots.items()}
            raise WorkbenchError(
                f"no dataset of {there.indicator} has a snapshot of vintage {vintage}",
                expected="; ".join(f"{name} {', '.join(every) or 'none'}" for name, every in own.items()),
                hint="workbench datasets --offline lists them all",
            )
    return vintages
