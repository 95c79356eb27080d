from __future__ import annotations

from assistant.replies.contacts import Office, office_blocks
from assistant.settings import Settings
from connectors.message import plain_text


def settings(**given: str) -> Settings:
    return Settings(_env_file=None, **given)


def test_an_office_comes_from_the_local_facts_of_its_commune() -> None:
    office = Office.from_settings(settings(province="Hải Phòng", commune="Xã Vĩnh Bảo"))
    assert office.name == "Trung tâm Phục vụ hành chính công xã Vĩnh Bảo"
    assert "Đường 20/8" in plain_text(office_blocks(office))
    assert "0823.919.686" in office.hotline


def test_what_the_operator_set_comes_first() -> None:
    office = Office.from_settings(
        settings(
            province="Hải Phòng",
            commune="Xã Vĩnh Bảo",
            office_name="Một cửa Vĩnh Bảo",
            office_hotline="1022",
        )
    )
    assert (office.name, office.hotline) == ("Một cửa Vĩnh Bảo", "1022")
    assert "Đường 20/8" in office.address


def test_an_office_that_nothing_is_known_of() -> None:
    for given in ({}, {"province": "Hải Phòng"}, {"province": "Hải Phòng", "commune": "Xã Khác"}):
        assert Office.from_settings(settings(**given)) == Office("Bộ phận Một cửa nơi bạn ở")
