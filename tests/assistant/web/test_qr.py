from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from assistant.web import qr
from connectors.telegram.links import code_of

BASE = "https://motcua.hongbang.haiphong.gov.vn"
TEXTS = [
    f"{BASE}/thu-tuc/1.001193",
    f"{BASE}/thu-tuc/linh-vuc/dang-ky-quan-ly-phuong-tien-giao-thong",
    f"{BASE}/",
    "https://t.me/motcua_hongbang_bot?start=tt-1_001193",
    "https://zalo.me/4318657068771012646",
]
Picture = NDArray[np.uint8]


def decode(picture: Picture) -> str:
    """Reads a code with OpenCV, which knows nothing of the library that drew it."""
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    return str(text)


def drawn(svg: str, pixels: int) -> Picture:
    """Rasterises one of our SVG codes: horizontal strokes of one module, nothing else."""
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    side = int(root.get("viewBox", "").split()[2])
    image = Image.new("L", (side * 8, side * 8), 255)
    pen = ImageDraw.Draw(image)
    (path,) = [e for e in root.findall(f".//{space}path") if e.get("stroke")]
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", path.get("d", "")):
        values = [float(v) for v in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            (length,) = values
            box = [x * 8, (y - 0.5) * 8, (x + length) * 8 - 1, (y + 0.5) * 8 - 1]
            pen.rectangle(box, fill=0)
            x += length
    return np.asarray(image.resize((pixels, pixels), Image.Resampling.LANCZOS), dtype=np.uint8)


def photographed(picture: Picture, seed: int) -> Picture:
    """A picture as a cheap telephone takes it: slanted, blurred, unevenly lit, noisy, dirty."""
    random = np.random.default_rng(seed)
    side = picture.shape[0]
    page = np.full((side * 2, side * 2), 225, dtype=np.uint8)
    page[side // 2 : side // 2 + side, side // 2 : side // 2 + side] = picture
    turn = cv2.getRotationMatrix2D((side, side), float(random.uniform(-12, 12)), 1.0)
    page = cv2.warpAffine(page, turn, (side * 2, side * 2), borderValue=225)
    light = np.linspace(0.65, 1.0, side * 2)[None, :]
    noisy = page * light + random.normal(0, 12, page.shape)
    x, y = (int(v) for v in random.integers(side - side // 8, side + side // 8, 2))
    noisy[y : y + side // 20, x : x + side // 20] = 128
    dimmed = np.clip(noisy, 0, 255).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(dimmed, (3, 3), 0.8), dtype=np.uint8)


@pytest.mark.parametrize("text", TEXTS)
def test_png_and_svg_say_the_same(text: str) -> None:
    picture = np.asarray(Image.open(io.BytesIO(qr.png(text))).convert("L"), dtype=np.uint8)
    assert decode(picture) == text
    assert decode(drawn(qr.svg(text), 500)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_a_code_of_two_centimetres_is_read(text: str) -> None:
    # 2 cm on paper, seen by a camera with 200 dots an inch: 157 pixels.
    assert decode(drawn(qr.svg(text), 157)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_a_code_is_read_from_bad_photographs(text: str) -> None:
    # OpenCV's reader is weaker than a telephone's; most, not all, of its tries must succeed.
    tries = [decode(photographed(drawn(qr.svg(text), 260), seed)) for seed in range(8)]
    assert {result for result in tries if result} == {text}
    assert sum(result == text for result in tries) >= 5


@pytest.mark.parametrize("text", TEXTS)
def test_modules_are_big_enough_to_print_at_two_centimetres(text: str) -> None:
    side = int(re.search(r'viewBox="0 0 (\d+) ', qr.svg(text)).group(1))  # type: ignore[union-attr]
    assert 20 / side >= 0.4  # millimetres


def test_svg_carries_its_name_and_no_style() -> None:
    root = ElementTree.fromstring(qr.svg("https://a.vn/?a=1&b=2", 'Mã "QR" <1>'))
    assert root.get("aria-label") == 'Mã "QR" <1>'
    assert root.get("role") == "img"
    assert all(e.get("style") is None and e.get("class") is None for e in root.iter())


def test_the_bot_understands_what_its_code_says() -> None:
    said = qr.address(qr.Target.TELEGRAM, "", "", "1.001193", telegram="@motcua_bot")
    assert code_of(said.partition("?start=")[2]) == "1.001193"
    assert qr.address(qr.Target.TELEGRAM, "", "", telegram="bot") == "https://t.me/bot"


@pytest.mark.parametrize(
    ("target", "missing"),
    [
        (qr.Target.PAGE, "MOTCUA_PUBLIC_URL"),
        (qr.Target.TELEGRAM, "MOTCUA_TELEGRAM_BOT"),
        (qr.Target.ZALO, "MOTCUA_ZALO_OA_ID"),
    ],
)
def test_a_code_that_would_lead_nowhere_is_not_made(target: qr.Target, missing: str) -> None:
    with pytest.raises(qr.TargetUnknownError, match=missing):
        qr.address(target, "", "/x")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    import importlib.util
    import sys

    from fastapi.testclient import TestClient

    from assistant.settings import Settings
    from assistant.web.app import create_app

    name = "motcua_tests_scripted"
    if name not in sys.modules:
        path = Path(__file__).parents[2] / "connectors" / "web" / "scripted.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    engine = sys.modules[name].ScriptedEngine()
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("qr"), public_url=BASE, telegram_bot="@motcua_bot"
    )
    return TestClient(create_app(settings, engine))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/qr/thu-tuc/1.001193", f"{BASE}/thu-tuc/1.001193"),
        ("/qr/linh-vuc/ho-tich", f"{BASE}/thu-tuc/linh-vuc/ho-tich"),
        ("/qr/co-quan", f"{BASE}/"),
        ("/qr/gop-y", f"{BASE}/gop-y"),
        ("/qr/khao-sat", f"{BASE}/khao-sat"),
        ("/qr/tra-cuu", f"{BASE}/tra-cuu"),
    ],
)
def test_pictures_of_the_server_lead_where_they_should(client: Any, path: str, said: str) -> None:
    png = client.get(f"{path}.png")
    assert png.headers["content-type"] == "image/png"
    picture = np.asarray(Image.open(io.BytesIO(png.content)).convert("L"), dtype=np.uint8)
    assert decode(picture) == said
    svg = client.get(f"{path}.svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert decode(drawn(svg.text, 400)) == said


def test_a_code_of_a_form_can_name_the_counter(client: Any) -> None:
    for name in ("gop-y", "khao-sat"):
        svg = client.get(f"/qr/{name}.svg", params={"noi": "Quầy 3"}).text
        assert decode(drawn(svg, 400)) == f"{BASE}/{name}?noi=Qu%E1%BA%A7y%203"


def test_pictures_that_lead_to_a_bot_and_to_nothing(client: Any) -> None:
    png = client.get("/qr/thu-tuc/1.001193.png?to=telegram").content
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=np.uint8)
    assert decode(picture) == "https://t.me/motcua_bot?start=tt-1_001193"
    assert client.get("/qr/thu-tuc/1.001193.png?to=zalo").status_code == 404
    assert client.get("/qr/thu-tuc/8.888888.png").status_code == 404
    assert client.get("/qr/linh-vuc/khong-co.svg").status_code == 404
    assert client.get("/qr/thu-tuc/1.001193.gif").status_code == 422
