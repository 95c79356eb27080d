from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.staff.figures.charts import WIDTH, Bar, Line, bars, lines

SVG = {"s": "http://www.w3.org/2000/svg"}


def _parse(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup).replace("<svg ", f'<svg xmlns="{SVG["s"]}" ', 1))


def test_a_chart_says_what_it_shows() -> None:
    drawn = _parse(bars("kenh", "Theo kênh", "Nhiều nhất: web.", [Bar("Web", 3, "3")]))
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby") == "kenh-t kenh-d"
    title, described = drawn.find("s:title", SVG), drawn.find("s:desc", SVG)
    assert title is not None
    assert described is not None
    assert (title.get("id"), title.text) == ("kenh-t", "Theo kênh")
    assert (described.get("id"), described.text) == ("kenh-d", "Nhiều nhất: web.")


def test_bars_are_as_long_as_their_values() -> None:
    rows = [Bar("a", 10, "10"), Bar("b", 5, "5"), Bar("c", 0, "0"), Bar("d", 0.001, "0")]
    drawn = _parse(bars("x", "t", "d", rows))
    lengths = [float(r.get("width", "")) for r in drawn.findall("s:rect[@class='bar']", SVG)]
    assert lengths == [WIDTH, WIDTH / 2, 0, 1]


def test_lines_break_where_there_is_no_value() -> None:
    labels = [f"{day:02}/11" for day in range(1, 6)]
    drawn = _parse(lines("x", "t", "d", labels, [Line("l", [1, 2, None, 4, None])]))
    found = [line.get("points", "") for line in drawn.findall("s:polyline", SVG)]
    assert [len(points.split()) for points in found] == [2, 1]
    heights = [float(pair.split(",")[1]) for points in found for pair in points.split()]
    assert heights == sorted(heights, reverse=True), "a greater value stands higher"
    texts = [text.text for text in drawn.findall("s:text", SVG)]
    assert texts[:3] == ["0", "2", "4"]
    assert {"01/11", "05/11", "l"} <= set(texts)


def test_lines_differ_without_colour() -> None:
    drawn = _parse(lines("x", "t", "d", ["1", "2"], [Line(n, [1, 2]) for n in "abc"]))
    classes = {line.get("class") for line in drawn.findall("s:polyline", SVG)}
    assert classes == {"line line-1", "line line-2", "line line-3"}
    assert not any(node.get("style") for node in drawn.iter())


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><a onload="x">', "a & b"])
def test_texts_are_escaped(text: str) -> None:
    drawn = _parse(bars(text and "x", text, text, [Bar(text, 1, text)]))
    assert {node.tag.rsplit("}")[-1] for node in drawn.iter()} == {
        "svg", "title", "desc", "text", "rect",
    }  # fmt: skip
    parsed = _parse(lines("x", text, text, [text], [Line(text, [1])]))
    assert "script" not in {node.tag.rsplit("}")[-1] for node in parsed.iter()}


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 1e9)), max_size=40),
    st.lists(st.floats(0, 1e9), max_size=12),
)
def test_everything_lies_within_the_chart(values: list[float | None], lengths: list[float]) -> None:
    drawn = _parse(lines("x", "t", "d", [str(n) for n in range(len(values))], [Line("l", values)]))
    height = float(drawn.get("viewBox", "").split()[3])
    for line in drawn.findall("s:polyline", SVG):
        for pair in line.get("points", "").split():
            across, up = map(float, pair.split(","))
            assert 0 <= across <= WIDTH
            assert 0 <= up <= height
    for bar in _parse(bars("x", "t", "d", [Bar("b", v, "") for v in lengths])).findall(
        "s:rect", SVG
    ):
        assert 0 <= float(bar.get("width", "")) <= WIDTH
