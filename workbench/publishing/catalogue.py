"""The catalogue: one static page that lists the studies and archives of all editions."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workbench.model.paths import Project, write_whole
from workbench.rendering.notebooks import METADATA
from workbench.rendering.page import stylesheet

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class ListedStudy:
    """A study as the catalogue lists it, in one language."""

    study: str
    title: str
    country: str
    place: str
    year: int
    language: str
    href: str


def write_catalogue(project: Project) -> Path:
    """Write ``outputs/index.html`` from what stands in ``outputs/``.

    It knows of nothing else: a study is listed because its files are there.
    """
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("index.html.j2").render(
        years=_by_year(_studies(project)), archives=_archives(project), style=stylesheet()
    )
    return write_whole(project.outputs / "index.html", page)


def _studies(project: Project) -> Iterator[ListedStudy]:
    for notebook in sorted(project.outputs.glob("[0-9]*/*/*.ipynb")):
        html = notebook.with_suffix(".html")
        about = json.loads(notebook.read_text(encoding="utf-8"))["metadata"].get(METADATA)
        if about and html.is_file():
            href = html.relative_to(project.outputs).as_posix()
            yield ListedStudy(href=href, **{key: about[key] for key in ListedStudy.__annotations__ if key != "href"})


def _by_year(studies: Iterator[ListedStudy]) -> dict[int, dict[str, dict[str, list[ListedStudy]]]]:
    """Year, then country, then study, to its languages; the newest year first."""
    years = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for study in studies:
        years[study.year][study.country][study.study].append(study)
    return dict(sorted(years.items(), reverse=True))


def _archives(project: Project) -> dict[int, list[dict]]:
    archives = defaultdict(list)
    for path in sorted(project.archives.glob("*-r*.zip"), key=lambda path: int(path.stem.rpartition("-r")[2])):
        year = path.stem.rpartition("-r")[0]
        archives[int(year)].append({"name": path.stem, "href": f"archive/{path.name}", "size": path.stat().st_size})
    return archives
