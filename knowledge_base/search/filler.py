"""Words of a question that say nothing about which procedure is meant.

They ask for an aspect ("bao nhiêu tiền"), address the listener ("cháu ơi") or only make the
sentence polite. They are not thrown away, because any of them can be part of a name, but they
count for little.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from vietnamese.fold import fold, fold_syllable

FILLER_WEIGHT = 0.15
"""What a filler word counts, compared with any other word."""

_EXPRESSIONS = """
mất bao nhiêu tiền | hết bao nhiêu tiền | tốn bao nhiêu tiền | bao nhiêu tiền vậy |
cần giấy tờ gì | cần những giấy tờ gì | cần giấy gì | giấy tờ gì | những giấy tờ nào | giấy tờ nào
| cần những gì | cần gì | gồm những gì | gồm gì | bao gồm những gì | hồ sơ gồm | hồ sơ cần |
cần hồ sơ gì | hồ sơ gì | cần mang gì | mang gì | mang theo gì | thành phần hồ sơ | chuẩn bị gì |
chuẩn bị những gì | cần chuẩn bị | chuẩn bị hồ sơ | chuẩn bị giấy tờ | giấy tờ cần thiết |
bao nhiêu tiền | hết bao nhiêu | mất bao nhiêu | tốn bao nhiêu | bao nhiêu | mất phí không |
có mất phí | mất tiền không | có tốn tiền | tốn tiền | tốn phí | lệ phí | phí | mức phí | mức thu
| chi phí | mất tiền | đóng bao nhiêu | phải đóng | giá bao nhiêu | mất bao lâu | trong bao lâu |
bao lâu | bao lâu thì xong | bao lâu có | mấy ngày | bao nhiêu ngày | khi nào | khi nào có |
lúc nào | mấy bữa | thời gian | thời hạn giải quyết | thời gian giải quyết | thời gian thực hiện |
trong thời hạn | trong mấy ngày | nhận kết quả | lấy kết quả | trả kết quả | có kết quả | có liền
| ở đâu | nộp ở đâu | nộp hồ sơ ở đâu | làm ở đâu | nộp cho cơ quan nào | cơ quan nào | tại đâu |
chỗ nào | đi đâu | ra đâu | đến đâu | nơi nào | nộp hồ sơ | nộp đơn | địa điểm | ai làm |
ai có thẩm quyền | thẩm quyền | gặp ai | như thế nào | thế nào | ra sao | làm sao | làm thế nào |
làm như nào | kiểu gì | cách nào | làm gì | phải làm gì | phải làm sao | tính sao | các bước |
những bước nào | trình tự | trình tự thực hiện | quy trình | cách thức thực hiện | cách thức |
thủ tục | thủ tục gì | làm thủ tục | thực hiện thủ tục | quy định | theo quy định |
quy định như thế nào | được quy định | yêu cầu điều kiện | yêu cầu | điều kiện gì | điều kiện |
cần điều kiện gì | đối tượng nào | những ai | ai được | trường hợp nào | những trường hợp nào |
có được không | được không | được hay không | có phải | phải không | hay không | có cần |
online được không | nộp online | làm online | nộp trực tuyến | trên mạng | qua mạng | online |
căn cứ pháp lý | theo luật nào | luật nào | văn bản nào | cơ sở pháp lý | mẫu đơn | mẫu nào |
theo mẫu nào | tờ khai nào | mẫu tờ khai | cho hỏi | cho tôi hỏi | cho em hỏi | cho mình hỏi |
cho cháu hỏi | xin hỏi | tôi xin hỏi | hỏi | xin cho biết | cho biết | đề nghị cho biết |
xin hãy cho biết | tôi muốn biết | hướng dẫn | chỉ giúp | giúp tôi | giúp em | giúp mình |
giúp với | tư vấn | xin tư vấn | làm ơn | với ạ | trả lời | giải đáp | vui lòng | cảm ơn |
xin cảm ơn | tôi muốn | em muốn | mình muốn | muốn | tôi cần | tôi có | tôi đang | tôi phải |
thì phải | thì cần | thì | là gì | là | gì | sao | nào | đâu | mấy | tôi | tui | mình | em | anh |
chị | bác | cô | chú | cháu | dạ | ạ | à | ơi | nhé | nhỉ | hả | hở | vậy | dị | zậy | hông | hổng
| hem | hè | nha | nghen | nè | cưng | ad | admin | shop | thế | rồi | giờ | bây giờ | nay |
hiện nay | hiện tại | đang | đã | sẽ | cũng | nữa | luôn | thôi | mà | nhưng | và | với | của |
cho | để | ở | tại | các | những | một | cái | con này | này | kia | đó | ấy | được | bị | có |
không | ko | k | phải | cần | nên | hay | hoặc | khi | nếu | do | vì | theo | về | ra | vào | đi |
lên | xuống | đến | tới | từ | trong | ngoài ra | như | rất | quá | lắm | nghe nói | không biết |
chưa biết | chưa rõ | có ai biết | mọi người | ai biết | mới được | xong | giùm | dùm | hộ em |
hộ tôi | hộ mình | đó ạ | vậy ạ
"""

_MAX_LENGTH = 4


@lru_cache(maxsize=1)
def _tables() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    marked = {
        tuple(expression.split()) for expression in _EXPRESSIONS.replace("\n", " ").split("|")
    }
    marked.discard(())
    # Without diacritics, single words are too ambiguous ("bac" is bác, bạc, bậc).
    plain = {tuple(map(fold, words)) for words in marked if len(words) > 1}
    return frozenset(marked), frozenset(plain)


def content_weights(words: Sequence[str]) -> list[float]:
    """Tells how much each word of a question counts.

    Args:
        words: The words of the question, lower-case, with diacritics where they are known.

    Returns:
        A weight in (0, 1] for each word.
    """
    return [FILLER_WEIGHT if length else 1.0 for length in filler_lengths(words)]


def without_expressions(words: Sequence[str]) -> str:
    """Returns a question with a comma for each filler of several words.

    So "mất bao lâu" no longer speaks of a loss.
    """
    lengths = filler_lengths(words)
    return " ".join("," if n > 1 else word for word, n in zip(words, lengths, strict=True))


def filler_lengths(words: Sequence[str]) -> list[int]:
    """Returns for each word the length of the filler that it belongs to, 0 for content."""
    marked, plain = _tables()
    stripped = all(word == fold_syllable(word) for word in words)
    table = plain if stripped else marked
    lengths = [0] * len(words)
    at = 0
    while at < len(words):
        for length in range(min(_MAX_LENGTH, len(words) - at), 0, -1):
            if tuple(words[at : at + length]) in table:
                lengths[at : at + length] = [length] * length
                at += length
                break
        else:
            at += 1
    return lengths
