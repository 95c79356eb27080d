from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluation.benchmarks.message import Cost, Server, module, questions, ratios, start, summarise

SERVER = """
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Echo(BaseHTTPRequestHandler):
    def _say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self._say(200 if self.path == "/ready" else 404, b"{}")
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open("heard.txt", "a") as heard:
            heard.write(json.loads(body)["text"] + "\\n")
        self._say(200, b"[]")
    def log_message(self, *args):
        pass

HTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
"""


def body(text: str) -> Mapping[str, str]:
    return {"text": text}


def test_times_are_summed_up_by_median_and_tail() -> None:
    spent = [(float(n), n / 2) for n in range(1, 101)]
    cost = summarise("a", spent, [9.0, 7.5], [7_000_000, 6_000_000])
    assert cost == Cost("a", 100, 50.5, 96.0, 25.25, 7.5, 6.0)


def test_nothing_measured_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        summarise("a", [], [1.0], [1])


def test_costs_are_divided_by_the_starters() -> None:
    ours, starter = Cost("a", 1, 5, 10, 2, 6, 500), Cost("b", 1, 10, 10, 8, 12, 1000)
    assert ratios(ours, starter) == {
        "p50": 0.5,
        "p95": 1.0,
        "cpu": 0.25,
        "start": 0.5,
        "memory": 0.5,
    }


def test_the_questions_are_many_and_mixed() -> None:
    texts = questions()
    assert len(texts) == len(set(texts)) > 300
    assert texts == questions()


def test_a_server_is_started_spoken_with_and_ended(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER, encoding="utf-8")
    server = Server([sys.executable, "server.py", "{port}"], tmp_path, {}, "/ready", "/say", body)
    seconds, memory = start(server, ["một", "hai"])
    assert (tmp_path / "heard.txt").read_text(encoding="utf-8").split() == ["một", "hai"]
    assert seconds > 0
    assert memory > 1_000_000


def test_a_server_that_ends_at_once_is_an_error(tmp_path: Path) -> None:
    server = Server([sys.executable, "-c", "pass"], tmp_path, {}, "/ready", "/say", body)
    with pytest.raises(RuntimeError, match="did not become ready"):
        start(server, ["một"])


def test_modules_run_without_the_libraries_of_training(tmp_path: Path) -> None:
    (tmp_path / "shown.py").write_text(
        "import sys\n"
        "try:\n    import torch\nexcept ImportError:\n    print(sys.argv[1], __name__)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        module("shown", "it's"), cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "it's __main__\n"
