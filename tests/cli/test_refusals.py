"""Every command that refuses says why in an error with a hint, and never shows a traceback; nor does a machine in disorder."""

import os
import subprocess
import sys

import pytest

from commands import Commands
from conftest import copy_project
from workbench.cli import main
from workbench.model.paths import Project

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX's")]

NINES, LONG = "9" * 5000, "x" * 300
IMPORT = "--dataset migr_asyappctza --vintage 2026-09-15"
VINTAGES = "--from 2024-01-18 --to 2025-03-31"
REFUSALS = {
    "run": [
        "", "no_such_study", "../../x", LONG, "asylum_applications --country ZZ", "asylum_applications --country EU27_2020",
        f"asylum_applications --country {LONG}", "asylum_applications --year 1", f"asylum_applications --year {NINES}",
        f"asylum_applications -p year={NINES}", "asylum_applications --language zz", "asylum_applications --language ../../x",
        "asylum_applications -p no_such=1", "asylum_applications -p nothing", "asylum_applications -p neighbours=ZZ",
    ],
    "preview": [
        "", "no_such_study", "../../x", LONG, "asylum_applications --country ZZ", "asylum_applications --language zz",
        "asylum_applications -p nothing", "asylum_applications --port 0", f"asylum_applications --port {NINES}",
    ],
    "edition": [
        "", "x", "1900", NINES, "1900 --dry-run", "2022 --country ZZ", "2022 --country ZZ --dry-run", "2022 --language zz",
        "2022 --shard 9/8", "2022 --shard x", f"2022 --shard 1/{NINES}", "2022 --shard 0/0", "2022 --workers 0",
        "2022 --scheduler file:///etc/passwd", "2022 --scheduler nonsense", "2022 --scheduler tcp://127.0.0.1:1",
    ],
    "import": [
        f"no_such.csv {IMPORT}", f"folder {IMPORT}", f"binary {IMPORT}", f"binary.csv {IMPORT}", f"empty.csv {IMPORT}",
        f"/dev/null {IMPORT}", "binary.csv --dataset schengen_visas --vintage 2026-09-15",
        f"binary.csv --dataset {LONG} --vintage 2026-09-15", "binary.csv --dataset migr_asyappctza --vintage x",
        "binary.csv --vintage 2026-09-15", f"binary.csv --dry-run {IMPORT}", f"- {IMPORT}",
        f"binary.csv --labels-template empty.csv {IMPORT}", f"binary.csv --labels binary {IMPORT}",
    ],
    "fetch": ["", "migr_asyappctza --filter nothing", LONG, f"{LONG} --code-lists"],
    "datasets": ["--no-such"],
    "revisions": [
        "", "migr_asyappctza --from 1999-01-01 --to 1999-01-02", "migr_asyappctza --from ../../x --to y",
        f"no_such {VINTAGES}", f"{LONG} {VINTAGES}", f"migr_asyappctza {VINTAGES} --country ZZ",
        f"migr_asyappctza {VINTAGES} --language zz",
    ],
    "check": ["no_such", "binary", "empty.csv", "folder", "../../x", LONG],
    "lab": [],
    "compare": [
        "", "2022", "no_such.zip .", "binary.zip binary.zip", ". .", "2022 .", "1900 .", f"{LONG} .", "folder .", "../../x .",
        f". {NINES}", "binary.zip . --workers 0", "binary.zip . -o binary", "empty.csv . --json",
    ],
    "reproduce": ["", "no_such.zip", "binary", "binary.zip", "folder", LONG, "binary.zip --workers 0"],
    "verify": [
        "", "no_such.zip", "binary", "binary.zip", "folder", "/dev/null", LONG, "x" * 5000, "binary.zip --key binary",
        "binary.zip --key no_such.pem", "binary.zip empty.csv --json",
    ],
    "archive": ["", "--sign", "--sign no_such.pem", "--sign binary", "--sign binary binary.zip", "--sign binary no_such.zip"],
    "review": [
        "no_such", "open", "open no_such", "open ../../x", f"open {LONG}", "open asylum_applications", "open 2022",
        "open 2022 --language zz", "open 2022 --language ../x", "open 2022 --reviewer someone@example.org",
        f"open 2022 --year {NINES}", "collect", "collect no_such.json", "collect folder", "collect binary", "collect empty.csv",
        "status 1900", "status ../../x", "answer", "answer 1a2b3c4d", "answer 1a2b3c4d --text x", f"answer {LONG} --text x",
        "answer ../x --text x", "page", "page ../../x", "page 2022 --language zz", f"page {LONG}",
    ],
    "collect": [
        "no_such", "forms no_such", "forms ../../x", f"forms {LONG}", "forms --language zz", "forms --language ../x",
        "forms --period 1999", f"forms --period {NINES}", "read", "read no_such.xlsx", "read folder", "read binary",
        "read empty.csv", "read binary.zip", "read binary --received x", "read binary --received 9999-12-31",
        "status --no-such",
    ],
    "explore": [
        "", "no_such", "../../x", LONG, "asylum_applicants citizen", "asylum_applicants citizen=", "asylum_applicants =BY",
        "asylum_applicants no_such=1", "asylum_applicants citizen=Nowhere", f"asylum_applicants citizen={LONG}",
        "asylum_applicants geo=BY", "asylum_applicants time=2050", "asylum_applicants time=0000-9999",
        f"asylum_applicants time={NINES}", f"asylum_applicants time=1-{NINES}", "asylum_applicants vintage=../x",
        "asylum_applicants dataset=../../x", "asylum_applicants --language zz", "asylum_applicants --csv folder",
        "asylum_applicants --html folder", "asylum_applicants --html empty.csv/page.html", "schengen_visas", "expected_first_permits",
        "applicants_minor_share_pct citizen=BY time=2022",
    ],
    "new": [
        "study", "study Children", "study ../../x", f"study {LONG}", "study asylum_applications", "study x --edition 1900",
        "study x --edition ../../x", "no_such", "query", "query x", f"query {LONG} --question x --deadline 2026-12-01", "query ../../x --question x --deadline 2026-12-01",
        "query x --deadline 2026-12-01", "query x --question x", "query x --question x --deadline soon",
        "query visas --question x --deadline 2026-12-01", "query x --question x --deadline 2020-01-01",
        f"query x --question x --deadline {NINES}", "query x --question x --deadline 2026-12-01 --dissemination public",
        "query x --question x --deadline 2030-12-01 --explore no_such", "query x --question x --deadline 2020-12-01 --requested 2020-13-01",
    ],
    "query": ["", "no_such", "visas", "../../x", LONG],
    "queries": ["--no-such"],
    "activities": [
        "no_such", "check", "check no_such.csv", "check folder", "check binary", "check binary.csv", "check binary.zip",
        "check empty.csv", "add empty.csv", "add params/activities/made_up.csv --vintage x",
        "add params/activities/made_up.csv --vintage 2020-01-01", "add params/activities/made_up.csv --vintage 9999-12-31",
    ],
    "calendar": ["--no-such", "--on x", "--on 9999-12-31", "--on 1900-01-01", "--ics", "--ics folder", "--ics binary/x.ics"],
    "messages": ["--no-such"],
    "no-such-command": [""],
}  # fmt: skip


@pytest.fixture(scope="module")
def apart(tmp_path_factory) -> Project:
    """A project that every refusal leaves as it is."""
    project = copy_project(tmp_path_factory.mktemp("refusals") / "project")
    (project.root / "folder").mkdir()
    for name in ("binary", "binary.csv"):
        (project.root / name).write_bytes(bytes(range(256)) * 50)
    (project.root / "binary.zip").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 50)
    (project.root / "empty.csv").touch()
    return project


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    with Commands(tmp_path_factory.mktemp("commands")) as commands:
        yield commands


def refusal(done: subprocess.CompletedProcess) -> str:
    """The error that a command ended with."""
    said = done.stderr
    assert done.returncode in (1, 2) and "Traceback" not in said + done.stdout, said
    assert [line for line in said.splitlines() if line.startswith(("error: ", "Error: ")) or "\rerror: " in line], said
    return said


@pytest.mark.parametrize(
    ("command", "arguments"),
    [(command, arguments) for command, cases in REFUSALS.items() for arguments in cases],
    ids=lambda words: words[:60] or "without",
)
def test_a_refusal_is_an_error_and_no_traceback(apart, commands, command, arguments):
    if "--scheduler" in arguments:
        pytest.importorskip("distributed")
    refusal(commands.run(command, *arguments.split(), cwd=apart.root))
    assert not list(apart.outputs.rglob("*.html")), "nothing was made"


def test_the_refusals_are_of_every_command():
    assert set(main.commands) <= set(REFUSALS)


@pytest.mark.parametrize(
    "command", ["run asylum_applications", "edition 2022", "edition 2022 --dry-run", "datasets --offline"]
)
@pytest.mark.parametrize("kind", ["a file", "a link that leads nowhere"])
def test_outputs_that_are_no_folder_are_told(project, commands, command, kind):
    project.outputs.rmdir()
    project.outputs.touch() if kind == "a file" else project.outputs.symlink_to("nowhere")
    said = refusal(commands.run(*command.split(), cwd=project.root))
    assert "outputs is not a folder" in said and f"found: {kind}" in said and "hint: remove it" in said


def test_what_the_system_refuses_in_the_midst_is_an_error(project, commands):
    (project.outputs / "revisions").touch()
    said = refusal(commands.run("revisions", "migr_asyappctza", *VINTAGES.split(), cwd=project.root))
    assert f"where: {project.outputs / 'revisions'}" in said and "hint: look at what is there" in said


@pytest.mark.parametrize("command", ["run asylum_applications", "edition 2022"])
def test_too_few_open_files_are_told_before_anything_runs(project, command):
    """In a process from its very beginning, for one that has the libraries loaded has opened other files."""
    words = ["sh", "-c", 'ulimit -n 24; exec "$@"', "sh", sys.executable, "-m", "workbench", *command.split()]
    said = refusal(subprocess.run(words, cwd=project.root, capture_output=True, text=True, timeout=120, check=False))
    assert "at most 24" in said and "hint: ulimit -n" in said and not list(project.outputs.iterdir())


@pytest.mark.parametrize("home", ["/proc", "/dev/null"])
def test_a_home_that_cannot_be_written_is_not_missed(project, tmp_path, home):
    environment = os.environ | {"HOME": home, "TMPDIR": str(tmp_path)}
    environment.pop("IPYTHONDIR", None)
    command = [sys.executable, "-m", "workbench", "run", "temporary_protection"]
    done = subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert not list(tmp_path.glob("workbench-ipython-*")), "what stood in for it is gone"
