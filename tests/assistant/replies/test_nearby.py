from __future__ import annotations

import pytest

from assistant.replies import figures, wording
from assistant.replies.compose import Composer
from assistant.replies.contacts import Office
from connectors.message import Link, ReplyKind
from knowledge_base.overlay import LocalFile, Overlay
from knowledge_base.store import Catalogue

SOURCE = {
    "document": "Bảng niêm yết",
    "link": "https://example.gov.vn",
    "reading": "primary",
    "checked": "2026-11-20",
}
FILE = LocalFile.model_validate(
    {
        "province": "Hải Phòng",
        "commune": "Xã Thử",
        "office": {
            "name": "Trung tâm Phục vụ hành chính công xã Thử",
            "address": "Số 1, xã Thử",
            "hours": "7:30 đến 17:00, thứ Hai đến thứ Sáu",
            "hotlines": ["0225 000 000", "0225 000 001"],
            "position": {"latitude": 20.7, "longitude": 106.5, "source": SOURCE},
            "source": SOURCE,
        },
    }
)
HOME = Office("UBND phường Nhà", hotline="024 1234")


def composer(*files: LocalFile) -> Composer:
    return Composer(Catalogue([]), HOME, overlay=Overlay(list(files)))


def test_an_office_near_is_named_with_all_that_is_known() -> None:
    reply = composer(FILE).near(20.71, 106.5)
    assert reply.kind is ReplyKind.HANDOFF
    for part in (
        "Trung tâm Phục vụ hành chính công xã Thử",
        "khoảng 1,1 km theo đường thẳng",
        "Số 1, xã Thử",
        "7:30 đến 17:00, thứ Hai đến thứ Sáu",
        "0225 000 000, 0225 000 001",
        wording.BEFORE_GOING,
    ):
        assert part in reply.text
    (link,) = (block for block in reply.blocks if isinstance(block, Link))
    assert link.url == (
        "https://www.openstreetmap.org/?mlat=20.70000&mlon=106.50000#map=17/20.70000/106.50000"
    )


@pytest.mark.parametrize("place", [(10.7, 106.7), (None, None), (20.7, None), (float("nan"), 1.0)])
def test_where_none_is_known_it_says_how_to_find_one(
    place: tuple[float | None, float | None],
) -> None:
    text = composer(FILE).near(*place).text
    assert wording.NOTHING_NEAR in text
    assert "xã Thử" not in text
    assert "UBND phường Nhà" in text
    assert "18001096" in text


@pytest.mark.parametrize(
    ("kilometres", "said"),
    [
        (0.0, "50 m"), (0.349, "350 m"), (0.96, "950 m"), (0.98, "1 km"), (1.24, "1,2 km"),
        (9.96, "10 km"), (18.4, "18 km"),
    ],
)  # fmt: skip
def test_distances_are_said_as_people_say_them(kilometres: float, said: str) -> None:
    assert figures.distance(kilometres) == said
