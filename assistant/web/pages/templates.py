"""Renders templates: everything escaped, style sheets within the page, a strict content policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.replies import figures, wording
from knowledge_base.schema import Procedure

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of the web application."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    made.filters["day"] = figures.day
    made.filters["grouped"] = _grouped
    made.filters["level_words"] = level_words
    return made


def render(name: str, style: str, values: Mapping[str, Any]) -> str:
    """Renders a page.

    Args:
        name: The template.
        style: The style sheet that is put into the page, a file of the templates' folder.
        values: What the template shows.
    """
    sheet = Markup(stylesheet(style))  # noqa: S704 - a file of ours
    return environment().get_template(name).render(stylesheet=sheet, **values)


@lru_cache
def stylesheet(name: str) -> str:
    """Reads a style sheet and leaves out what only people read."""
    text = (TEMPLATES / name).read_text("utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*|\s+", lambda match: match.group(1) or " ", text).strip()


@lru_cache
def content_policy(style: str, script: str = "'none'", connect: str = "'none'") -> str:
    """Makes the content policy of a page that carries its style sheet within it.

    Args:
        style: The style sheet; its hash is what the policy allows.
        script: Sources of scripts.
        connect: Where scripts may send requests.
    """
    digest = base64.b64encode(hashlib.sha256(stylesheet(style).encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src {script}; connect-src {connect}; "
        f"style-src 'sha256-{digest}'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def level_words(record: Procedure) -> str:
    """Names the levels of a record: ``cấp xã, cấp tỉnh``."""
    return ", ".join(wording.LEVELS[level] for level in record.levels)


def _grouped(blocks: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Puts facts that follow each other into one group."""
    for _, group in groupby(blocks, key=lambda block: block["type"] == "fact"):
        yield list(group)
