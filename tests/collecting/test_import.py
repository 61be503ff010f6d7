"""Files of researchers: what is read, what is asked, what is noticed, and what a trial shows.

Files that are wrong are derived from the official ones of the shared folder; official ones raise no doubt.
"""

import datetime
import gzip
import zipfile
from pathlib import Path

import pandas
import pytest
import yaml
from click.testing import CliRunner

from conftest import SHARED, shared
from server import Answer, Provider, serving, structure
from workbench.cli import main
from workbench.collecting.files import DOUBTED, import_file
from workbench.data import snapshots
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import declared_datasets
from workbench.model.errors import (
    DoubtfulFile,
    MalformedFile,
)
from workbench.sources import transport

DAY = datetime.date(2026, 9, 1)
NEXT = datetime.date(2026, 10, 1)
FIGURES = sorted((SHARED / "data" / "figures").glob("*/*/*.csv.gz"), key=lambda path: path.name)


@pytest.fixture
def no_starters(monkeypatch, tmp_path):
    """A store without the snapshots that the package brings."""
    monkeypatch.setattr(snapshots, "STARTER_SNAPSHOTS", tmp_path / "none")


@pytest.fixture
def command(project, monkeypatch):
    """The import command, in a project of the test's own."""
    monkeypatch.chdir(project.root)

    def run(*words, **how):
        return CliRunner().invoke(main, ["import", *map(str, words)], **how)

    return run


def figures(dataset: str, vintage: str) -> Path:
    return shared(f"data/figures/estat/{dataset}/{vintage}.csv.gz")


def derived(target: Path, original: Path, change) -> Path:
    """A copy of a file with its table changed."""
    table = pandas.read_csv(original, dtype=str, keep_default_na=False)
    change(table).to_csv(target, index=False)
    return target


def values(change):
    """A change of all figures."""
    return lambda table: table.assign(
        OBS_VALUE=[f"{change(float(value)):g}" if value else "" for value in table["OBS_VALUE"]]
    )


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# Official files


@pytest.mark.slow
@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
def test_no_official_file_raises_a_doubt(project, no_starters, newest_first):
    if not FIGURES:
        pytest.skip("no data/figures in a folder shared/ beside the clone")
    warnings, new = [], 0
    declared = declared_datasets(project)
    for path in reversed(FIGURES) if newest_first else FIGURES:
        agency, name = path.parts[-3:-1]
        dataset = name if name in declared else f"{agency}_{name}"
        day = datetime.date.fromisoformat(path.name[:10])
        new += import_file(project, path, dataset, day, warn=warnings.append)[1]
    assert not warnings and new == len(FIGURES) >= 50


# Files that look right and are wrong


def of_germany(table):
    germany = (table["geo"] == "DE") & (table["TIME_PERIOD"] == "2015") & (table["citizen"] == "TOTAL")
    assert table.loc[germany, "OBS_VALUE"].tolist() == ["54080"]
    return table.assign(OBS_VALUE=table["OBS_VALUE"].where(~germany, "660"))


def a_year_later(table):
    return table.assign(TIME_PERIOD=(table["TIME_PERIOD"].astype(int) + 1).astype(str))


def with_last_years_copy(table):
    keys = [name for name in table if name not in ("TIME_PERIOD", "OBS_VALUE", "OBS_FLAG")]
    newest = table["TIME_PERIOD"].max()
    before = table[table["TIME_PERIOD"] == str(int(newest) - 1)].assign(TIME_PERIOD=newest)
    assert not before.duplicated(keys).any()
    return pandas.concat([table[table["TIME_PERIOD"] != newest], before])


def both_ages_added_up(table):
    keys = [name for name in table if name not in ("agedef", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS")]
    table = table[table["OBS_VALUE"] != ""].astype({"OBS_VALUE": float})
    return table.groupby(keys, as_index=False)["OBS_VALUE"].sum().assign(OBS_FLAG="", CONF_STATUS="")


WRONG = {
    "one cell": ("migr_eiord1", "2026-09-15", of_germany, "geo DE time 2015: 660 here, 54,080 in 2017-04-26"),
    "thousands": ("migr_eiord1", "2026-09-15", values(lambda value: value / 1000), "as if in another unit"),
    "shares as fractions": ("lfsa_ergan", "2025-03-31", values(lambda value: value / 100), "as if in another unit"),
    "a year later": ("migr_resvalid", "2025-06-09", a_year_later, "has 1 period earlier"),
    "last year's copy": ("migr_imm8", "2024-07-05", with_last_years_copy, "2022 repeats the year before in all of"),
    "both definitions of age": ("tps00176", "2024-11-29", both_ages_added_up, "two definitions of one figure were added up"),
    "persons by the billion": ("migr_dubri", "2017-02-16", values(lambda value: value + 1e12), "1e+12 requests cannot be (made-up.csv, row 2, column OBS_VALUE)"),
    "more than all": ("lfsa_urgan", "2025-09-18", values(lambda value: value + 90), "% cannot be"),
    "ISO codes": (
        "demo_gind", "2025-03-27", lambda table: table.replace({"geo": {"EL": "GR"}}), "GR for EL (Greece)"
    ),
    "no code at all": (
        "demo_gind", "2025-03-27", lambda table: table.assign(geo="X" + table["geo"]), "codes of geo are in no code list"
    ),
    "a total by name": (
        "migr_asydcfsta", "2017-04-26", lambda table: table.replace({"decision": {"REJECTED": "GRAND_TOTAL"}}), "GRAND_TOTAL"
    ),
    "another frequency": ("migr_eirfs", "2025-03-31", lambda table: table.assign(freq="M"), "frequency is M, and the periods are 2014, 2015"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_file_that_looks_right_and_is_wrong_is_refused(project, tmp_path, case):
    dataset, vintage, change, said = WRONG[case]
    file = derived(tmp_path / "made-up.csv", figures(dataset, vintage), change)
    with pytest.raises(DoubtfulFile) as refused:
        import_file(project, file, dataset, DAY)
    assert said in refused.value.found and refused.value.unchanged == "nothing was stored"
    assert files_below(project.outputs) == []
    snapshot, is_new = import_file(project, file, dataset, DAY, accept_doubts=True)
    assert is_new and DOUBTED in snapshot.card.caveats, "whoever knows better may store it, and its readers are told"


def test_the_figures_of_another_dataset_are_noticed(project, tmp_path):
    file = derived(
        tmp_path / "made-up.csv", figures("migr_dubri", "2017-02-16"), lambda table: table.drop(columns="DATAFLOW")
    )
    with pytest.raises(DoubtfulFile, match="its figures are those of estat/migr_dubri/2017-02-16"):
        import_file(project, file, "migr_dubro", DAY)


def test_a_selection_and_the_dataset_it_is_from_contradict_each_other(project, no_starters, tmp_path):
    import_file(project, figures("migr_resfirst", "2026-09-15"), "migr_resfirst", DAY)
    thousands = derived(tmp_path / "made-up.csv", figures("tps00170", "2025-03-03"), values(lambda value: value / 1000))
    with pytest.raises(DoubtfulFile, match="in estat/migr_resfirst/2026-09-01"):
        import_file(project, thousands, "tps00170", DAY)
    assert import_file(project, figures("tps00170", "2025-03-03"), "tps00170", DAY)[1]


def test_an_older_vintage_under_a_new_date_is_noticed(project):
    with pytest.raises(DoubtfulFile, match="the same as 2024-01-18, a vintage that is not the one before"):
        import_file(project, figures("migr_asyappctza", "2024-01-18"), "migr_asyappctza", DAY)


def test_a_vintage_before_its_own_periods_is_noticed(project, no_starters):
    file = figures("migr_asytpsm", "2025-05-15")
    with pytest.raises(DoubtfulFile, match="2025-03 had not begun on 2025-02-15"):
        import_file(project, file, "migr_asytpsm", datetime.date(2025, 2, 15))
    assert import_file(project, file, "migr_asytpsm", datetime.date(2025, 4, 15))[1]


def test_a_total_among_the_consulates_is_noticed(project, tmp_path):
    def with_a_total(table):
        return pandas.concat([table, table.tail(1).assign(consulate="LIETUVA IŠ VISO", VISA_APPLIED="12345")])

    file = derived(
        tmp_path / "made-up.csv", shared("data/figures/dghome/schengen_visas/2025-06-01.csv.gz"), with_a_total
    )
    with pytest.raises(DoubtfulFile, match="consulate 'LIETUVA IŠ VISO' is named like a total"):
        import_file(project, file, "schengen_visas", DAY)


def test_what_one_dimension_would_tell_apart_is_named(project, tmp_path):
    file = derived(
        tmp_path / "made-up.csv", figures("tps00176", "2024-11-29"), lambda table: table.drop(columns="agedef")
    )
    with pytest.raises(MalformedFile, match="two rows have the same dimensions and time") as refused:
        import_file(project, file, "tps00176", DAY)
    assert "this file lacks agedef" in refused.value.hint


def test_a_large_revision_is_a_warning_and_an_ordinary_one_nothing(project, tmp_path):
    def revised(factor):
        def change(table):
            one = table.index == table.index[table["OBS_VALUE"].astype(float) > 2000][0]
            by = [str(round(float(value) * factor)) for value in table["OBS_VALUE"]]
            return table.assign(OBS_VALUE=table["OBS_VALUE"].where(~one, by))

        return derived(tmp_path / "made-up.csv", figures("migr_eiord1", "2026-09-15"), change)

    warnings = []
    import_file(project, revised(1.4), "migr_eiord1", DAY, warn=warnings.append)
    assert warnings == []
    import_file(project, revised(6), "migr_eiord1", NEXT, warn=warnings.append)
    assert warnings and all("by a factor of 5 or more" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("dataset", "hint"),
    [("urm_visas", "workbench collect read FILE"), ("ncp_activities", "workbench activities add FILE")],
)
def test_what_comes_by_a_form_or_a_register_is_not_imported_past_its_checks(project, command, tmp_path, dataset, hint):
    file = tmp_path / "sent.csv"
    file.write_text("geo,time,value\nLT,2025,1\n", encoding="utf-8")
    refused = command(file, "--dataset", dataset, "--vintage", "2026-09-15")
    assert refused.exit_code == 1 and f"hint: {hint}" in refused.stderr and "nothing was stored" in refused.stderr
    assert files_below(project.outputs) == []


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1989-12-31", "2026-02-30"])
def test_a_vintage_is_a_day_of_a_download(project, command, day):
    refused = command(figures("migr_dubri", "2017-02-16"), "--vintage", day)
    assert refused.exit_code == 1 and "nothing was" in refused.stderr and files_below(project.outputs) == []


# What a file is called, and where it comes from


def test_the_file_may_say_which_dataset_it_is(project, no_starters, command):
    done = command(figures("migr_eiord1", "2017-04-26"), "--vintage", "2017-04-26")
    assert "estat/migr_eiord1/2017-04-26 added: 10,777 observations" in done.output, (
        "it says migr_eiord, the older code"
    )
    refused = command(shared("data/raw/migr_imm8.tsv.gz"), "--vintage", "2026-09-01")
    assert (
        refused.exit_code == 1
        and "does not say which dataset it is" in refused.stderr
        and "--dataset CODE" in refused.stderr
    )


def test_a_file_comes_zipped_or_through_standard_input(project, no_starters, command, tmp_path):
    original = figures("migr_dubri", "2017-02-16")
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        archive.writestr("data.csv", gzip.decompress(original.read_bytes()))
        archive.writestr("readme.txt", "by hand")
    done = command(tmp_path / "download.zip", "--vintage", "2026-09-01")
    assert "estat/migr_dubri/2026-09-01 added: 7,533 observations" in done.output
    again = command("-", "--vintage", "2026-09-01", input=original.read_bytes())
    assert "exists already, with the same content" in again.output


def test_the_remedy_is_one_that_the_provider_offers(project, tmp_path):
    file = tmp_path / "population.csv"
    file.write_bytes(
        gzip.decompress(shared("data/figures/unhcr/population/2026-06-25.csv.gz").read_bytes())[:-1] + b",7,7\n"
    )
    with pytest.raises(MalformedFile) as refused:
        import_file(project, file, "unhcr_population", DAY)
    assert "workbench fetch unhcr_population" in refused.value.hint and "SDMX-CSV" not in refused.value.hint


# Labels


def misspelt(tmp_path: Path) -> Path:
    """Orders to leave with the labels of places, two of which no code list has."""
    labels = {"LT": "Lietuva / Lithuania", "DE": "Germany (all of it)", "FR": "France", "LV": "Latvia"}

    def labelled(table):
        return table[table["geo"].isin(labels)].replace({"geo": labels})

    return derived(tmp_path / "made-up.csv", figures("migr_eiord1", "2017-04-26"), labelled)


def test_unknown_labels_become_a_mapping_that_is_filled_in(project, no_starters, command, tmp_path):
    words = (misspelt(tmp_path), "--vintage", "2017-04-26")
    template = tmp_path / "labels.yaml"
    refused = command(*words)
    assert (
        refused.exit_code == 1
        and "2 labels of this file" in refused.stderr
        and "--labels-template FILE" in refused.stderr
    )
    refused = command(*words, "--labels-template", template)
    assert refused.exit_code == 1 and f"import with --labels {template}" in refused.stderr
    lines = template.read_text(encoding="utf-8").splitlines()
    assert yaml.safe_load(template.read_text()) == {"geo": {"Germany (all of it)": None, "Lietuva / Lithuania": None}}
    assert any("Germany (DE)" in line and " rows, first in row " in line for line in lines), "what is near is named"
    refused = command(*words, "--labels", template)
    assert (
        refused.exit_code == 1 and "expected: a code of geo" in refused.stderr and "found: none yet" in refused.stderr
    )
    refused = command(*words, "--labels-template", template)
    assert refused.exit_code == 1 and "is there already" in refused.stderr, "codes that were filled in are not lost"
    template.write_text(template.read_text().replace('it)":', 'it)": DE').replace('Lithuania":', 'Lithuania": LT'))
    assert command(*words, "--labels", template).exit_code == 0
    stored = SnapshotStore.of(project).open("migr_eiord1", "2017-04-26")
    assert stored.opened().codes["geo"] == ["DE", "FR", "LT", "LV"]
    assert stored.card.labels == {"geo": {"Germany (all of it)": "DE", "Lietuva / Lithuania": "LT"}}


BIRTHS = (
    "DATAFLOW,freq,c_birth,geo,TIME_PERIOD,OBS_VALUE\n"
    "ESTAT:MIGR_POP3CTB(1.0),Annual,Stateless persons of old,Lithuania,2024,5\n"
    "ESTAT:MIGR_POP3CTB(1.0),Annual,Ukraine,Lithuania,2024,7\n"
)
LISTS = {
    "freq": {"A": "Annual"},
    "c_birth": {"UA": "Ukraine", "STLS": "Stateless persons of old", "XX": "Twice", "XY": "Twice"},
    "geo": {"LT": "Lithuania"},
}


@pytest.fixture
def provider(project, monkeypatch):
    """Eurostat on this machine, with the code lists of a dataset that is not declared."""
    monkeypatch.setattr(transport, "PAUSE", 0.001)
    with serving(Provider()) as running:
        path = project.params / "sources" / "estat.yaml"
        path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"address": running.address}))
        running.says("sdmx/2.1/dataflow/ESTAT/MIGR_POP3CTB", Answer(structure("MIGR_POP3CTB", LISTS)))
        yield running


def test_the_providers_own_labels_are_fetched_once_and_read_offline(project, provider, command, tmp_path):
    file = tmp_path / "made-up.csv"
    file.write_text(BIRTHS)
    refused = command(file, "--vintage", "2026-09-01")
    assert "workbench fetch migr_pop3ctb --code-lists" in refused.stderr and not provider.asked
    done = CliRunner().invoke(main, ["fetch", "migr_pop3ctb", "--code-lists"])
    assert done.exit_code == 0 and "outputs/codelists/estat/migr_pop3ctb.csv: 6 codes with their labels" in done.output
    assert len(provider.asked) == 1
    assert command(file, "--vintage", "2026-09-01").exit_code == 0
    assert len(provider.asked) == 1, "an import asks nobody"
    stored = SnapshotStore.of(project).open("migr_pop3ctb", "2026-09-01")
    assert stored.opened().codes["c_birth"] == ["STLS", "UA"]
    assert stored.card.labels == {"c_birth": {"Stateless persons of old": "STLS", "Ukraine": "UA"}}, (
        "only what was used"
    )


def test_a_label_that_stands_for_two_codes_says_nothing(project, provider, command, tmp_path):
    CliRunner().invoke(main, ["fetch", "migr_pop3ctb", "--code-lists"])
    file = tmp_path / "made-up.csv"
    file.write_text(BIRTHS.replace("Ukraine", "Twice"))
    assert '"Twice":  # in 1 row' in command(file, "--vintage", "2026-09-01").stderr
    labels = tmp_path / "labels.yaml"
    labels.write_text("c_birth: {Twice: XY}\n")
    assert command(file, "--vintage", "2026-09-01", "--labels", labels).exit_code == 0
    labels.write_text("c_birth: {Twice: XZ}\n")
    refused = command(file, "--vintage", "2026-09-02", "--labels", labels)
    assert refused.exit_code == 1 and "'XZ' is not a code of c_birth" in refused.stderr


def test_code_lists_that_do_not_come_leave_those_that_are_kept(project, provider, command):
    CliRunner().invoke(main, ["fetch", "migr_pop3ctb", "--code-lists"])
    kept = (project.outputs / "codelists" / "estat" / "migr_pop3ctb.csv").read_bytes()
    provider.says("sdmx/2.1/dataflow/ESTAT/MIGR_POP3CTB", Answer(b"<html><title>Sorry</title></html>"))
    done = CliRunner().invoke(main, ["fetch", "migr_pop3ctb", "--code-lists"])
    assert done.exit_code == 1 and "error: migr_pop3ctb" in done.stderr
    assert (project.outputs / "codelists" / "estat" / "migr_pop3ctb.csv").read_bytes() == kept


# A trial


def test_a_trial_shows_everything_and_stores_nothing(project, no_starters, command):
    shown = command(figures("migr_dubri", "2017-02-16"), "--vintage", "2017-02-16", "--dry-run")
    assert shown.exit_code == 0 and files_below(project.outputs) == []
    for line in (
        "estat/migr_dubri/2017-02-16: Incoming Dublin requests by submitting country",
        "  observations  7,533, 0 of them without a value",
        "  periods       2008 to 2015: 8 years",
        "  freq          A (Annual)",
        "  partner       34 codes: AT (Austria), BE (Belgium), BG (Bulgaria), CH (Switzerland), … (28 more)",
        "                never added up, as aggregates or unknown: EU28, TOTAL",
        "  flags         none",
        "    A     NR    AT       AT   2008  0",
    ):
        assert line in shown.stdout.splitlines()
    assert "SDMX-CSV, 28,257 bytes" in shown.stdout


def test_a_trial_says_what_is_there_already_and_what_would_be_refused(project, command, tmp_path):
    there = command(figures("migr_eiord1", "2026-09-15"), "--vintage", "2026-09-15", "--dry-run")
    assert there.exit_code == 0 and "is there already, with the same content" in there.stdout
    wrong = derived(tmp_path / "made-up.csv", figures("migr_eiord1", "2026-09-15"), of_germany)
    refused = command(wrong, "--vintage", "2026-10-01", "--dry-run")
    assert refused.exit_code == 1 and "would be refused: 1 of 92 figures differ from 2017-04-26" in refused.stdout
    accepted = command(wrong, "--vintage", "2026-10-01", "--dry-run", "--accept-doubts")
    assert accepted.exit_code == 0 and "warning: 1 of 92 figures" in accepted.stdout
    assert files_below(project.outputs) == []


def test_a_trial_counts_flags(project, no_starters, command):
    shown = command(figures("lfsa_ergan", "2025-03-31"), "--vintage", "2025-03-31", "--dry-run").stdout
    flags = pandas.read_csv(figures("lfsa_ergan", "2025-03-31"), dtype=str)["OBS_FLAG"].value_counts()
    expected = ", ".join(f"{flag} {many:,}" for flag, many in sorted(flags.items()))
    assert f"  flags         {expected}" in shown.splitlines()
