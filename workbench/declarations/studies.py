"""``params/studies/<study>.yaml``: the sidecar of a notebook, with its title, parameters and datasets."""

from typing import Annotated, Literal

from pydantic import Field

from workbench.declarations.yaml_files import Declaration, read_yaml
from workbench.model.errors import RefusedRun, near
from workbench.model.paths import Project


class CountryParameter(Declaration):
    """A reporting country by its Eurostat code."""

    type: Literal["country"]
    default: str


class CountriesParameter(Declaration):
    """Some reporting countries."""

    type: Literal["countries"]
    default: tuple[str, ...]
    at_most: int = Field(ge=1)


class YearParameter(Declaration):
    """A reference year between two years."""

    type: Literal["year"]
    default: int
    minimum: int
    maximum: int


class LanguageParameter(Declaration):
    """A language of the catalogues."""

    type: Literal["language"]
    default: str


Parameter = Annotated[
    CountryParameter | CountriesParameter | YearParameter | LanguageParameter, Field(discriminator="type")
]


class DatasetUse(Declaration):
    """How a study uses a dataset.

    Attributes
    ----------
    required : dict or None
        The codes without which a run is refused; None where the study shows a gap instead.
    used : tuple of dict
        What is counted when the fullest of several vintages is looked for.
    by : dict
        Dimension to codes, where no one vintage holds both the totals and what is broken down by that dimension: the
        breakdown is then read from a vintage of its own, chosen by these codes. Everything shown names its vintage.
    """

    required: dict[str, str] | None = None
    used: tuple[dict[str, str], ...] = ()
    by: dict[str, dict[str, str]] = {}


class Sidecar(Declaration):
    """What a study declares of itself. The three parameters of every run are always there."""

    study: str
    title: str
    topic: str
    summary: str
    parameters: dict[str, Parameter]
    datasets: dict[str, DatasetUse]


def read_sidecar(project: Project, study: str) -> Sidecar:
    """Read the sidecar of a study.

    Raises
    ------
    RefusedRun
        If there is no such study, naming the near ones.
    InvalidDeclaration
        If the sidecar does not say what it must.
    """
    path = project.sidecar(study)
    if not path.is_file() or not project.notebook(study).is_file():
        known = {notebook.stem for notebook in project.notebooks.glob("*.ipynb")}
        raise RefusedRun(
            f"there is no study {study}",
            where=f"{project.notebooks.name}/ and {path.parent.relative_to(project.root)}/",
            expected=near(study, known & {sidecar.stem for sidecar in path.parent.glob("*.yaml")}),
            remedy="a study is a notebook and its sidecar of the same stem",
        )
    return read_yaml(path, Sidecar, study=study)
