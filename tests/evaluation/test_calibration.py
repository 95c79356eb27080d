from __future__ import annotations

import pytest

from evaluation.calibration import Bin, brier, expected_error, reliability


def test_bins_hold_their_mean_confidence_and_accuracy() -> None:
    bins = reliability([0.12, 0.18, 0.95, 1.0], [False, True, True, True])
    assert bins == [Bin(2, pytest.approx(0.15), 0.5), Bin(2, pytest.approx(0.975), 1.0)]


def test_a_perfect_forecast_has_no_error() -> None:
    assert expected_error([1.0, 0.0], [True, False]) == 0
    assert brier([1.0, 0.0], [True, False]) == 0


def test_the_error_is_the_mean_gap_weighted_by_size() -> None:
    # Three at 0.9 of which one is right (gap 0.5667), one at 0.1 that is wrong (gap 0.1).
    error = expected_error([0.9, 0.9, 0.9, 0.1], [True, False, False, False])
    assert error == pytest.approx((3 * (0.9 - 1 / 3) + 0.1) / 4)


def test_brier_is_the_mean_squared_distance() -> None:
    assert brier([0.8, 0.4], [True, True]) == pytest.approx((0.04 + 0.36) / 2)


def test_nothing_to_measure_is_an_error() -> None:
    with pytest.raises(ValueError, match="no predictions"):
        expected_error([], [])
    with pytest.raises(ValueError, match="no predictions"):
        brier([], [])


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="zip"):
        reliability([0.5], [])
