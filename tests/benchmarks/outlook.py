"""Where the time of the study ``outlook`` goes: what is fitted, by function and by model; reading; pages. Then all of it once more,
with the fits kept.

    python tests/benchmarks/outlook.py [country ...]

Cells run in this process, in a copy of the project. Seconds are of the processor, on one core, for machines are shared.
"""

import os
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir, contextmanager
from pathlib import Path
from unittest.mock import patch

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # as kernels have it
sys.path.insert(0, str(Path(__file__).parents[1]))

from workbench.model.paths import Project

STUDY, YEAR = "outlook", 2022
_LEAST = 0.05
"""Seconds; what takes less is left out."""


class Clock:
    """Seconds of the processor, and how often, by what took them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.times: dict[str, int] = defaultdict(int)

    @contextmanager
    def running(self, what: str) -> Iterator[None]:
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds[what] += time.process_time() - began
            self.times[what] += 1

    def timed(self, what: str, function: Callable) -> Callable:
        """The function, and what it returns if that can be called too, with their time noted."""

        def measured(*arguments, **named):
            with self.running(what):
                returned = function(*arguments, **named)
            return self.timed(what, returned) if callable(returned) else returned

        return measured


@contextmanager
def watched(clock: Clock) -> Iterator[None]:
    """Note the time of what study modules have fitted, of the models of a forecast, and of the scores of its past."""
    from workbench.methods.forecasting import evaluation, models
    from workbench.study.fits import fitted

    def noted(study, function, *arguments):
        with clock.running(f"fits: {function.__module__.removeprefix('workbench.methods.')}.{function.__name__}"):
            return fitted(study, function, *arguments)

    timed_models = {name: clock.timed(f"fits: … model {name}", model) for name, model in models.MODELS.items()}
    scored = clock.timed("fits: … scores of its past", evaluation._scored)
    users = [module for module in sys.modules.values() if vars(module).get("fitted") is fitted]
    with ExitStack() as patches:
        patches.enter_context(patch.dict(models.MODELS, timed_models))
        patches.enter_context(patch.object(evaluation, "_scored", scored))
        for module in users:
            patches.enter_context(patch.object(module, "fitted", noted))
        yield


def measured(country: str) -> tuple[Clock, Clock]:
    """The study with nothing kept, and once more."""
    from conftest import copy_project
    from notebook_code import executed
    from workbench.declarations.indicators import read_indicators
    from workbench.presentation.wording import Wording

    clocks = Clock(), Clock()
    with tempfile.TemporaryDirectory() as folder, chdir(copy_project(Path(folder) / "project").root):
        for clock in clocks:
            with watched(clock), clock.running("all cells"):
                study = executed(STUDY, country, YEAR)
            for language in ("en", "lt"):
                wording = Wording(language, read_indicators(Project(Path.cwd())))
                for block in study.recorded.shown.values():
                    with clock.running(f"pages: {type(block).__name__}, {language}"):
                        block.html(wording)
    return clocks


def table(country: str, fresh: Clock, kept: Clock) -> Iterator[str]:
    yield f"| {STUDY} {country} {YEAR} | times | fresh | fits kept |"
    yield "| --- | ---: | ---: | ---: |"
    for what in sorted(fresh.seconds, key=lambda what: (what.partition(":")[0], "…" in what, -fresh.seconds[what])):
        if fresh.seconds[what] >= _LEAST:
            yield f"| {what} | {fresh.times[what]} | {fresh.seconds[what]:.2f} | {kept.seconds[what]:.2f} |"


def main() -> None:
    warnings.simplefilter("ignore")
    began = time.process_time()
    from workbench.study import forecasts  # noqa: F401 – its libraries

    print(f"imported in {time.process_time() - began:.1f} seconds, once for all kernels\n")
    for country in sys.argv[1:] or ["LT"]:
        print("\n".join(table(country, *measured(country))), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
