"""How long it takes from a save to the renewed page, by what is saved.

    python tests/benchmarks/preview.py [rounds] [study ...]

Each study has a preview of its own, in a copy of the project. The time is from before the file is written until a listener to the
preview's events has fetched the page that shows the change; the median of the rounds is shown, for machines are shared.
"""

import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from previewed import ROOT, Previewed

SAVES = ("a word", "a style", "a translation", "a late cell", "an early cell", "the sidecar")


def saves(preview: Previewed, number: int):
    """What is saved in a round, each a function that saves and waits; the number makes it another text each time."""
    cells = preview.cells()
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    heading = next(cell for cell in cells if cell["id"] == "comparability-heading")
    style = preview.package / "page" / "templates" / "study" / "study.css"
    catalogue = preview.package / "presentation" / "locale" / "lt" / "LC_MESSAGES" / "workbench.po"
    sidecar = preview.project.sidecar(preview.study)

    def add_line(cell):
        return lambda: preview.save_cell(cell["id"], "".join(cell["source"]) + f"\n\n# {number}")

    yield lambda: preview.save_cell(heading["id"], "".join(heading["source"]) + f"\n\nWord {'x' * number}.")
    yield lambda: preview.save(style, style.read_text() + f"\n/* {number} */\n")
    text = catalogue.read_text(encoding="utf-8")
    said = text.split('msgid "Contents"\nmsgstr "')[1].split('"')[0]
    yield lambda: preview.replace(
        catalogue, f'msgid "Contents"\nmsgstr "{said}"', f'msgid "Contents"\nmsgstr "Turinys{"x" * number}"'
    )
    yield add_line(code[-6])
    yield add_line(code[4])
    yield lambda: preview.save(sidecar, re.sub("(?m)^(title: .*)$", r"\1x", sidecar.read_text()))


def measured(study: str, rounds: int) -> list[float]:
    """The medians of a study, in the order of `SAVES`."""
    taken = [[] for _ in SAVES]
    with (
        tempfile.TemporaryDirectory() as folder,
        Previewed(Path(folder) / "project", study, "--language", "lt") as preview,
    ):
        for number in range(1, rounds + 1):
            for times, save in zip(taken, saves(preview, number)):
                began = time.monotonic()
                save()
                preview.page()
                times.append(time.monotonic() - began)
    return list(map(statistics.median, taken))


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    studies = sys.argv[2:] or sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    print(f"| seconds, median of {rounds} | {' | '.join(SAVES)} |")
    print(f"| --- {'| ---: ' * len(SAVES)}|")
    for study in studies:
        print(f"| {study} | {' | '.join(f'{seconds:.2f}' for seconds in measured(study, rounds))} |", flush=True)


if __name__ == "__main__":
    main()
