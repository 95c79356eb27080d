from __future__ import annotations

import pytest

from vietnamese.reader import Reader


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("nhiêuuuu tiền vậyyy", "bao nhiêu tiền vậy"),
        ("HOÀ GIẢI đất đai", "hòa giải đất đai"),
        ("ddawng kys keets hoon", "đăng ký kết hôn"),
        ("d9a8ng ky1 ket61 ho6n", "đăng ký kết hôn"),
        ("đăng kys kết hôn", "đăng ký kết hôn"),
        ("giâys tờ", "giấy tờ"),
        ("làm cccd", "làm căn cước công dân"),
        ("lam cccd het bn tien", "lam căn cước công dân het bao nhiêu tiền"),
        ("đkkh vs người nn", "đăng ký kết hôn với người nước ngoài"),
        ("gcnqsdđ", "giấy chứng nhận quyền sử dụng đất"),
        ("ko bik lm ntn", "không biết làm như thế nào"),
        ("k dc thì sao", "không được thì sao"),
        ("14tuoi", "14 tuoi"),
        ("500k", "500 nghìn"),
        ("quận1", "quận 1"),
        ("đổi bằng B2", "đổi bằng b2"),
        ("hạng A1 và hạng a", "hạng a1 và hạng a"),
        ("5 kg gạo", "5 kg gạo"),
        ("mẫu CT01", "mẫu ct01"),
        ("chương iii", "chương iii"),
        ("theo 04/2020/nd-cp", "theo 04/2020/nđ-cp"),
        ("gia hạn pasport onlai", "gia hạn passport online"),
    ],
)
def test_normalises(reader: Reader, typed: str, normalised: str) -> None:
    assert reader.read(typed).normalised == normalised


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("đk tt ở nhà trọ", "đăng ký thường trú ở nhà trọ"),
        ("giấy tt cho người ở trọ", "giấy tạm trú cho người ở trọ"),
        ("làm tt gì", "làm thủ tục gì"),
        ("đủ đk chưa", "đủ điều kiện chưa"),
        ("đổi dc nhà", "đổi địa chỉ nhà"),
        ("làm dc không", "làm được không"),
        ("giấy chứng nhận kh", "giấy chứng nhận kết hôn"),
        ("cần gt gì", "cần giấy tờ gì"),
        ("đổi gt trong khai sinh", "đổi giới tính trong khai sinh"),
        ("hs cấp 2 chuyển trường", "học sinh cấp 2 chuyển trường"),
        ("nộp hs ở đâu", "nộp hồ sơ ở đâu"),
        ("bằng tn bị mất", "bằng tốt nghiệp bị mất"),
        ("tiền bh thất nghiệp", "tiền bảo hiểm thất nghiệp"),
    ],
)
def test_ambiguous_short_forms_are_read_by_their_neighbours(
    reader: Reader, typed: str, normalised: str
) -> None:
    assert reader.read(typed).normalised == normalised


@pytest.mark.parametrize(
    "text",
    [
        "thông tư 75/2022/tt-btc",
        "mã 1.001193",
        "nghị định 04/2020/nđ-cp",
        "https://dichvucong.gov.vn",
        "sinh ngày 12/3/1990",
        "số 0912345678",
    ],
)
def test_codes_pass_untouched(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert reading.normalised == reading.restored == text
    assert reading.changes == ()


def test_normalising_twice_changes_nothing_more(reader: Reader) -> None:
    for text in ("đk tt ở q1 hết bn tiền", "cho e hỏi lm gks", "ddawng kys", "nhà tui mần răng"):
        once = reader.read(text).normalised
        assert reader.read(once).normalised == once
