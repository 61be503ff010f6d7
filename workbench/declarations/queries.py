"""``params/queries/<name>.yaml``: ad-hoc queries, as they are asked in the European Migration Network, and how States answer.

A query is a study of one run: what it declares is the sidecar of its notebook, and an edition of its own. The answer of a
Member State is ``params/queries/<name>/<country>.yaml``.
"""

import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from msgspec import Meta, structs, to_builtins

from workbench.declarations.codelists import code_list
from workbench.declarations.countries import CountryCode, check_country
from workbench.declarations.editions import Edition
from workbench.declarations.models import (
    Checked,
    DatasetName,
    Declaration,
    LanguageName,
    Read,
    StudyName,
    Unfit,
    Vintage,
)
from workbench.declarations.site import read_site_declaration
from workbench.declarations.studies import (
    CountryParameter,
    DatasetUse,
    LanguageParameter,
    Sidecar,
    YearParameter,
)
from workbench.declarations.yaml_files import names_in, read_named, read_yaml
from workbench.model.errors import InvalidDeclaration, near
from workbench.model.names import STUDY, edition_of_query, is_restricted, query_of
from workbench.model.paths import Project
from workbench.model.types import message

ENGLISH = "en"
"""The language that queries are asked and answered in."""

COMMISSION = "COM"
"""Who asks where no contact point does, as the network writes it: the European Commission."""

TITLE = message("EMN ad-hoc query")
TOPIC = "queries"

_FIRST_YEAR = 2008
_NO_LICENCE = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"
"""What stands in the place of a licence where nothing may be published: the European Union's word for it."""


def _in_english(told: object) -> object:
    """A text alone is in English."""
    return {ENGLISH: told} if isinstance(told, str) else told


def _check_requester(code: str) -> None:
    if code != COMMISSION:
        check_country(code)


def _check_can_be_written(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:  # the command line hands on what is in another encoding
        raise Unfit("text in UTF-8") from None


Text = Annotated[str, Meta(min_length=1, max_length=20_000), Checked(_check_can_be_written)]
Told = Annotated[dict[LanguageName, Text], Read(_in_english), Meta(min_length=1)]
"""A text that somebody typed, by the languages that they typed it in."""

Dissemination = Literal["wider", "restricted"]
Requester = Annotated[str, Checked(_check_requester)]


class Query(Declaration):
    """An ad-hoc query.

    Attributes
    ----------
    query : str
        Its name: the stem of its notebook and its declaration.
    title, background : dict
        Language to text; English is always there.
    questions : tuple of dict
        Each by language, with the English always there; they are numbered from 1.
    requested_by : str
        The country whose contact point asks, or ``COM``, the European Commission.
    requested : date
        When it was asked.
    deadline : date
        Until when answers are due.
    answered : date or None
        When the national answer was given.
    closed : date or None
        When all answers were compiled.
    dissemination : str
        ``wider``, or ``restricted`` to the network: then nothing of it is published.
    country : str
        Whose national answer it is.
    year : int
        The year that the notebook is of.
    languages : tuple of str
        In which its page is made.
    datasets : dict
        What its notebook reads, as a sidecar declares it.
    vintages : dict
        Dataset to the vintage that is read: with it, no later download changes the answer.
    depends_on : tuple of str
        ``every vintage``, where the notebook looks at others than those.
    translations : dict
        Language to English text to its translation: the texts of the notebook, which the catalogues do not have.
    """

    query: StudyName
    title: Told
    requested_by: Requester
    requested: datetime.date
    deadline: datetime.date
    answered: datetime.date | None = None
    closed: datetime.date | None = None
    dissemination: Dissemination
    questions: Annotated[tuple[Told, ...], Meta(min_length=1)]
    background: Told | None = None
    country: CountryCode
    year: Annotated[int, Meta(ge=_FIRST_YEAR, le=2099)]
    languages: Annotated[tuple[LanguageName, ...], Meta(min_length=1)] = (ENGLISH, "lt")
    datasets: dict[DatasetName, DatasetUse] = {}
    vintages: dict[DatasetName, Vintage] = {}
    depends_on: tuple[Literal["every vintage"], ...] = ()
    translations: dict[LanguageName, dict[str, Text]] = {}

    def __post_init__(self) -> None:
        if any(ENGLISH not in told for told in (self.title, self.background or self.title, *self.questions)):
            raise Unfit("each text in English, en:, too")
        for key, before in (("deadline", "requested"), ("answered", "requested"), ("closed", "answered")):
            self._check_is_later(key, before)

    def _check_is_later(self, key: str, before: str) -> None:
        """Each day is that of what it follows, or a later one."""
        day, known = getattr(self, key), getattr(self, before)
        if day and (known is None or day < known):
            which = f", {known}," if known else ","
            raise Unfit(f"a day on which it is {before}{which} or later", str(day), (key,))

    @property
    def state(self) -> str:
        """``open``, ``answered`` or ``closed``."""
        return "closed" if self.closed else "answered" if self.answered else "open"

    @property
    def since(self) -> datetime.date:
        """The day from which it is in that state."""
        return self.closed or self.answered or self.requested

    @property
    def is_restricted(self) -> bool:
        """Whether nothing of it is published."""
        return self.dissemination == "restricted"

    @property
    def edition(self) -> str:
        """The name of the edition that it is."""
        return edition_of_query(self.query, self.is_restricted)

    @property
    def for_the_network(self) -> "Query":
        """The same query, disseminated within the network alone, so that what is restricted of a wider one is in it."""
        return structs.replace(self, dissemination="restricted")

    @cached_property
    def sidecar(self) -> Sidecar:
        """What it declares as a study."""
        return Sidecar(
            study=self.query,
            title=self.title[ENGLISH],
            topic=TOPIC,
            summary=self.questions[0][ENGLISH],
            parameters={
                "country": CountryParameter(default=self.country),
                "year": YearParameter(default=self.year, minimum=_FIRST_YEAR, maximum=self.year),
                "language": LanguageParameter(default=self.languages[0]),
            },
            datasets=self.datasets,
            depends_on=self.depends_on,
        )

    def texts(self, language: str) -> dict[str, str]:
        """The English texts of it, and of its notebook, to what they are in another language."""
        told = [self.title, *self.questions]
        return {
            **{one[ENGLISH]: one[language] for one in told if language in one},
            **self.translations.get(language, {}),
        }


class QueryEdition(Edition):
    """A query as an edition of one study."""

    reference_year: int

    @property
    def year(self) -> int:
        return self.reference_year


class MemberAnswer(Declaration):
    """The answer of a Member State.

    Attributes
    ----------
    country : str
        Which; the stem of its file.
    received : date
        When it came.
    dissemination : str
        ``restricted`` where it is for the network alone: a page for wider dissemination says that there is one.
    language : str
        In which it is written.
    answers : dict
        Number of the question to the answer.
    """

    country: CountryCode
    received: datetime.date
    dissemination: Dissemination
    language: LanguageName = ENGLISH
    answers: dict[int, Text] = {}


def declared_queries(project: Project) -> list[str]:
    """The names of all queries, sorted."""
    return names_in(project.queries, STUDY)


def read_query(project: Project, name: str) -> Query:
    """Read the declaration of a query.

    Raises
    ------
    InvalidDeclaration
        If there is none, or it does not say what it must; or if a study has the same name.
    """
    if (project.params / "studies" / f"{STUDY.checked(name)}.yaml").is_file():
        raise InvalidDeclaration(
            f"{name} is a study and a query", where=str(project.queries), hint="give the query another name"
        )
    return read_named(
        project.queries, STUDY, name, Query,
        absent=f"there is no query {name}",
        hint='workbench new query NAME --question "…" --deadline YYYY-MM-DD',
        query=name,
    )  # fmt: skip


def read_query_in(project: Project, edition: str) -> Query:
    """Read the query that an edition is of, as it is disseminated there: of a wider one, too, the restricted edition holds all.

    Raises
    ------
    InvalidDeclaration
        As `read_query`.
    """
    query = read_query(project, query_of(edition) or "")
    return query.for_the_network if is_restricted(edition) else query


def refuse_future(project: Project, query: Query, latest: datetime.date) -> None:
    """Refuse a query that was answered or closed on a day that is still to come: it would be sealed with that day.

    Parameters
    ----------
    latest : date
        Today, where it is latest in the world.

    Raises
    ------
    InvalidDeclaration
        With file and key.
    """
    path = project.sidecar(query.query)
    for key, day in (("answered", query.answered), ("closed", query.closed)):
        if day and day > latest:
            raise InvalidDeclaration(
                f"{path.name} says that the query was {key} on a day that is still to come",
                where=f"{path}, key {key}",
                expected=f"{latest} or earlier",
                found=str(day),
                unchanged="nothing was made",
                hint="correct the day, or leave the key out until then",
            )


def edition_of(project: Project, query: Query) -> QueryEdition:
    """The edition that a query is: its publisher is that of the site, and so is its licence, unless it is restricted."""
    site = read_site_declaration(project)
    return QueryEdition(
        name=query.edition,
        title=TITLE,
        publisher=site.publisher,
        licence=_NO_LICENCE if query.is_restricted else site.licence,
        released=query.since,
        countries=(query.country,),
        languages=query.languages,
        studies=(query.query,),
        vintages={dataset: (vintage,) for dataset, vintage in query.vintages.items()},
        reference_year=query.year,
    )


def answer_files(project: Project, name: str) -> list[Path]:
    """The files of the answers of Member States, by country."""
    return sorted((project.queries / name).glob("*.yaml"))


def read_answers(project: Project, query: Query) -> list[MemberAnswer]:
    """Read the answers of Member States to a query, by country.

    Raises
    ------
    InvalidDeclaration
        If a file is not named after a country, answers a question that was not asked, or does not say what it must.
    """
    return [_read_answer(path, query) for path in answer_files(project, query.query)]


def _read_answer(path: Path, query: Query) -> MemberAnswer:
    places = code_list("geo")
    if path.stem not in places.codes or places.codes[path.stem].kind != "country":
        raise InvalidDeclaration(
            f"{path.name} is not named after a country",
            where=str(path),
            expected=places.near(path.stem, places.codes),
            hint="name the file by the country's code: AT.yaml",
        )
    answer = read_yaml(path, MemberAnswer, country=path.stem)
    asked = range(1, len(query.questions) + 1)
    if unasked := [number for number in answer.answers if number not in asked]:
        raise InvalidDeclaration(
            f"{path.name} answers a question that was not asked",
            where=f"{path}, key answers.{unasked[0]}",
            expected=near(str(unasked[0]), map(str, asked)),
            found=str(unasked[0]),
        )
    return answer


def disseminated(path: Path, query: Query) -> bytes:
    """The answer of a Member State as it leaves the network with the query: of one that is restricted, that there is one."""
    answer = _read_answer(path, query)
    if query.is_restricted or answer.dissemination == "wider":
        return path.read_bytes()
    said = {name: one for name, one in to_builtins(answer).items() if name in ("received", "dissemination")}
    return yaml.safe_dump(said, sort_keys=False).encode()


def texts_of(project: Project, study: str, language: str) -> dict[str, str]:
    """The translations that a study brings along itself, as a query does; none of any other."""
    return read_query(project, study).texts(language) if project.is_query(study) else {}
