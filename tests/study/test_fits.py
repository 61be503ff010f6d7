"""What is fitted is kept: the same to the last bit, made anew where anything that it is made from differs."""

import importlib.util
import json
import multiprocessing
import os
import sys
import time
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from notebook_code import executed
from workbench.editions import cleanup
from workbench.methods.forecasting.forecast import forecast
from workbench.methods.refusal import Reason, ThinData
from workbench.model.paths import Project
from workbench.study import fits
from workbench.study.exact_json import decoded, encoded
from workbench.study.fits import fitted

MADE_UP = """
from dataclasses import dataclass
import numpy
from workbench.methods.refusal import Reason, ThinData

calls = []

@dataclass(frozen=True)
class Fit:
    level: float
    paths: numpy.ndarray
    named: tuple

def fit(values, *options):
    calls.append(options)
    paths = numpy.outer(numpy.asarray(values, float), [1 / 3, numpy.nan, -numpy.inf, -0.0]).T
    return Fit(float(numpy.sum(paths[0])), paths, ("a", (1, None, True)))

def refuse(values):
    calls.append(())
    raise ThinData("too little", Reason.TOO_SHORT, expected="9", found="1")

def of_pandas(values):
    return values

def apply(function, values):
    return function(values)
"""


def made_up_methods(folder: Path) -> ModuleType:
    """A module of methods that is made up."""
    folder.mkdir(exist_ok=True)
    path = folder / "made_up.py"
    path.write_text(MADE_UP)
    spec = importlib.util.spec_from_file_location("workbench.methods.made_up", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def methods(tmp_path):
    yield made_up_methods(tmp_path)
    del sys.modules["workbench.methods.made_up"]


@pytest.fixture
def study(tmp_path):
    return SimpleNamespace(project=Project(tmp_path))


def kept(study) -> list[Path]:
    return sorted(study.project.fits.glob("*")) + sorted(study.project.fits.glob(".*"))


class Kind(Enum):
    """Made up."""

    ONE = 1
    TWO = 2


@dataclass(frozen=True)
class Anything:
    """Made up: holds what a fit may hold."""

    first: object
    second: object = None


def exactly(value: object) -> object:
    """What two values have in common only if they are the same to the last bit: types, bits, and the order in memory."""
    if isinstance(value, numpy.ndarray):
        of_each = tuple(map(exactly, value.ravel().tolist())) if value.dtype == object else value.tobytes()
        return "array", value.dtype.str, value.shape, of_each
    if isinstance(value, numpy.generic):
        return "number", value.dtype.str, value.tobytes()
    if isinstance(value, tuple | list):
        return type(value), tuple(map(exactly, value))
    if isinstance(value, dict):
        return dict, tuple((exactly(key), exactly(part)) for key, part in value.items())
    if is_dataclass(value):
        return type(value), tuple(exactly(getattr(value, one.name)) for one in fields(value))
    return type(value), value.hex() if isinstance(value, float) else value


DTYPES = st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16", "U3", "M8[M]", "m8[D]"])
ARRAYS = DTYPES.flatmap(lambda kind: arrays.arrays(kind, arrays.array_shapes(min_dims=0, min_side=0, max_side=3)))
FLOATS = st.floats() | st.sampled_from([0.0, -0.0, 1.0, 5e-324])
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.sampled_from([0, 1]) | FLOATS | st.text(max_size=4)
    | ARRAYS | FLOATS.map(numpy.float64) | st.sampled_from([numpy.int64(1), numpy.float32(1), *Kind])
    | st.lists(st.text(max_size=2) | st.none(), max_size=3).map(lambda texts: numpy.array([*texts, None], object)[:-1])
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2) | st.integers(), inner, max_size=2)
        | st.builds(Anything, inner, inner)
    ),
    max_leaves=6,
)


@given(VALUES)
def test_what_is_kept_comes_back_to_the_last_bit(value):
    again = decoded(json.loads(json.dumps(encoded(value))), [__name__])
    assert exactly(again) == exactly(value)


@given(VALUES, VALUES)
def test_two_values_are_told_alike_only_if_they_are_the_same(one, other):
    assert (json.dumps(encoded(one)) == json.dumps(encoded(other))) == (exactly(one) == exactly(other))


MONTHS = pandas.period_range("2020-01", periods=4, freq="M")
VARIANTS = [
    numpy.arange(4.0),
    numpy.arange(4),
    numpy.repeat(numpy.arange(4.0), 2)[::2],
    numpy.array([0.0, 1.0, 2.0, numpy.nextafter(3, 4)]),
    (0.0, 1.0, 2.0, 3.0),
    [0.0, 1.0, 2.0, 3.0],
    pandas.Series(range(4)),
    pandas.Series(numpy.arange(4.0)),
    pandas.Series(numpy.arange(4.0), name="LT"),
    pandas.Series(numpy.arange(4.0), index=list("abcd")),
    pandas.Series(numpy.arange(4.0), index=MONTHS),
    pandas.Series(numpy.arange(4.0), index=MONTHS.to_timestamp()),
    pandas.Series(numpy.arange(4.0), index=pandas.DatetimeIndex(list(MONTHS.to_timestamp()))),
    pandas.Series(numpy.arange(4.0), index=pandas.period_range("2020", periods=4, freq="Y")),
    pandas.Series(numpy.arange(4.0), index=MONTHS.rename("month")),
    pandas.Series(numpy.arange(4.0), index=pandas.MultiIndex.from_product([["a", "b"], [1, 2]])),
    pandas.DataFrame({"a": numpy.arange(4.0)}),
    pandas.DataFrame({"b": numpy.arange(4.0)}),
    pandas.DataFrame({"a": numpy.arange(4.0), "b": list("wxyz")}),
    pandas.Index(numpy.arange(4.0)),
]


def test_each_argument_has_a_fit_of_its_own(study, methods):
    for number in (1, 1.0, True, "1", 0.0, -0.0):
        assert repr(fitted(study, methods.apply, methods.of_pandas, (number,))) == repr((number,))
    keys = [json.dumps(encoded(variant, fits._known_as)) for variant in VARIANTS]
    assert len(set(keys)) == len(VARIANTS), "no two of them are taken for the same"


def test_it_is_made_once_and_is_the_same_read_back(study, methods):
    fresh = fitted(study, methods.fit, pandas.Series([0.1, 0.2, 0.7], index=MONTHS[:3]), "ets")
    again = fitted(study, methods.fit, pandas.Series([0.1, 0.2, 0.7], index=MONTHS[:3]), "ets")
    direct = methods.fit([0.1, 0.2, 0.7])
    assert len(methods.calls) == 2, "the second time it was read"
    for one in (fresh, again):
        assert type(one) is methods.Fit and one is not direct
        assert (one.level.hex(), one.paths.tobytes(), one.named) == (
            direct.level.hex(), direct.paths.tobytes(), direct.named,
        )  # fmt: skip
        assert one.paths.flags.c_contiguous and one.paths.flags.writeable, "lies in memory alike"
    assert len(kept(study)) == 1


@pytest.mark.parametrize(
    "difference",
    [
        lambda patch: patch.setattr(fits, "code_digest", lambda rooms: "another"),
        lambda patch: patch.setattr(fits, "version", lambda library: "0"),
        lambda patch: patch.setenv("OPENBLAS_NUM_THREADS", "7"),
        lambda patch: patch.setattr(fits.numpy, "show_config", lambda mode: {"SIMD Extensions": []}),
    ],
    ids=["code", "libraries", "threads", "processor"],
)
def test_it_is_made_anew_by_other_code_libraries_or_processors(difference, study, methods, monkeypatch):
    fitted(study, methods.fit, (1.0,))
    difference(monkeypatch)
    fits._made_by.cache_clear()
    try:
        fitted(study, methods.fit, (1.0,))
        assert len(methods.calls) == 2 and len(kept(study)) == 2
    finally:
        fits._made_by.cache_clear()


def test_code_that_was_edited_since_it_was_imported_neither_reads_nor_writes(study, methods, monkeypatch):
    fitted(study, methods.fit, (1.0,))
    before = kept(study)
    monkeypatch.setattr(fits, "_IMPORTED", [("refusal.py", 0, 0)])
    fitted(study, methods.fit, (1.0,))
    fitted(study, methods.fit, (2.0,))
    assert len(methods.calls) == 3 and kept(study) == before


def test_a_damaged_file_is_made_anew(study, methods):
    fresh = fitted(study, methods.fit, (1.0, 2.0))
    (path,) = kept(study)
    whole = path.read_bytes()
    damaged = [b"", b"\n", whole[:-1], whole[: len(whole) // 2], whole.replace(b"1.", b"2.", 1), b"\xff" + whole[1:]]
    fitted(study, methods.fit, (5.0,))
    damaged.append(next(other for other in kept(study) if other != path).read_bytes())
    for number, content in enumerate(damaged):
        assert content != whole
        path.write_bytes(content)
        again = fitted(study, methods.fit, (1.0, 2.0))
        assert (again.level, again.paths.tobytes()) == (fresh.level, fresh.paths.tobytes())
        assert len(methods.calls) == 3 + number and path.read_bytes() == whole


def test_a_refusal_is_found_out_once_and_raised_each_time(study, methods):
    with pytest.raises(ThinData) as direct:
        methods.refuse((1.0,))
    for _ in range(2):
        with pytest.raises(ThinData) as refused:
            fitted(study, methods.refuse, (1.0,))
        assert refused.value.reason is Reason.TOO_SHORT and vars(refused.value) == vars(direct.value)
    assert len(methods.calls) == 2 and len(kept(study)) == 1


def test_an_error_is_raised_each_time_and_not_kept(study, methods):
    for _ in range(2):
        with pytest.raises(ValueError, match="could not convert"):
            fitted(study, methods.fit, ("a",))
    assert len(methods.calls) == 2 and not kept(study)


def test_only_what_is_known_to_the_last_bit_is_taken(study, methods):
    with pytest.raises(TypeError, match=r"expected a function of a module in workbench\.methods"):
        fitted(study, encoded, 1)
    with pytest.raises(TypeError, match="expected a function"):
        fitted(study, lambda: 1)
    for argument in (object(), {1, 2}, numpy.ma.array([1.0]), pandas.Series(["a"]).astype("category"), print, int):
        with pytest.raises(TypeError):
            fitted(study, methods.fit, argument)
    for result in (lambda: 1, pandas.Series([1.0])):
        with pytest.raises((TypeError, ValueError)):
            fitted(study, methods.apply, methods.of_pandas, result)
    assert not methods.calls and not kept(study)


def test_where_nothing_can_be_written_it_is_made_each_time(study, methods):
    study.project.outputs.write_text("in the way")
    assert fitted(study, methods.fit, (1.0,)).level == fitted(study, methods.fit, (1.0,)).level
    assert len(methods.calls) == 2


def test_a_study_executes_alike_whether_its_fits_were_kept_or_not(project, monkeypatch):
    monkeypatch.chdir(project.root)
    fresh = executed("asylum_applications", "LT", 2022)
    assert list(project.fits.glob("*.json"))
    monkeypatch.setattr(fits, "_tried", lambda *_: pytest.fail("it was kept"))
    again = executed("asylum_applications", "LT", 2022)
    assert json.dumps(again.recorded.notebook) == json.dumps(fresh.recorded.notebook) and again.record == fresh.record


def test_a_forecast_comes_back_to_the_last_bit(study):
    counts = numpy.array([120.0, 135, 180, 210, 190, 260, 310, 295, 340, 410, 380, 450])
    direct = forecast(counts, 1)
    assert exactly(fitted(study, forecast, counts, 1)) == exactly(fitted(study, forecast, counts, 1)) == exactly(direct)


def _fit_many(root: Path, found) -> None:
    module = made_up_methods(root / str(os.getpid()))
    study = SimpleNamespace(project=Project(root))
    found.put([fitted(study, module.fit, (number / 3,)).paths.tobytes() for number in [*range(20)] * 3])


def test_processes_that_fit_at_the_same_time_do_not_disturb_each_other(study):
    context = multiprocessing.get_context("fork")
    found = context.Queue()
    processes = [context.Process(target=_fit_many, args=[study.project.root, found]) for _ in range(4)]
    for process in processes:
        process.start()
    made = [found.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    assert all(one == made[0] for one in made) and len(set(made[0])) == 20
    assert [path.suffix for path in kept(study)] == [".json"] * 20


def test_those_that_were_not_used_for_longest_are_cleared_away(study, methods, monkeypatch):
    for number in range(4):
        fitted(study, methods.fit, (number + 1.0,))
    for path in kept(study):
        os.utime(path, (1, 1))
    left_behind, being_written = (study.project.fits / f".{name}.json.x.tmp" for name in ("left", "now"))
    left_behind.touch()
    os.utime(left_behind, (1, 1))
    being_written.touch()
    fitted(study, methods.fit, (2.0,))
    monkeypatch.setattr(cleanup, "_MOST_FITS", 1)
    cleanup.clean_up(study.project, [])
    assert being_written.exists() and not left_behind.exists()
    being_written.unlink()
    (path,) = kept(study)
    assert time.time() - path.stat().st_mtime < 60
    fitted(study, methods.fit, (2.0,))
    assert len(methods.calls) == 4, "the one that was used last is kept"
    monkeypatch.setattr(cleanup, "_MOST_BYTES_OF_FITS", 1)
    cleanup.clean_up(study.project, [])
    assert not kept(study)
