"""What changed between two archives of an edition. Every number in it is made up."""

from pathlib import Path

import pytest

from compare_archives import compare, main, markdown
from workbench.archiving import ArchivedFile, EditionContents, seal

HEADER = "indicator,geo,breakdown,time,value,low,high,unit,flags,dataset,vintage"
BEFORE = (
    "made_up,LT,,2021,10,9.5,10.5,persons,,set,2026-01-01",
    "made_up,LT,,2022,20,19.5,20.5,persons,,set,2026-01-01",
    "made_up,LT,,2020,5,4.5,5.5,persons,,set,2026-01-01",
)
AFTER = (
    "made_up,LT,,2021,10,9.5,10.5,persons,,set,2026-06-01",
    "made_up,LT,,2022,25,24.5,25.5,persons,p,set,2026-06-01",
    "made_up,LT,,2023,30,29.5,30.5,persons,,set,2026-06-01",
)


def sealed(folder: Path, *rows: str) -> Path:
    content = "\n".join([HEADER, *rows, ""]).encode()
    results = ArchivedFile("studies/LT/asylum.results.csv", content, "Made-up results", "text/csv")
    contents = EditionContents(
        name="2022",
        title="Made up",
        description="A made-up edition.",
        years=(2022,),
        date_published="2026-11-28",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        publisher="A made-up contact point",
        software_version="0",
        files=(results,),
        runs=(),
    )
    return seal(contents, folder).path


@pytest.fixture
def archives(tmp_path):
    return sealed(tmp_path, *BEFORE), sealed(tmp_path, *AFTER)


def test_numbers_are_new_gone_and_changed(archives):
    (difference,) = compare(*archives)
    assert (difference.study, difference.country) == ("asylum", "LT")
    assert [key[3] for key in difference.new] == ["2023"]
    assert [key[3] for key in difference.gone] == ["2020"]
    ((key, (before, after)),) = difference.changed.items()
    assert (key[3], before[0], after[0]) == ("2022", "20", "25"), "a vintage alone is no change"


def test_the_report_shows_counts_and_changes(archives, capsys):
    assert main(*map(str, archives)) == 0
    report = capsys.readouterr().out
    assert report.startswith("## 2022-r2.zip compared with 2022-r1.zip\n")
    assert "| asylum | LT | 1 | 1 | 1 |" in report
    assert "| made_up LT 2022 persons set | 20 | 25 p |" in report


def test_the_same_numbers_differ_in_nothing(archives):
    assert list(compare(archives[0], archives[0])) == []
    assert "All published numbers are the same." in markdown("2022-r1.zip", "2022-r2.zip", [])


def test_only_the_first_of_many_changes_are_listed(tmp_path):
    row = "made_up,LT,,{},{},0,9,persons,,set,2026-01-01"
    older = sealed(tmp_path, *(row.format(1900 + year, 1) for year in range(30)))
    newer = sealed(tmp_path, *(row.format(1900 + year, 2) for year in range(30)))
    report = markdown("old", "new", list(compare(older, newer)))
    assert "| and 10 more | | |" in report and report.count("| 1 | 2 |") == 20


def test_a_damaged_archive_is_refused(archives, capsys):
    archives[1].write_bytes(archives[1].read_bytes()[:-30])
    assert main(*map(str, archives)) == 1
    assert "2022-r2.zip is damaged" in capsys.readouterr().err
