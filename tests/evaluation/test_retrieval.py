from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from evaluation.dataset import Behavior, Question
from evaluation.retrieval import (
    Chances,
    OurFinder,
    Ranked,
    TransformerFinder,
    baselines,
    chances,
    evaluate_chances,
    evaluate_ranks,
    rank,
    ranks_by_manner,
    syllables,
    within,
    words,
)
from knowledge_base.schema import Level, Procedure, Provenance
from knowledge_base.search import Searcher
from vietnamese.reader import Reader

NAMES = {
    "1.001193": "Đăng ký khai sinh",
    "1.000656": "Đăng ký khai tử",
    "1.000894": "Đăng ký kết hôn",
    "1.004194": "Đăng ký tạm trú",
    "2.000815": "Chứng thực bản sao từ bản chính",
    "1.001612": "Đăng ký thành lập hộ kinh doanh",
}
PROCEDURES = [
    Procedure(
        code=code,
        name=name,
        field="Hộ tịch",
        levels=(Level.COMMUNE,),
        provenance=Provenance(source="https://example.vn/1", last_checked=date(2026, 11, 20)),
    )
    for code, name in NAMES.items()
]


def question(text: str, *gold: str, manner: str = "full", **changes: object) -> Question:
    row = {"id": text, "manner": manner, "turns": (text,), "gold": gold, **changes}
    return Question.model_validate(row | {"in_catalogue": bool(gold)})


def ranked(*ranks: int | None) -> list[Ranked]:
    return [Ranked(question("…", "1.001193"), place) for place in ranks]


def test_ranks_give_accuracies_and_the_mean_reciprocal_rank() -> None:
    figures = evaluate_ranks(ranked(1, 1, 3, 5, None))
    assert figures == {
        "acc@1": pytest.approx(2 / 5),
        "acc@3": pytest.approx(3 / 5),
        "acc@10": pytest.approx(4 / 5),
        "mrr@10": pytest.approx((1 + 1 + 1 / 3 + 1 / 5) / 5),
        "n": 5,
    }
    assert evaluate_ranks([]) == {"n": 0.0}
    assert str(within(ranked(1, None), 1)) == "50.0% (9%–91%)"


def test_only_single_questions_with_a_record_are_ranked() -> None:
    asked = [
        question("khai sinh", "1.000656", "1.001193"),
        question("thời tiết", behavior=Behavior.REFUSE_OOS),
        question("khai sinh và khai tử", "1.000656", behavior=Behavior.ANSWER_ALL),
        question("x", "1.001193").model_copy(update={"turns": ("a", "b")}),
    ]

    def finder(text: str) -> Sequence[str]:
        return ["1.000894", "1.001193"]

    told: list[tuple[str, int, int]] = []
    (one,) = rank(finder, asked, lambda *how: told.append(how), "tests")
    assert one == Ranked(asked[0], 2)
    assert told == [("tests", 1, 1)]


def test_a_right_procedure_after_the_tenth_does_not_count() -> None:
    def finder(text: str) -> Sequence[str]:
        return [*(f"9.{n:06d}" for n in range(10)), "1.001193"]

    (one,) = rank(finder, [question("khai sinh", "1.001193")])
    assert one.rank is None


def test_ranks_are_split_by_manner() -> None:
    both = [Ranked(question("a", "1.001193", manner=m), 1) for m in ("typo", "full", "typo")]
    assert {m: len(group) for m, group in ranks_by_manner(both).items()} == {"full": 1, "typo": 2}


@pytest.mark.parametrize("name", ["BM25, syllables", "BM25, underthesea words"])
def test_a_lexical_baseline_needs_the_diacritics(name: str) -> None:
    finder = baselines(PROCEDURES)[name]
    assert finder("đăng ký tạm trú ở đâu")[0] == "1.004194"
    assert finder("xyz") == []


def test_the_n_gram_baseline_does_not() -> None:
    finder = baselines(PROCEDURES)["TF-IDF, character n-grams"]
    assert finder("dang ky tam tru o dau")[0] == "1.004194"


def test_texts_are_cut_into_syllables_and_words() -> None:
    assert syllables("Đăng ký, KHAI sinh?") == ["đăng", "ký", "khai", "sinh"]
    assert words("Đăng ký khai sinh?") == ["đăng_ký", "khai_sinh"]


def test_a_sentence_transformers_model_is_compared_by_folder(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    known = dict.fromkeys(["[UNK]", *" ".join(NAMES.values()).split()])
    vocabulary = {word: number for number, word in enumerate(known)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # type: ignore[no-untyped-call]
    tokenizer.pre_tokenizer = Whitespace()
    module = StaticEmbedding(tokenizer, embedding_dim=256)
    SentenceTransformer(modules=[module], device="cpu").save(str(tmp_path))
    assert TransformerFinder(PROCEDURES, str(tmp_path))("Đăng ký kết hôn")[0] == "1.000894"


def test_our_finder_reads_before_it_finds() -> None:
    finder = OurFinder(Searcher.build(PROCEDURES), Reader.load())
    assert finder("dang ky tam tru o dau")[0] == "1.004194"
    found = chances(
        finder,
        [
            question("đăng ký tạm trú cần gì", "1.004194"),
            question("thời tiết hôm nay", behavior=Behavior.REFUSE_OOS),
            question("hai", "1.004194").model_copy(update={"turns": ("a", "b")}),
        ],
    )
    assert found.inside_right == (True, False)
    assert found.first_right[0]
    assert found.inside[0] > found.inside[1]


def test_the_chances_of_the_search_are_measured() -> None:
    of = Chances((0.9, 0.1), (True, False), (0.8,), (True,))
    figures = evaluate_chances(of)
    assert figures["first_ece"] == pytest.approx(0.1)
    assert figures["in_catalogue_brier"] == pytest.approx(0.04)
    assert evaluate_chances(Chances((), (), (), ())) == {}
