"""Seconds of the processor that commands take which only tell, from the start of the process to its end.

``python tests/benchmarks/commands.py [CHECKOUT]``: of this checkout; with another, of both in turns, and the ratio. The least
of five: whatever else the machine does only adds to it. Whether both say the same is told too.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[2]
TRIALS = 5
SUBCOMMANDS = """activities archive calendar check collect compare datasets edition explore fetch import lab messages new preview
    queries query reproduce review revisions run verify"""
TELLS = (
    "--help",
    "--version",
    *(f"{name} --help" for name in SUBCOMMANDS.split()),
    "queries",
    "calendar --on 2026-11-29",
    "collect status",
    "review status",
    "activities check params/activities/made_up.csv",
    "datasets --offline",
    "check",
    "check asylum_applications",
    "messages --check",
    "edition 2022 --dry-run",
    "explore first_time_applicants_per_million citizen=Belarus geo=baltic time=2015-2024",
    "explore first_time_applicants_per_million citizen=Belarus geo=baltic time=2015-2024 --html outputs/benchmark.html",
    "explore migr_resfirst reason=EMP citizen=UA,BY geo=LT time=2019-2023",
    "explore asylum_applicants citizen=* time=2022",
)
REFUSED = (
    "run asylum_aplications",
    "run asylum_applications --country XX",
    "check asylum_aplications",
    "explore first_time_aplicants",
    "explore first_time_applicants citizen=Belaruss",
    "explore first_time_applicants geo=XX",
    "edition 2052 --dry-run",
    "review status 2O22",
)


def taken(checkout: Path, command: str) -> tuple[float, bytes]:
    """Seconds of the processor that a command takes in a checkout, and what it says."""
    given = {**os.environ, "PYTHONPATH": str(checkout), "COLUMNS": "100"}
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", *command.split()],
        cwd=checkout,
        env=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout
    said = process.stdout.read()
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, said.replace(str(checkout).encode(), b".")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", nargs="?", type=Path, metavar="CHECKOUT", help="another checkout, before a change")
    parser.add_argument("--only", default="", help="commands that begin so")
    asked = parser.parse_args()
    checkouts = [asked.other.resolve(), HERE] if asked.other else [HERE]
    for command in (*TELLS, *REFUSED):
        if not command.startswith(asked.only):
            continue
        rounds = [[taken(checkout, command) for checkout in checkouts] for _ in range(TRIALS)]
        least = [min(seconds for seconds, _ in of_one) for of_one in zip(*rounds, strict=True)]
        line = "  ".join(f"{seconds:5.2f}" for seconds in least)
        if asked.other:
            said = {text for one in rounds for _, text in one}
            line += f"  {least[1] / least[0]:4.2f}  {'' if len(said) == 1 else 'OTHER WORDS'}"
        print(f"{line}  workbench {command}", flush=True)


if __name__ == "__main__":
    main()
