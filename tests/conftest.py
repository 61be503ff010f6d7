"""What the tests share: a project of their own to render in, and one rendered edition for all who look at it."""

import os
import re
import shutil
from pathlib import Path

# Before numpy is imported. As in kernels: threads that wait for each other make a fit of a short series take ten times as long.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

import hypothesis
import pytest

from browser import browser
from workbench.declarations.editions import read_edition
from workbench.model.paths import Project

# A deadline would be a timed assertion: machines are shared.
hypothesis.settings.register_profile("workbench", deadline=None)
hypothesis.settings.load_profile("workbench")

__all__ = ["browser"]

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

collect_ignore = ["benchmarks"]  # commands, with libraries of their own


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items):
    """Tests that share what takes long share a worker. They come first, and first of all those of the rendered edition, which
    take longest; the others come last, so that no worker waits for another."""
    for item in items:
        if {"edition", "browser"} & fixtures_of(item):
            item.add_marker(pytest.mark.slow)
        if group := group_of(item):
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: (group_of(item) != "edition", not group_of(item)))


def fixtures_of(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))  # a doctest has none


def group_of(item: pytest.Item) -> str:
    """Tests of one group share the rendered edition, the runs of a study, or what their module makes once.

    A module of tests of one study says by ``STUDY`` which it is: else its runs would be made again beside those of the sweep.
    """
    if "edition" in fixtures_of(item):
        return "edition"
    if item.path.parent == ROOT / "tests" / "notebooks":
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        return parameters.get("study") or getattr(getattr(item, "module", None), "STUDY", item.path.stem)
    return item.path.stem if item.get_closest_marker("slow") else ""


@pytest.fixture
def project(tmp_path) -> Project:
    """A copy of the project, free to be changed; notebooks and declarations as they stand."""
    return copy_project(tmp_path / "project")


def copy_project(root: Path) -> Project:
    for folder in ("notebooks", "params"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copy(ROOT / "requirements.lock", root)
    (root / "outputs").mkdir()
    _keep_one_study(root / "params" / "editions")
    return Project(root)


def copy_package(folder: Path) -> Path:
    """A copy of the package with its bytecode, which processes may be told not to write; without what is being written of it."""
    return shutil.copytree(ROOT / "workbench", folder, ignore=shutil.ignore_patterns("*.pyc.*"))


def _keep_one_study(editions: Path) -> None:
    """One edition of one study: what holds of its page holds of all, and all would take minutes a test."""
    for other in editions.glob("*.yaml"):
        if other.stem != "2022":
            other.unlink()
    declared = editions / "2022.yaml"
    text, found = re.subn(
        r"studies:\n(  - .*\n)+", "studies: [asylum_applications]\n", declared.read_text(encoding="utf-8")
    )
    assert found == 1
    declared.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def edition(tmp_path_factory):
    """The default edition, rendered and sealed once a worker: project and outcome."""
    from workbench.editions.make import make_edition

    project = copy_project(tmp_path_factory.mktemp("edition") / "project")
    outcome = make_edition(project, read_edition(project, 2022))
    assert not outcome.failures, "\n".join(map(str, outcome.failures))
    return project, outcome


def shared(path: str | Path) -> Path:
    """A file of the shared folder; skips the test where there is none, which CI allows only if it is told so."""
    found = SHARED / path
    if not found.exists():
        if os.environ.get("CI") and not os.environ.get("WITHOUT_SHARED_DATA"):
            pytest.fail(f"CI must have {path} in the folder shared/ beside the clone")
        pytest.skip(f"no {path} in a folder shared/ beside the clone")
    return found
