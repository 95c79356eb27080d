from __future__ import annotations

import math

import pytest

from evaluation.intervals import Proportion, wilson


def test_wilson_agrees_with_a_published_example() -> None:
    low, high = wilson(81, 263)
    assert low == pytest.approx(0.2553, abs=5e-4)
    assert high == pytest.approx(0.3662, abs=5e-4)


@pytest.mark.parametrize(("hits", "total"), [(0, 10), (10, 10), (1, 1), (0, 1)])
def test_wilson_stays_within_the_range_of_a_share(hits: int, total: int) -> None:
    low, high = wilson(hits, total)
    assert 0 <= low <= hits / total <= high <= 1


def test_wilson_narrows_as_the_sample_grows() -> None:
    small, large = wilson(5, 10), wilson(500, 1000)
    assert large[1] - large[0] < small[1] - small[0]


def test_nothing_measured_is_everything_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert math.isnan(Proportion(0, 0).value)
    assert str(Proportion(0, 0)) == "–"


def test_a_proportion_prints_its_interval() -> None:
    assert str(Proportion.of([True, True, False, False])) == "50.0% (15%–85%)"
