"""How long it takes from a full dataset as served to a stored, checked snapshot, and from there to one country.

    python -m pip install polars duckdb pysdmx eurostat
    python tests/benchmarks/ingest.py <migr_asyappctza-full.csv.gz> [times]

Every measurement runs in a process of its own, so that peak memory is its own; the tools take turns, and the median of the
rounds is shown, for machines are shared. The eurostat package reads TSV alone: the same observations are written as TSV for it
first.
"""

import csv
import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COUNTRY = "LT"
ROWS = 6_268_730


# The measured: each takes the folder with full.csv.gz, full.csv, full.tsv and the stored snapshot


def gunzip_command(folder):
    subprocess.run(["gunzip", "-c", folder / "full.csv.gz"], stdout=subprocess.DEVNULL, check=True)


def gunzip_python(folder):
    with gzip.open(folder / "full.csv.gz") as file:
        while file.read(1 << 20):
            pass


def pandas_reads(folder):
    import pandas

    pandas.read_csv(folder / "full.csv.gz")


def polars_reads(folder):
    import polars

    polars.read_csv(folder / "full.csv")  # numbers as numbers, which is faster than all as text


def duckdb_reads(folder):
    import duckdb

    duckdb.sql(f"create table data as select * from read_csv('{folder / 'full.csv'}', all_varchar=true)")


def pyarrow_reads(folder):
    import pyarrow.csv

    pyarrow.csv.read_csv(folder / "full.csv")


def pysdmx_reads(folder):
    from pysdmx.io import read_sdmx

    read_sdmx(folder / "full.csv", validate=False)


def eurostat_reads(folder):
    """`eurostat.get_data_df` as it is; only the request is answered from the file."""
    from types import SimpleNamespace

    from eurostat import eurostat as package

    answer = SimpleNamespace(content=(folder / "full.tsv.gz").read_bytes())
    package.__get_dims_info__ = lambda *_, **__: ("", "EUROSTAT", [])
    package.__get_resp__ = lambda *_, **__: answer
    return package.get_data_df("migr_asyappctza", flags=True)


def pysdmx_stores(folder):
    """What the workbench does, with pysdmx and pandas: unpacked, read, duplicates looked for, sorted, written."""
    from pysdmx.io import read_sdmx

    with gzip.open(folder / "full.csv.gz") as packed, (folder / "unpacked.csv").open("wb") as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)
    (data,) = read_sdmx(folder / "unpacked.csv", validate=False).data
    keys = list(data.data.columns[1:9])
    store_with_pandas(data.data.sort_values([keys[-2], *keys], kind="stable"), keys, folder / "pysdmx.parquet")


def eurostat_stores(folder):
    """The same with the eurostat package and pandas: its wide frame is made long first."""
    wide = eurostat_reads(folder)
    periods = [name.removesuffix("_value") for name in wide.columns if name.endswith("_value")]
    dimensions = [name for name in wide.columns if not name.endswith(("_value", "_flag"))]
    long = pandas_concatenated(wide, dimensions, periods)
    keys = [*dimensions, "time"]
    store_with_pandas(long.sort_values([dimensions[-1], *keys], kind="stable"), keys, folder / "eurostat.parquet")


def pandas_concatenated(wide, dimensions, periods):
    import pandas

    parts = [
        wide[dimensions].assign(time=time, value=wide[f"{time}_value"], flag=wide[f"{time}_flag"]) for time in periods
    ]
    return pandas.concat(parts).dropna(subset="value")


def store_with_pandas(data, keys, target):
    assert not data.duplicated(keys).any() and len(data) == ROWS
    data.to_parquet(target, compression="zstd", index=False)


def workbench_stores(folder):
    from workbench.data.formats.native import open_native
    from workbench.data.storing import store

    store(open_native(folder / "full.csv.gz"), folder / "made.parquet")


def workbench_stores_tsv(folder):
    """The same observations out of the file that the eurostat package reads."""
    from workbench.data.formats.native import open_native
    from workbench.data.storing import store

    store(open_native(folder / "full.tsv.gz"), folder / "tsv.parquet")


def workbench_stores_four_times_as_much(folder):
    from workbench.data.formats.native import open_native
    from workbench.data.storing import store

    store(open_native(folder / "four.csv.gz"), folder / "four.parquet")


def workbench_selects(folder):
    """A cold selection: digest compared, file opened, one country over all years, citizenships, ages, sexes and types."""
    from workbench.data.cards import digest
    from workbench.data.normal_form import NormalForm

    begin = time.perf_counter()
    digest(folder / "stored.parquet")
    table = NormalForm(folder / "stored.parquet").select({"geo": [COUNTRY]})
    assert table.num_rows > 100_000
    return time.perf_counter() - begin


# Measuring

READERS = ("pyarrow_reads", "polars_reads", "duckdb_reads")
IN_TURNS = (
    "gunzip_command", "gunzip_python", *READERS, "pandas_reads", "workbench_stores", "workbench_stores_tsv",
    "workbench_selects",
)  # fmt: skip
ONCE = (
    "workbench_stores_four_times_as_much", "eurostat_reads", "eurostat_stores", "pysdmx_reads", "pysdmx_stores",
)  # fmt: skip


def measured(name: str, folder: Path) -> tuple[float, float, float]:
    """Seconds, seconds of the processor and peak MB of one measurement, in its own process; imports are not counted."""
    words = [sys.executable, __file__, "--measure", name, str(folder)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"{name} failed: {done.stderr.strip().splitlines()[-1] if done.stderr else done.returncode}")
        return float("nan"), float("nan"), float("nan")
    seconds, busy, megabytes = map(float, done.stdout.split()[-3:])
    return seconds, busy, megabytes


def measure(name: str, folder: Path) -> None:
    """What the child process does."""
    for module in {"pandas": ["pandas"], "polars": ["polars"], "duckdb": ["duckdb"], "pyarrow": ["pyarrow.csv"]}.get(
        name.partition("_")[0], ["workbench.data.observations"] if name.startswith("workbench") else []
    ):
        __import__(module)
    begin, busy_before = time.perf_counter(), busy_seconds()
    own = globals()[name](folder)
    busy = busy_seconds() - busy_before
    seconds = own if isinstance(own, float) else time.perf_counter() - begin
    # Not getrusage: what it says of a child begins with the size of its parent.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text()).group(1)
    print(seconds, busy, int(peak) / 1e3)


def busy_seconds() -> float:
    """What the processor has given to this process, all its threads, and to its children that have ended."""
    times = os.times()
    return sum(times[:4])


def prepare(full: Path, folder: Path) -> None:
    """The forms that the tools read, and the snapshot that is selected from."""
    (folder / "full.csv.gz").symlink_to(full.resolve())
    with gzip.open(full) as packed, (folder / "full.csv").open("wb") as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)
    write_tsv(folder / "full.csv", folder / "full.tsv.gz")
    write_four(folder / "full.csv", folder / "four.csv.gz")
    workbench_stores(folder)
    (folder / "made.parquet").rename(folder / "stored.parquet")


def write_tsv(source: Path, target: Path) -> None:
    """The same observations as Eurostat's TSV."""
    with source.open(encoding="utf-8", newline="") as file, gzip.open(target, "wt", newline="", compresslevel=1) as out:
        rows = csv.reader(file)
        dimensions = next(rows)[2:-4]
        series: dict[str, dict[str, str]] = {}
        for row in rows:
            series.setdefault(",".join(row[2:-4]), {})[row[-4]] = row[-3]
        times = sorted({time for values in series.values() for time in values})
        out.write(f"{','.join(dimensions)}\\TIME_PERIOD\t" + "\t".join(f"{time} " for time in times) + "\r\n")
        for key, values in series.items():
            out.write(key + "\t" + "\t".join(f"{values.get(time, ':')} " for time in times) + "\r\n")


def write_four(source: Path, target: Path) -> None:
    """Four times as many rows: the same again under other codes of age."""
    text = source.read_bytes()
    header, _, rows = text.partition(b"\n")
    with gzip.open(target, "wb", compresslevel=1) as out:
        out.write(header + b"\n")
        for copy in range(4):
            out.write(rows.replace(b",PER,", b",PER%d," % copy))


def main(full: Path, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(full, folder)
        found = {one: [] for one in (*IN_TURNS, *ONCE)}
        for _ in range(rounds):
            for one in IN_TURNS:
                found[one].append(measured(one, folder))
        for one in ONCE:
            found[one].append(measured(one, folder))
    median, busy = ({one: statistics.median(run[at] for run in runs) for one, runs in found.items()} for at in (0, 1))
    memory = {one: max(run[2] for run in runs) for one, runs in found.items()}
    print(f"{'':40} {'elapsed':>10} {'busy':>10} {'peak':>10}")
    for one, seconds in median.items():
        print(f"{one:40} {seconds:8.3f} s {busy[one]:8.3f} s {memory[one]:7.0f} MB")
    fastest = min(READERS, key=median.__getitem__)
    for what, seconds in (("elapsed", median), ("busy", busy)):
        print_ratios(what, seconds, fastest)
    growth = memory["workbench_stores_four_times_as_much"] / memory["workbench_stores"]
    print(f"peak memory of four times as many rows: {growth:.2f} x")


def print_ratios(what: str, seconds: dict[str, float], fastest: str) -> None:
    """Ratios by what was measured: on a machine that others use, those of the processor's time are the steadier ones."""
    for unpacking in ("gunzip_command", "gunzip_python"):
        alone = seconds[unpacking] + seconds[fastest]
        stored = seconds["workbench_stores"]
        print(f"{what}: workbench_stores / ({unpacking} + {fastest}): {stored / alone:.2f} (at most 1.5)")
    for package, own in (("pysdmx", "workbench_stores"), ("eurostat", "workbench_stores_tsv")):
        for other in (f"{package}_reads", f"{package}_stores"):
            print(f"{what}: {other} / {own}: {seconds[other] / seconds[own]:.1f} (at least 10)")
    print(
        f"{what}: pysdmx_reads / {fastest}: {seconds['pysdmx_reads'] / seconds[fastest]:.1f}, what any tool could reach"
    )
    selected = seconds["pandas_reads"] / seconds["workbench_selects"]
    print(f"{what}: workbench_selects / pandas_reads: 1/{selected:.0f} (at most 1/50)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
