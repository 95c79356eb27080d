from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.geography import EARTH_RADIUS, distance_between

PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        ((0.0, 0.0), (0.0, 1.0), 111.195),
        ((21.0285, 105.8542), (10.7769, 106.7009), 1143.5),  # Hà Nội, Thành phố Hồ Chí Minh
        ((90.0, 0.0), (-90.0, 0.0), 20015.1),
    ],
)
def test_known_distances(
    one: tuple[float, float], other: tuple[float, float], kilometres: float
) -> None:
    assert distance_between(one, other) == pytest.approx(kilometres, rel=0.001)


@given(PLACES, PLACES)
def test_a_distance_is_the_same_both_ways(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there = distance_between(one, other)
    assert 0 <= there <= EARTH_RADIUS * 3.1416
    assert there == pytest.approx(distance_between(other, one), abs=1e-6)
    assert distance_between(one, one) == 0
