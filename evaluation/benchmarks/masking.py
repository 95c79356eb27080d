"""Measures masking on messages that are made: what must go, what must stay, and what it costs.

Run ``python -m evaluation.benchmarks.masking [--output FILE]``. Every message is put together from
plain words, personal data in many manners of writing, and numbers that are nobody's: procedure
codes, amounts, laws, dates, plots, forms, hotlines. The seed is fixed, so the set is always the
same. A personal number counts as masked when none of its digits is left; a harmless one counts as
kept when it stands in the result letter by letter; and the words around must be as they were.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import yaml

from assistant.privacy import mask
from vietnamese.fold import fold

T = TypeVar("T")

SEED: Final = 2026
COUNT: Final = 2_000
_TEXTS: Final[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a message.

    Attributes:
        text: As typed.
        personal: Its kind when it must be masked, else empty.
        harmless: Its kind when it is a number that must stay, else empty.
    """

    text: str
    personal: str = ""
    harmless: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What came out.

    Attributes:
        messages: How many were read.
        personal: Personal data in them, by kind.
        masked: Those that were masked, by kind.
        harmless: Numbers that are nobody's, by kind.
        kept: Those that stayed, by kind.
        surroundings: Messages whose other words stayed as they were.
        failures: Messages with anything wrong, and what they became.
        p50_us: Median time of one message, microseconds.
        p95_us: 95th percentile.
    """

    messages: int
    personal: Counter[str]
    masked: Counter[str]
    harmless: Counter[str]
    kept: Counter[str]
    surroundings: int
    failures: list[tuple[str, str]] = field(default_factory=list)
    p50_us: float = 0.0
    p95_us: float = 0.0

    @property
    def masked_share(self) -> float:
        """Share of the personal data that was masked."""
        return self.masked.total() / self.personal.total()

    @property
    def mistaken_share(self) -> float:
        """Share of the harmless numbers that were masked by mistake."""
        return 1 - self.kept.total() / self.harmless.total()


class Maker:
    """Makes messages.

    Args:
        seed: Of the random generator; the same seed makes the same messages.
    """

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)
        self._personal: dict[str, Callable[[], Sequence[Piece]]] = {
            "identity_12": self._citizen_number,
            "identity_9": self._old_identity_number,
            "passport": self._passport,
            "mobile": self._mobile,
            "landline": self._landline,
            "email": self._email,
            "account": self._account,
            "card": self._card,
            "name": self._name,
        }
        self._harmless: dict[str, Callable[[], str]] = {
            "code": self._code,
            "amount": self._amount,
            "law": self._law,
            "date": self._date,
            "plot": self._plot,
            "form": self._form,
            "count": self._how_many,
            "hotline": self._hotline,
        }

    def messages(self, count: int) -> list[list[Piece]]:
        """Makes messages, three of five with personal data."""
        return [self._message(number % 5 < 3) for number in range(count)]

    def _message(self, with_person: bool) -> list[Piece]:
        write = self._pick((str, str, fold, _teencode, str.upper if self._one_in(8) else str))
        opening = self._pick(_TEXTS["openings"])
        parts = [Piece(opening and f"{opening} ")]
        if with_person:
            kinds = self._random.sample(sorted(self._personal), 2 if self._one_in(4) else 1)
            for kind in kinds:
                parts += self._personal[kind]()
                parts.append(Piece(self._pick(_TEXTS["joints"])))
        if not with_person or self._one_in(3):
            for kind in self._random.sample(sorted(self._harmless), 2 if self._one_in(3) else 1):
                before, after = self._pick(_TEXTS["frames"][kind])
                parts += [Piece(before), Piece(self._harmless[kind](), harmless=kind), Piece(after)]
                parts.append(Piece(self._pick(_TEXTS["joints"])))
        parts.append(Piece(self._pick(_TEXTS["questions"])))
        return [p if p.personal or p.harmless else Piece(write(p.text)) for p in parts if p.text]

    # --- what must go -----------------------------------------------------------------------

    def _citizen_number(self) -> list[Piece]:
        digits = self._pick(_TEXTS["provinces"]) + str(self._random.randrange(4)) + self._digits(8)
        typed = self._grouped(
            digits, ((12,), (12,), (12,), (3, 3, 3, 3), (4, 4, 4), (3, 3, 6), (6, 6), (1,) * 12)
        )
        return self._after(_TEXTS["identity"], typed, "identity_12")

    def _old_identity_number(self) -> list[Piece]:
        digits = (
            self._pick(("0", "1", "2", "3")) + self._digits(7) + str(self._random.randrange(1, 10))
        )
        typed = self._grouped(digits, ((9,), (9,), (9,), (3, 3, 3), (2, 3, 4), (4, 5)))
        return self._after(_TEXTS["old_identity"], typed, "identity_9")

    def _passport(self) -> list[Piece]:
        letter = self._pick("BCEKNP")
        typed = letter + self._digits(self._pick((7, 8)))
        if self._one_in(4):
            typed = typed.lower()
        return self._after(_TEXTS["passport"], typed, "passport")

    def _mobile(self) -> list[Piece]:
        digits = self._pick(_TEXTS["lines"]) + self._digits(8)
        start = self._pick(("0", "0", "0", "+84", "84", "(+84)", "+84 ", "0084"))
        if start == "0":
            typed = self._grouped(
                digits,
                ((10,), (10,), (4, 3, 3), (4, 2, 2, 2), (3, 3, 4), (3, 4, 3), (5, 5), (1,) * 10),
            )
        else:
            typed = start + self._grouped(digits[1:], ((9,), (9,), (3, 3, 3), (2, 3, 2, 2)))
        if self._one_in(25):
            typed = " ".join(_TEXTS["digit_words"][int(d)] for d in digits)
            return self._after(_TEXTS["spoken"], typed, "mobile")
        if self._one_in(25):
            typed = "o" + self._grouped(digits[1:], ((9,), (3, 3, 3)))
        return self._after(_TEXTS["phone"], typed, "mobile")

    def _landline(self) -> list[Piece]:
        area = self._pick(_TEXTS["areas"])
        local = self._pick("23") + self._digits(10 - len(area))
        half = len(local) - 4
        typed = self._pick(
            (
                f"{area}{local}",
                f"({area}) {local[:half]} {local[half:]}",
                f"{area}.{local}",
                f"{area} {local[:half]} {local[half:]}",
                f"({area}){local}",
                f"+84 {area[1:]} {local}",
                f"{area}-{local[:half]}-{local[half:]}",
            )
        )
        return self._after(_TEXTS["landline"], typed, "landline")

    def _email(self) -> list[Piece]:
        name = fold(
            self._pick(_TEXTS["family"]) + self._pick(("", ".", "_")) + self._pick(_TEXTS["given"])
        )
        name += self._pick(("", "", self._digits(2), "1990", ".hp"))
        domain = self._pick(_TEXTS["mail"])
        typed = self._pick(
            (
                f"{name}@{domain}",
                f"{name}@{domain}",
                f"{name} @ {domain}",
                f"{name}@ {domain}",
                f"{name}(at){domain}",
                f"{name} [at] {domain}",
                f"{name} a còng {domain}",
                f"{name} a cong {domain.replace('.', ' cham ')}",
                f"{name}@{domain.replace('.', ' . ')}",
                f"{name.capitalize()}@{domain.upper()}",
            )
        )
        return self._after(_TEXTS["e_mail"], typed, "email")

    def _account(self) -> list[Piece]:
        digits = self._digits(self._pick((9, 10, 12, 13, 14)))
        digits = digits[:-1] + "7"
        typed = self._grouped(
            digits, ((len(digits),),) * 3 + (_fours(len(digits)), _threes(len(digits)))
        )
        return self._after(_TEXTS["account"], typed, "account")

    def _card(self) -> list[Piece]:
        digits = self._pick(("4", "51", "9704", "35")) + self._digits(15)
        digits = _with_check_digit(digits[:15])
        typed = self._grouped(digits, ((16,), (4, 4, 4, 4), (4, 4, 4, 4)))
        return self._after(_TEXTS["card"], typed, "card")

    def _name(self) -> list[Piece]:
        words = [
            self._pick(_TEXTS["family"]),
            self._pick(_TEXTS["middle"]),
            self._pick(_TEXTS["given"]),
        ]
        title = self._pick(_TEXTS["titled"])
        if self._one_in(3):  # without capitals only where it is plain that a name follows
            words[1] = self._pick(("Văn", "Thị"))
            typed = " ".join(words).lower()
            if self._one_in(2):
                return [Piece(f"{fold(title)} "), Piece(fold(typed), personal="name")]
            return [Piece(f"{title} "), Piece(typed, personal="name")]
        if self._one_in(6):
            title, words = title.upper(), [word.upper() for word in words]
            words[1] = self._pick(("VĂN", "THỊ"))
        return [Piece(f"{title} "), Piece(" ".join(words), personal="name")]

    def _after(self, cues: Sequence[str], typed: str, kind: str) -> list[Piece]:
        before = self._pick(cues)
        gap = (
            ""
            if before and before[-1].isalpha() and typed[0].isdigit() and self._one_in(12)
            else " "
        )
        cue = self._pick((before, fold(before), before.upper()))
        return [Piece(cue + gap if cue else ""), Piece(typed, personal=kind)]

    # --- what must stay ---------------------------------------------------------------------

    def _code(self) -> str:
        code = f"{self._pick('123')}.{self._random.randrange(15_000):06}"
        return code + self._pick(("", "", "", "", ".000.00.00.H40", f", 2.00{self._digits(4)}"))

    def _amount(self) -> str:
        thousands = self._random.randrange(1, 9_999)
        dotted = f"{thousands * 1000:,}".replace(",", ".")
        spaced = dotted.replace(".", " ")
        return self._pick(
            (
                f"{dotted}đ",
                f"{dotted} đồng",
                f"{thousands}k",
                f"{thousands}000",
                f"{thousands}000đ",
                f"{thousands}000 đồng",
                f"{dotted}",
                f"{spaced} đồng",
                f"{dotted} vnđ",
                f"{thousands % 90 + 1}tr",
                f"{thousands % 90 + 1} triệu",
                f"{dotted.replace('.', ',')} VND",
                f"{thousands % 9 + 1}tr5",
                f"{thousands},{thousands % 9}00 nghìn",
                f"{self._random.randrange(1, 999)}.{self._digits(3)}.{self._digits(3)} đồng",
                f"{thousands % 90 + 1} tỷ {thousands % 900} triệu",
            )
        )

    def _law(self) -> str:
        number, year = self._random.randrange(1, 400), self._random.randrange(1999, 2027)
        kind = self._pick(
            (
                "NĐ-CP",
                "TT-BTP",
                "TT-BCA",
                "TT-BTC",
                "NQ-HĐND",
                "TTLT-BTP-BNG",
                "QĐ-UBND",
                "NQ-UBTVQH14",
                "TT-BTTTT",
            )
        )
        return self._pick(
            (
                f"{number:02}/{year}/{kind}",
                f"{number}/{year}/QH{self._random.randrange(11, 16)}",
                f"{self._random.randrange(100, 9999)}/QĐ-TTg",
                f"{number:02}/{year}/{fold(kind)}",
                f"{self._random.randrange(100, 9999)}/QĐ-UBND",
                f"{number} / {year} / {kind}",
                f"{number}/{year}",
            )
        )

    def _date(self) -> str:
        day, month = self._random.randrange(1, 29), self._random.randrange(1, 13)
        year = self._random.randrange(1940, 2027)
        return self._pick(
            (
                f"{day:02}/{month:02}/{year}",
                f"{day}/{month}/{year}",
                f"{day:02}-{month:02}-{year}",
                f"{day:02}.{month:02}.{year}",
                f"{day} {month} {year}",
                f"{day:02}{month:02}{year}",
                f"{year}-{month:02}-{day:02}",
                f"{year} - {year + 5}",
                f"{month}/{year}",
                f"{year}",
                f"{year} {year + 1} {year + 2}",
            )
        )

    def _plot(self) -> str:
        return self._pick(
            (
                f"thửa {self._random.randrange(1, 999)} tờ {self._random.randrange(1, 99)}",
                f"thửa đất số {self._below(9999)}, tờ bản đồ số {self._below(99)}",
                f"{self._random.randrange(20, 2000)}m2",
                f"{self._random.randrange(20, 2000)},5 m2",
                f"số nhà {self._below(999)}/{self._below(99)}/{self._below(9)}",
            )
        )

    def _form(self) -> str:
        return self._pick(
            (
                "CT01",
                "CT02",
                "TK1-TS",
                "01/PLI",
                "mẫu số 09",
                "NA17",
                "mẫu 2c",
                "HK02",
                "DC02",
                "01/ĐK",
            )
        )

    def _how_many(self) -> str:
        number = self._random.randrange(1, 100)
        unit = self._pick(("tuổi", "ngày làm việc", "bản", "giờ", "trang", "%", "người", "tháng"))
        return f"{number} {unit}"

    def _hotline(self) -> str:
        return self._pick(
            (
                "1022",
                "113",
                "114",
                "115",
                "111",
                "18001096",
                "1800 1096",
                "19001022",
                "1900 1022",
                f"1900{self._digits(4)}",
                f"1900.{self._digits(4)}",
                f"1900 {self._digits(2)} {self._digits(2)} {self._digits(2)}",
            )
        )

    # --- chance -----------------------------------------------------------------------------

    def _pick(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def _one_in(self, number: int) -> bool:
        return self._random.randrange(number) == 0

    def _below(self, end: int) -> int:
        return self._random.randrange(1, end)

    def _digits(self, count: int) -> str:
        return "".join(self._random.choice("0123456789") for _ in range(count))

    def _grouped(self, digits: str, groupings: Sequence[Sequence[int]]) -> str:
        sizes = self._pick(groupings)
        gap = self._pick((" ", " ", ".", "-", " - ", ". "))
        groups, at = [], 0
        for size in sizes:
            groups.append(digits[at : at + size])
            at += size
        return gap.join(group for group in groups if group)


def _teencode(text: str) -> str:
    for word, short in _TEXTS["teencode"]:
        text = re.sub(rf"\b{word}\b", short, text)
    return text


def _fours(size: int) -> tuple[int, ...]:
    return (4,) * (size // 4) + ((size % 4,) if size % 4 else ())


def _threes(size: int) -> tuple[int, ...]:
    return (3,) * (size // 3 - 1) + (3 + size % 3,)


def _with_check_digit(digits: str) -> str:
    """Appends the digit that makes a card number valid (ISO/IEC 7812, Luhn)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - position % 2)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def score(messages: Sequence[Sequence[Piece]], masking: Callable[[str], str]) -> Score:
    """Masks every message and counts."""
    result = Score(len(messages), Counter(), Counter(), Counter(), Counter(), 0)
    times: list[float] = []
    intact = 0
    for pieces in messages:
        text = "".join(piece.text for piece in pieces)
        started = time.thread_time()
        out = masking(text)
        times.append((time.thread_time() - started) * 1e6)
        right = True
        for piece in pieces:
            if piece.personal:
                result.personal[piece.personal] += 1
                gone = not _is_left(piece, out)
                result.masked[piece.personal] += gone
                right &= gone
            elif piece.harmless:
                result.harmless[piece.harmless] += 1
                stays = piece.text in out
                result.kept[piece.harmless] += stays
                right &= stays
        pattern = "".join(
            r"\s*\[[^\]]+\]\s*" if piece.personal else re.escape(piece.text.strip()) + r"\s*"
            for piece in pieces
        )
        same = re.fullmatch(r"\s*" + pattern, out) is not None
        intact += same
        if not (right and same):
            result.failures.append((text, out))
    times.sort()
    return Score(
        result.messages,
        result.personal,
        result.masked,
        result.harmless,
        result.kept,
        intact,
        result.failures,
        statistics.median(times),
        times[int(0.95 * (len(times) - 1))],
    )


def _is_left(piece: Piece, out: str) -> bool:
    """Whether three digits in a row, or a word of a name or an address, can still be read."""
    shown = re.sub(r"\[[^\]]+\]", "\0", out)
    if piece.personal == "name":
        first, _, last = piece.text.rpartition(" ")
        return first in shown or f"\0 {last}" in shown
    if piece.personal == "email":
        return re.split(r"[\s@(\[]", piece.text)[0] in shown
    if not any(character.isdigit() for character in piece.text):
        return piece.text in shown
    groups = re.findall(r"\d+", piece.text)
    longest = max(groups, key=len)
    return piece.text in shown or (len(longest) > 3 and longest in shown)


@click.command()
@click.option("--count", default=COUNT, show_default=True, help="How many messages.")
@click.option("--seed", default=SEED, show_default=True, help="Of the random generator.")
@click.option("--failures", "shown", default=0, show_default=True, help="How many to print.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="JSON file for the figures."
)
def main(count: int, seed: int, shown: int, output: Path | None) -> None:
    """Print how much is masked, how much by mistake, and the time of a message."""
    result = score(Maker(seed).messages(count), lambda text: mask(text).text)
    for name, right, total in (
        ("masked", result.masked, result.personal),
        ("kept", result.kept, result.harmless),
    ):
        for kind in sorted(total):
            share = right[kind] / total[kind]
            click.echo(f"{name:8}{kind:14}{right[kind]:6} of {total[kind]:6}  {share:8.2%}")
    click.echo(f"masked in all: {result.masked_share:.2%} of {result.personal.total()}")
    click.echo(f"masked by mistake: {result.mistaken_share:.2%} of {result.harmless.total()}")
    click.echo(f"nothing else touched: {result.surroundings} of {result.messages} messages")
    click.echo(f"one message: p50 {result.p50_us:.1f} µs, p95 {result.p95_us:.1f} µs")
    for text, out in result.failures[:shown]:
        click.echo(f"- {text}\n  {out}")
    if output is not None:
        figures = {name: value for name, value in asdict(result).items() if name != "failures"}
        output.write_text(
            json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
