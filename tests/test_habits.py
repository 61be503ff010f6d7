"""The project's habits: what its workflows, hooks and metadata name is there, and they say the same."""

import json
import re
import tomllib

import pytest
import yaml

import workbench
from conftest import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
PINS = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
YAML_FILES = sorted([*ROOT.glob(".github/**/*.yml"), ROOT / ".pre-commit-config.yaml", ROOT / "CITATION.cff"])


def read_yaml(path: str):
    # The base loader reads no types: the key `on` of a workflow is no boolean, a version no number.
    return yaml.load((ROOT / path).read_text(encoding="utf-8"), yaml.BaseLoader)


def steps(workflow: str) -> list[tuple[str, dict]]:
    jobs = read_yaml(f".github/workflows/{workflow}")["jobs"]
    return [(name, step) for name, job in jobs.items() for step in job["steps"]]


def commands(workflow: str) -> str:
    return "\n".join(step.get("run", "") for _, step in steps(workflow))


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.name)
def test_each_configuration_parses(path):
    assert isinstance(read_yaml(path.relative_to(ROOT)), dict)


def test_version_and_day_are_the_same_everywhere():
    version = PYPROJECT["project"]["version"]
    citation = read_yaml("CITATION.cff")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d\S*) – (\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE)
    assert workbench.__version__ == citation["version"] == newest[1] == version
    assert citation["date-released"] == newest[2]
    assert citation["license"] == PYPROJECT["project"]["license"]


@pytest.mark.parametrize("workflow", ["test.yml", "annual-edition.yml"])
def test_workflows_call_what_is_there(workflow):
    called = commands(workflow)
    assert set(re.findall(r"\bmake ([a-z]+)", called)) <= TARGETS
    for script in re.findall(r"(?:scripts/|\.ci/)\w+(?:\.\w+)?", called):
        assert (ROOT / script).is_file()


def test_every_supported_python_is_tested_as_ci_does():
    job = read_yaml(".github/workflows/test.yml")["jobs"]["test"]
    oldest = PYPROJECT["project"]["requires-python"].removeprefix(">=")
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert job["strategy"]["matrix"]["python"][0] == oldest
    assert [step["run"] for step in job["steps"] if "run" in step][-1] == "bash .ci/run"
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_no_input_of_a_workflow_is_pasted_into_a_command():
    """What somebody typed reaches a shell as the value of a variable, never as part of a command."""
    for workflow in ("test.yml", "annual-edition.yml"):
        assert "${{" not in commands(workflow)


def test_options_of_the_edition_command_exist():
    from workbench.cli import edition

    known = {option for parameter in edition.params for option in parameter.opts}
    assert set(re.findall(r"--(?:country|language|shard)\b", commands("annual-edition.yml"))) <= known


def test_nothing_is_written_into_the_checkout_before_it_is_sealed():
    """A file that git does not ignore would make it a checkout with changes, and the archive would name no commit."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "outputs/*" in ignored and ".venv/" in ignored
    written = re.findall(r">>? (\S+)", commands("annual-edition.yml"))
    assert set(written) <= {'"$GITHUB_OUTPUT"', '"$GITHUB_STEP_SUMMARY"', "/dev/null"}


def test_the_hooks_have_the_versions_of_the_lock():
    hooks = {repo["repo"].rpartition("/")[2]: repo.get("rev", "").removeprefix("v") for repo in
             read_yaml(".pre-commit-config.yaml")["repos"]}  # fmt: skip
    assert hooks["ruff-pre-commit"] == PINS["ruff"]
    assert hooks["codespell"] == PINS["codespell"]


def test_make_test_holds_all_habits():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for habit in (
        "ruff check",
        "ruff format --check",
        "mypy",
        "lint-imports",
        "codespell",
        "vulture",
        "pytest",
        "--cov",
    ):
        assert habit in makefile
    assert "--doctest-modules" in PYPROJECT["tool"]["pytest"]["ini_options"]["addopts"]


def test_the_devcontainer_opens_jupyterlab():
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    container = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    assert "workbench lab" in container["postAttachCommand"]
    assert set(re.findall(r"make ([a-z]+)", container["postCreateCommand"])) <= TARGETS
    ports = re.findall(r"--port=(\d+)", container["postAttachCommand"])
    assert list(map(int, ports)) == container["forwardPorts"]
