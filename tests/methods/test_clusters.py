import numpy as np
import pytest

from workbench.methods.clusters import sandwich
from workbench.methods.refusal import Reason, ThinData

SCORES = np.array([[1.0, 0], [2, 1], [-1, 1], [0, -2], [3, 1], [-2, 0]])
BREAD = np.array([[2.0, 0.5], [0.5, 1]])
FIRM, YEAR = ["a", "a", "b", "b", "c", "c"], [1, 2, 1, 2, 1, 2]


def meat_of(groups):
    return sum(np.outer(s, s) for s in (SCORES[list(g)].sum(axis=0) for g in groups))


def test_without_clusters_is_whites():
    assert sandwich(BREAD, SCORES) == pytest.approx(BREAD @ (SCORES.T @ SCORES) @ BREAD * 6 / 5)


def test_one_kind_of_clusters():
    by_hand = BREAD @ meat_of([(0, 1), (2, 3), (4, 5)]) @ BREAD * 3 / 2
    assert sandwich(BREAD, SCORES, [FIRM]) == pytest.approx(by_hand)


def test_clusters_of_one_each_are_no_clusters():
    assert sandwich(BREAD, SCORES, [range(6)]) == pytest.approx(sandwich(BREAD, SCORES))


def test_two_kinds_add_up_less_what_both_hold():
    """Cameron, Gelbach and Miller (2011), with G / (G − 1) of the kind with fewer clusters."""
    meat = meat_of([(0, 1), (2, 3), (4, 5)]) + meat_of([(0, 2, 4), (1, 3, 5)]) - SCORES.T @ SCORES
    values, vectors = np.linalg.eigh(BREAD @ meat @ BREAD * 2)
    assert values.min() < 0  # what the next line mends
    assert sandwich(BREAD, SCORES, [FIRM, YEAR]) == pytest.approx((vectors * values.clip(0)) @ vectors.T)


def test_the_same_clusters_twice_are_one_kind():
    assert sandwich(BREAD, SCORES, [FIRM, FIRM]) == pytest.approx(sandwich(BREAD, SCORES, [FIRM]))


def test_a_single_cluster_is_refused():
    with pytest.raises(ThinData) as refused:
        sandwich(BREAD, SCORES, [FIRM, ["all"] * 6])
    assert refused.value.reason is Reason.TOO_FEW
