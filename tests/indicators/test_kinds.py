"""What may be declared can be computed."""

from typing import get_args

import pytest

from workbench.declarations.indicators import Formula, Suffix
from workbench.indicators.derived import DERIVED
from workbench.indicators.kinds import compute


@pytest.mark.parametrize("kind", get_args(Formula))
def test_every_kind_of_formula_has_a_function(kind):
    assert compute.dispatch(kind) is not compute.dispatch(object)


def test_every_suffix_that_is_evaluated_has_a_function():
    assert set(DERIVED) == set(get_args(Suffix))
