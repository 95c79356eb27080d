"""Distances on the globe."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS = 6371.0088
"""Mean radius of the earth in kilometres (IUGG)."""


def distance_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Measures the great circle between two places by the haversine formula.

    Args:
        one: Latitude and longitude in degrees.
        other: The same of the other place.

    Returns:
        Kilometres; exact to about half a per cent, as the earth is not quite a ball.
    """
    (north, east), (other_north, other_east) = (map(radians, place) for place in (one, other))
    half = (
        sin((other_north - north) / 2) ** 2
        + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    )
    return 2 * EARTH_RADIUS * asin(sqrt(min(half, 1.0)))
