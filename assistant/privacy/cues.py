"""Which kind of number the words before it announce."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from vietnamese.fold import fold

_WINDOW: Final = 48


class Cue(Enum):
    """What the nearest telling word before a number says."""

    NONE = auto()
    IDENTITY = auto()
    PHONE = auto()
    BANK = auto()
    ACCOUNT = auto()
    """The words for an account number themselves: even a round number is one."""
    OTHER = auto()
    """Something that is not personal: a fee, a law, a year, a plot."""


_WORDS: Final = {
    Cue.IDENTITY: (
        r"cccd|cmnd|cmtnd|cmt|cmnn|cancuoc|can cuoc|chung minh|giay to tuy than"
        r"|dinh danh|ma dinh danh|so ca nhan|ho chieu|passport|ma so thue|mst|bhxh"
        r"|bhyt|so bao hiem|ma so bao hiem|(?:so )?the bao hiem|so the bhyt|cc|ddcn"
        r"|giay phep lai xe|gplx|bang lai"
    ),
    Cue.PHONE: (
        r"s[dđ]t|so dt|sodt|dt|dien thoai|di dong|phone|tel|mobile|zalo|viber|goi"
        r"|goi lai|lien he|lien lac|lh|so may|alo|a lo|nhan tin|so cua (?:toi|minh"
        r"|em|chau|con|anh|chi|co|chu|bac)|fax"
    ),
    Cue.ACCOUNT: (r"stk|so tk|so tai khoan|so the|so tkhoan|account|card"),
    Cue.BANK: (
        r"tk|tai khoan|tkhoan|ngan hang|the tin dung|the ghi no|the ngan hang|the atm"
        r"|atm|visa|mastercard|napas|vietcombank|vcb|techcombank|tcb|vietinbank|ctg"
        r"|bidv|agribank|mb ?bank|acb|vpbank|tpbank|sacombank|shb|hdbank|vib|msb"
        r"|ocb|lpbank|seabank|momo|zalopay|chuyen khoan"
    ),
    Cue.OTHER: (
        r"thu tuc|ma tthc|tthc|ma thu tuc|ma ho so|ho so|nghi dinh|thong tu|luat"
        r"|quyet dinh|nghi quyet|cong van|dieu|khoan|thua|to ban do|dien tich|phi"
        r"|le phi|tien|so tien|gia|thue|phat|luong|nam|ngay|thang|trang|muc"
        r"|bieu mau|mau|to khai|bien so|hotline|tong dai|dan so"
    ),
}
_CUE: Final = re.compile(
    r"(?<![^\W\d])(?:"
    + "|".join(f"(?P<{cue.name}>{words})" for cue, words in _WORDS.items())
    + r")(?![^\W\d_])"
)


def cue_before(text: str, start: int, since: int = 0) -> Cue:
    """Finds the nearest telling word before a number.

    Args:
        text: The whole text.
        start: Where the number begins.
        since: Where the number before it ends; words before that one tell nothing of this one.
    """
    before = text[max(since, start - _WINDOW) : start]
    nearest = Cue.NONE
    for match in _CUE.finditer(fold(before[before.rfind("]") + 1 :])):
        nearest = Cue[str(match.lastgroup)]
    return nearest
