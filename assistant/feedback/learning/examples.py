"""Training examples as Rasa's YAML holds them."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

Examples = dict[str, dict[str, None]]
"""Examples by intent, each once, in the order they came."""


def read_examples(text: str) -> Examples:
    """Reads a file of examples; an empty text holds none."""
    content = yaml.safe_load(text) or {}
    found: Examples = {}
    for block in content.get("nlu", []):
        rows = (line.removeprefix("- ") for line in block["examples"].splitlines())
        found.setdefault(block["intent"], {}).update(dict.fromkeys(row for row in rows if row))
    return found


def dump_examples(examples: Mapping[str, Mapping[str, None]]) -> str:
    """Writes examples as a file that Rasa and :func:`read_examples` read."""
    lines = ['version: "3.1"', "", "# What the office taught: `motcua learn` writes it.", "nlu:"]
    for intent, rows in examples.items():
        lines += [f"  - intent: {intent}", "    examples: |"]
        lines += [f"      - {row}" for row in rows]
    return "\n".join(lines) + "\n"
