"""``params/studies/<study>.yaml``: the sidecar of a notebook, with its title, parameters and datasets."""

from typing import Annotated, Literal

from msgspec import Meta

from workbench.declarations.models import DatasetName, Declaration, LanguageName, StudyName
from workbench.declarations.yaml_files import names_in, read_yaml
from workbench.model.errors import RefusedRun, near
from workbench.model.names import STUDY
from workbench.model.paths import Project


class CountryParameter(Declaration, tag_field="type", tag="country"):
    """A reporting country by its Eurostat code."""

    default: str


class CountriesParameter(Declaration, tag_field="type", tag="countries"):
    """Some reporting countries; without a default, the neighbours that ``params/countries.yaml`` declares for the country."""

    default: tuple[str, ...] | None = None
    at_most: Annotated[int, Meta(ge=1)]


class YearParameter(Declaration, tag_field="type", tag="year"):
    """A reference year between two years."""

    default: int
    minimum: int
    maximum: int


class LanguageParameter(Declaration, tag_field="type", tag="language"):
    """A language that there is a catalogue for."""

    default: LanguageName


Parameter = CountryParameter | CountriesParameter | YearParameter | LanguageParameter


class DatasetUse(Declaration):
    """How a study uses a dataset.

    Attributes
    ----------
    required : dict or None
        The codes without which a run is refused; None if the study shows a gap instead.
    used : tuple of dict
        What is counted to find the fullest of several vintages.
    by : dict
        Dimension to codes, where not every vintage holds both the totals and the breakdown by that dimension. The vintage
        of the totals is read for both if it has more than one of these codes, because a single one is not a breakdown;
        otherwise the breakdown is read from the fullest of all. Everything shown names its vintage. As ``age=Y15-64``, a
        dimension with a code, it is of what has that code alone: for vintages that are cut to different ages.
    """

    required: dict[str, str] | None = None
    used: tuple[dict[str, str], ...] = ()
    by: dict[str, dict[str, str | tuple[str, ...]]] = {}


EVERY_VINTAGE, OTHER_STUDIES, COMMENTARY = "every vintage", "other studies", "commentary"
REASONS = "reasons on file"

BRIEF = "brief"
"""The kind of page that is printed too: two sheets of A4."""


class Sidecar(Declaration):
    """What a study declares of itself. The three parameters of every run are always among them.

    Attributes
    ----------
    headline : dict
        The counts without which a year of the study says too little, each with the codes of its breakdown. The edition
        ``latest`` renders the study for the newest year in which all of them are whole.
    depends_on : tuple of str
        What a run reads beyond the vintages it was given: ``every vintage`` of its datasets; the list of ``other studies``;
        an editor's ``commentary``; the ``reasons on file`` for differences. When one of these changes, it is made again.
    page : str
        How its page is laid out: as a ``study``, or as a ``brief``, which is printed too.
    """

    study: StudyName
    title: str
    topic: str
    summary: str
    parameters: dict[str, Parameter]
    datasets: dict[DatasetName, DatasetUse]
    headline: dict[str, dict[str, str]] = {}
    depends_on: tuple[Literal["every vintage", "other studies", "commentary", "reasons on file"], ...] = ()
    page: Literal["study", "brief"] = "study"

    @property
    def years(self) -> range:
        """The reference years that the study allows."""
        declared = self.parameters["year"]
        assert isinstance(declared, YearParameter), "read_yaml refuses a sidecar whose year is of another type"
        return range(declared.minimum, declared.maximum + 1)


def read_sidecar(project: Project, study: str) -> Sidecar:
    """Read the sidecar of a study.

    Raises
    ------
    RefusedRun
        If there is no such study, naming the nearest.
    InvalidName
        If this name, or that of a sidecar, is not valid for a study.
    InvalidDeclaration
        If the sidecar does not say what it must.
    """
    if project.is_query(study):
        # Imported here and not above: it imports what a study declares.
        from workbench.declarations.queries import read_query

        return read_query(project, study).sidecar
    path = project.sidecar(study)
    declared = names_in(path.parent, STUDY)
    if STUDY.checked(study, known=declared) not in declared or not project.notebook(study).is_file():
        known = {notebook.stem for notebook in project.notebooks.glob("*.ipynb")}
        there = [
            path.relative_to(project.root).as_posix() for path in (project.notebook(study), path) if path.is_file()
        ]
        raise RefusedRun(
            f"there is no study {study}",
            where=f"{project.notebooks.name}/ and {path.parent.relative_to(project.root)}/",
            expected=near(study, known & set(declared)),
            found=f"{there[0]} alone" if there else None,
            hint="a study is a notebook and a sidecar of the same name",
        )
    return read_yaml(path, Sidecar, study=study)
