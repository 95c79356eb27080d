"""What tells near-identical procedures apart, and whether a question speaks of it.

Each qualifier is one thing that a name may add to a base procedure ("có yếu tố nước ngoài", "cấp
lại", "lưu động") together with the words by which people mean it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.schema import Audience, Level, Procedure
from knowledge_base.search.filler import without_expressions
from knowledge_base.search.text import split_words

Flags = npt.NDArray[np.float32]

_COUNTRIES = (
    "mỹ|hoa kỳ|anh quốc|pháp|đức|nga|ý|úc|canada|nhật|nhật bản|hàn|hàn quốc|trung quốc|đài loan|"
    "thái lan|lào|campuchia|cam pu chia|singapore|malaysia|ấn độ|hồng kông|châu âu|tây|ngoại quốc|"
    "việt kiều|ngoại kiều|quốc tế"
)


@dataclass(frozen=True, slots=True)
class Qualifier:
    """One thing that a name may add.

    Attributes:
        key: Its name among the signals.
        named: Pattern that finds it in an official name.
        asked: Pattern that finds it in a question.
    """

    key: str
    named: re.Pattern[str]
    asked: re.Pattern[str]


def _q(key: str, named: str, asked: str = "") -> Qualifier:
    joined = f"{named}|{asked}" if asked else named
    return Qualifier(key, re.compile(rf"\b(?:{named})\b"), re.compile(rf"\b(?:{joined})\b"))


QUALIFIERS: tuple[Qualifier, ...] = (
    _q(
        "foreign",
        "nước ngoài|quốc tịch nước ngoài|không quốc tịch|nước láng giềng",
        rf"(?:người|ở|bên|chồng|vợ|công ty|sang|đi|quốc tịch) (?:{_COUNTRIES})|việt kiều|"
        "ngoại quốc|ngoại kiều",
    ),
    _q("border", "biên giới|cửa khẩu|khu vực cấm"),
    _q("mobile", "lưu động", "tại nhà|đến nhà|tận nhà"),
    _q("linked", "liên thông"),
    _q("online", "trực tuyến|điện tử|qua mạng", "online|trên mạng|app|ứng dụng"),
    _q(
        "reissue",
        "cấp lại|đăng ký lại",
        "làm lại|xin lại|bị mất|mất|làm mất|thất lạc|rớt mất|hỏng|hư|rách|nát|cháy|phai",
    ),
    _q("exchange", "cấp đổi|đổi|chuyển đổi", "hết hạn"),
    _q("extend", "gia hạn|kéo dài", "hết hạn|sắp hết hạn|thêm thời gian|ở tiếp|làm tiếp"),
    _q(
        "change",
        "thay đổi|sửa đổi|điều chỉnh|bổ sung|cải chính|cập nhật|đính chính",
        "đổi|sửa|chỉnh|sai|nhầm|ghi sai|thêm|chuyển địa chỉ",
    ),
    _q(
        "cancel",
        "chấm dứt|thu hồi|hủy|huỷ|hủy bỏ|xóa|xoá|giải thể|thôi|rút|miễn nhiệm|đình chỉ",
        "đóng cửa|dẹp|nghỉ luôn|ngừng hẳn|không làm nữa|không bán nữa|bỏ|nghỉ bán|trả lại|gạch tên",
    ),
    _q(
        "suspend",
        "tạm ngừng|tạm dừng|tạm đình chỉ|tạm ngưng",
        "tạm nghỉ|tạm đóng|nghỉ một thời gian|nghỉ tạm|tạm hoãn|nghỉ vài",
    ),
    _q(
        "resume",
        "tiếp tục|khôi phục|phục hồi|hoạt động trở lại|trở lại",
        "mở lại|bán lại|hoạt động lại",
    ),
    _q(
        "transfer",
        "chuyển nhượng|chuyển quyền|tặng cho|thừa kế|chuyển giao|sang tên|di chuyển",
        "mua bán|mua lại|bán|sang tên|cho tặng|để lại|cho con",
    ),
    _q("extract", "trích lục|bản sao", "sao y|photo|xin lại bản|bản copy"),
    _q("confirm", "xác nhận", "giấy xác nhận|xin xác nhận|chứng minh"),
    _q("report", "báo cáo|thông báo|khai báo|trình báo", "báo|khai|trình"),
    _q("split", "tách|chia|hợp nhất|sáp nhập|hợp thửa", "nhập lại|gộp"),
    _q(
        "first",
        "lần đầu|cấp mới|thành lập|thành lập mới",
        "làm mới|mới|lần đầu tiên|mở|lập|chưa có|chưa từng|xin mới",
    ),
    _q("temporary", "tạm thời|tạm trú|có thời hạn", "tạm"),
    _q("refund", "hoàn thuế|hoàn trả|hoàn", "lấy lại tiền|trả lại tiền|đòi lại"),
    _q("exempt", "miễn|giảm|miễn giảm", "khỏi đóng|không phải đóng"),
    _q(
        "complaint",
        "khiếu nại|tố cáo|giải quyết tranh chấp|tranh chấp",
        "kiện|không đồng ý|khiếu kiện",
    ),
    _q(
        "child",
        "trẻ em|dưới 14|trẻ|con",
        "bé|em bé|cháu bé|thằng nhỏ|con nhỏ|đứa nhỏ|con nít|sơ sinh",
    ),
    _q("death", "chết|khai tử|mai táng|tử tuất|từ trần|hy sinh", "mất|qua đời|đám tang|chôn"),
    _q("business", "doanh nghiệp|công ty|tổ chức kinh tế|cơ sở kinh doanh", "cty|dn"),
    _q(
        "household_business",
        "hộ kinh doanh",
        "tiệm|quán|cửa hàng|hkd|buôn bán|tạp hóa|sạp|bán hàng",
    ),
    _q("cooperative", "hợp tác xã|tổ hợp tác|liên hiệp hợp tác xã", "htx"),
    _q("branch", "chi nhánh|văn phòng đại diện|phòng giao dịch", "vpđd"),
    _q(
        "military",
        "quân đội|quốc phòng|quân nhân|quân sự|sĩ quan|dân quân|bộ đội|cơ yếu",
        "đi lính|nvqs",
    ),
    _q("police", "công an nhân dân|công an", "cảnh sát"),
    _q("bank", "ngân hàng|tổ chức tín dụng|quỹ tín dụng|tài chính vi mô|ngoại hối"),
    _q("sea", "tàu biển|tàu bay|hàng hải|hàng không|cảng|tàu"),
    _q("school", "trường|cơ sở đào tạo|đào tạo|trung tâm"),
    _q(
        "export",
        "xuất khẩu|nhập khẩu|tạm nhập|tái xuất|quá cảnh|hải quan",
        "bán ra nước ngoài|nhập về|xuất đi",
    ),
    _q("auction", "đấu giá|đấu thầu"),
    _q("plan", "quy hoạch|kế hoạch|phương án|đề án|dự án"),
    _q("project", "nhà đầu tư|chủ đầu tư|dự án đầu tư"),
    _q("staff", "cán bộ|công chức|viên chức"),
    _q("commune", "cấp xã|xã|phường", "ủy ban xã|trên xã|lên xã|ngoài phường|lên phường"),
    _q("province", "cấp tỉnh|tỉnh", "sở|trên tỉnh|lên tỉnh|thành phố trực thuộc"),
    _q("central", "trung ương|cấp bộ|tw|bộ trưởng", "cục|lên bộ"),
)
"""All qualifiers, in the order of the columns of :func:`named_flags` and :func:`asked_flags`."""

KEYS = tuple(qualifier.key for qualifier in QUALIFIERS)

TURNS = frozenset({"reissue", "exchange", "extend", "change", "cancel", "suspend", "resume"})
"""Qualifiers that say what happens to a paper that somebody has already."""

_ORGANISATION = re.compile(
    r"\b(?:công ty|cty|doanh nghiệp|dn|hợp tác xã|htx|tổ chức|cơ quan|đơn vị|ngân hàng|trường|"
    r"bệnh viện|chi nhánh|văn phòng|trung tâm|quỹ|nhà đầu tư|chủ đầu tư|nhà máy|xưởng)\b"
)
_CITIZEN = re.compile(
    r"\b(?:tôi|tui|em|mình|bác|cháu|con tôi|con em|nhà tôi|nhà em|nhà mình|gia đình|vợ|chồng|ba|má|"
    r"mẹ|bố|ông|bà|bé|anh trai|chị gái|cá nhân|công dân|người dân)\b"
)
_PEOPLE = {
    Audience.CITIZEN,
    Audience.OVERSEAS_VIETNAMESE,
    Audience.FOREIGNER,
    Audience.HOUSEHOLD,
}


def named_flags(procedures: Sequence[Procedure]) -> Flags:
    """Marks which qualifiers each name carries, shape ``(procedures, qualifiers)``, 0 or 1."""
    flags = np.zeros((len(procedures), len(QUALIFIERS)), dtype=np.float32)
    for row, procedure in enumerate(procedures):
        name = f"{procedure.name} {procedure.plain_name}".lower()
        flags[row] = [qualifier.named.search(name) is not None for qualifier in QUALIFIERS]
    return flags


def asked_flags(text: str) -> Flags:
    """Marks which qualifiers a question speaks of, shape ``(qualifiers,)``, 0 or 1."""
    return np.asarray([q.asked.search(text) is not None for q in QUALIFIERS], dtype=np.float32)


def turns_asked(text: str) -> set[str]:
    """Names the turns that a question speaks of; "mất bao lâu" speaks of none."""
    told = without_expressions(split_words(text))
    return {q.key for q in QUALIFIERS if q.key in TURNS and q.asked.search(told)}


def turns_named(procedure: Procedure) -> set[str]:
    """Names the turns that a procedure is for, by its names."""
    name = f"{procedure.name} {procedure.plain_name}".lower()
    return {q.key for q in QUALIFIERS if q.key in TURNS and q.named.search(name)}


def audience_flags(procedures: Sequence[Procedure]) -> Flags:
    """Marks who each procedure is for, shape ``(procedures, 2)``: people, organisations.

    A record that does not state its audience is for both.
    """
    flags = np.ones((len(procedures), 2), dtype=np.float32)
    for row, procedure in enumerate(procedures):
        if procedure.audience:
            people = sum(audience in _PEOPLE for audience in procedure.audience)
            flags[row] = (people > 0, people < len(procedure.audience))
    return flags


def speaker_flags(text: str) -> Flags:
    """Marks who a question speaks of, shape ``(2,)``: people, organisations."""
    speakers = (_CITIZEN.search(text) is not None, _ORGANISATION.search(text) is not None)
    return np.asarray(speakers, dtype=np.float32)


def level_flags(procedures: Sequence[Procedure]) -> Flags:
    """Marks the levels of each procedure, shape ``(procedures, levels)``, in order of ``Level``."""
    levels = list(Level)
    flags = [[level in procedure.levels for level in levels] for procedure in procedures]
    return np.asarray(flags, dtype=np.float32).reshape(len(procedures), len(levels))
