"""Proposals go out as files and come back with what was decided, or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy import Engine

from assistant import cli
from assistant.dialogue.database import connect
from assistant.feedback.items import Item
from assistant.feedback.learning.changes import (
    AliasChange,
    Change,
    Cue,
    ExampleChange,
    FieldChange,
)
from assistant.feedback.learning.edited_patches import PatchError, change_of
from assistant.feedback.learning.patches import CARDS, EVERYDAY, patch_of
from assistant.feedback.learning.proposals import Proposal, Proposals, ProposalState
from assistant.feedback.learning.transfer import TransferError, export, import_folder
from assistant.feedback.values import DecisionKind
from assistant.settings import PROJECT_ROOT, get_settings
from evaluation.fixed import read_regressions
from knowledge_base.corrections import Correction
from knowledge_base.loader import load_cards
from knowledge_base.schema import Aspect
from knowledge_base.store import Catalogue


@pytest.fixture
def made(
    proposals: Proposals, catalogue: Catalogue, new_item: Callable[..., Item]
) -> list[Proposal]:
    """Two proposals that nobody has decided about."""
    found = []
    for phrase in ("phiếu lá sen", "giấy hoa cau"):
        form = {"code": "1.004194", "phrase": phrase}
        item = new_item(f"xin {phrase} ở đâu")
        kind = DecisionKind.MISSING_ALIAS
        found += proposals.decide(item.id, None, kind, form, catalogue, "lan")
    return found


@pytest.fixture
def folder(made: list[Proposal], tmp_path: Path) -> Path:
    assert export(made, tmp_path / "out") == []
    return tmp_path / "out"


def edit(folder: Path, number: int, **values: Any) -> Path:
    """Changes a proposal's file as a reviewer would."""
    path = sorted((folder / "proposals").glob("*.yml"))[number]
    content = yaml.safe_load(path.read_text("utf-8"))
    for key, value in values.items():
        content[key] = {**content[key], **value} if isinstance(value, dict) else value
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def test_all_changes_together_apply_in_git(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    for part in (CARDS, EVERYDAY):
        shutil.copytree(PROJECT_ROOT / part, root / part)
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    subprocess.run(["git", "apply", str(folder / "changes.patch")], cwd=root, check=True)
    card = {card.code: card for card in load_cards(root / CARDS)[0]}["1.004194"]
    assert card.aliases[-2:] == ("phiếu lá sen", "giấy hoa cau")
    assert len(read_regressions(folder / "questions.jsonl")) == 2
    names = sorted(path.name for path in (folder / "patches").iterdir())
    assert names == ["0001-alias.patch", "0002-alias.patch"]


def test_decisions_come_back(folder: Path, proposals: Proposals, database: Engine) -> None:
    edit(folder, 0, decision="accept", change={"phrase": "tờ lá sen"})
    edit(folder, 1, decision="reject", reason="Không ai gọi thế.")
    done = import_folder(folder, database, proposals, "git")
    assert (done.edited, done.accepted, done.rejected, done.added) == ([1], [1], [2], [])
    first, second = proposals.find()
    assert first.state is ProposalState.ACCEPTED
    assert first.change == AliasChange(code="1.004194", phrase="tờ lá sen")
    assert second.state is ProposalState.REJECTED
    assert second.reason == "Không ai gọi thế."
    again = import_folder(folder, database, proposals, "git")
    assert again.accepted == again.rejected == again.edited == []


def test_proposals_of_another_office_are_added(folder: Path, tmp_path: Path) -> None:
    other = connect(f"sqlite:///{tmp_path / 'other.sqlite'}")
    there = Proposals(other, patch=lambda change: "")
    edit(folder, 0, decision="accept")
    done = import_folder(folder, other, there, "git")
    assert (done.added, done.accepted) == ([1, 2], [1])
    assert import_folder(folder, other, there, "git").added == []
    assert [p.state.value for p in there.find()] == ["accepted", "proposed"]
    assert there.find()[0].created_by == "lan"
    other.dispose()


def test_an_edited_patch_comes_back(folder: Path, proposals: Proposals, database: Engine) -> None:
    edit_patch(folder, "+  - phiếu lá sen", "+  - tờ lá sen")
    edit(folder, 0, decision="accept")
    done = import_folder(folder, database, proposals, "git")
    assert (done.edited, done.accepted) == ([1], [1])
    assert proposals.get(1).change == AliasChange(code="1.004194", phrase="tờ lá sen")
    assert proposals.get(1).regression["turns"] == ["xin phiếu lá sen ở đâu"]


def correction(field: str, value: Any, before: Any, code: str = "1.004194") -> FieldChange:
    return FieldChange(
        correction=Correction(
            code=code, field=field, before=before, value=value, source="TT 1/2026",
            link="https://example.gov.vn/1", last_checked=date(2026, 11, 20), by="lan",
        )
    )  # fmt: skip


FEE = load_cards(PROJECT_ROOT / CARDS)[0]
FEE_NOW = next(card for card in FEE if card.code == "1.004194").fees[1].amount
CUE = Cue(words="chừng nào có", aspect=Aspect.PROCESSING_TIME)


@pytest.mark.parametrize(
    ("change", "old", "new", "expected"),
    [
        (
            AliasChange(code="3.999999", phrase="phiếu lá sen"), "phiếu", "tờ",
            AliasChange(code="3.999999", phrase="tờ lá sen"),
        ),
        (
            correction("fees.1.amount", 16000, FEE_NOW), "16000", "17000",
            correction("fees.1.amount", 17000, FEE_NOW),
        ),
        (
            correction("steps.-", "Nghe gọi tên.", None), "Nghe gọi", "Chờ gọi",
            correction("steps.-", "Chờ gọi tên.", None),
        ),
        (
            correction("purpose", "Cũ.", "", "3.999999"), "Cũ", "Mới",
            correction("purpose", "Mới.", "", "3.999999"),
        ),
        (
            ExampleChange(intent="ask_procedure", text="tạm trú chừng nào có", cues=(CUE,)),
            "tạm trú", "thường trú",
            ExampleChange(intent="ask_procedure", text="thường trú chừng nào có", cues=(CUE,)),
        ),
    ],
)  # fmt: skip
def test_every_kind_of_patch_can_be_read_back(
    change: Change, old: str, new: str, expected: Change
) -> None:
    patch = patch_of(change)
    assert change_of(patch, change) == change
    added = "".join(
        line.replace(old, new) if line.startswith("+") else line
        for line in patch.splitlines(keepends=True)
    )
    assert change_of(added, change) == expected


@pytest.mark.parametrize(
    "line", ["+nonsense", "+  - [", "+  amount: {a: b}", "+- x: y", "+code: q"]
)
def test_a_patch_that_spoils_the_file_is_refused(line: str) -> None:
    change = correction("fees.1.amount", 16000, FEE_NOW)
    patch = patch_of(change).replace("+    amount: 16000", line)
    with pytest.raises(PatchError):
        change_of(patch, change)


def broken_yaml(folder: Path) -> None:
    path = sorted((folder / "proposals").glob("*.yml"))[0]
    path.write_text("decision: [\n", "utf-8")


def twice(folder: Path) -> None:
    first, second = sorted((folder / "proposals").glob("*.yml"))
    shutil.copy(first, second)


def edit_patch(folder: Path, old: str, new: str, name: str = "0001-alias") -> None:
    path = folder / "patches" / f"{name}.patch"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def both_edited(folder: Path) -> None:
    edit_patch(folder, "+  - phiếu lá sen", "+  - tờ lá sen")
    edit(folder, 0, change={"phrase": "giấy lá sen"})


def patch_of_much(folder: Path) -> None:
    edit_patch(folder, "+  - phiếu lá sen", "+  - tờ lá sen\n+  - giấy lá sen")


def patch_that_does_not_fit(folder: Path) -> None:
    edit_patch(folder, "   - đăng ký tạm trú online", "   - đăng ký gì đó")


def patch_elsewhere(folder: Path) -> None:
    edit_patch(folder, "+++ b/knowledge_base", "+++ b/../../knowledge_base")


def other_format(folder: Path) -> None:
    (folder / "manifest.json").write_text(json.dumps({"format": 99}), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda f: edit(f, 0, decision="perhaps"), "proposals/0001-alias.yml: decision"),
        (lambda f: edit(f, 0, decision="reject"), "proposals/0001-alias.yml: Value error, a rej"),
        (lambda f: edit(f, 0, change={"code": "x"}), "proposals/0001-alias.yml: change.alias.code"),
        (lambda f: edit(f, 1, change={"kind": "wish"}), "proposals/0002-alias.yml: change"),
        (lambda f: edit(f, 1, question={"turns": []}), "proposals/0002-alias.yml: question.turns"),
        (lambda f: edit(f, 1, colour="red"), "proposals/0002-alias.yml: colour"),
        (broken_yaml, "proposals/0001-alias.yml: line 2"),
        (twice, "question.id: also stands in proposals/0001-alias.yml"),
        (both_edited, "patches/0001-alias.patch: and the change in proposals/0001-alias.yml"),
        (patch_of_much, "patches/0001-alias.patch: adds 2 names instead of one"),
        (patch_that_does_not_fit, "patches/0001-alias.patch: does not fit line"),
        (patch_elsewhere, "outside the project"),
        (other_format, "manifest.json: format"),
        (lambda f: (f / "manifest.json").unlink(), "manifest.json: is missing"),
        (lambda f: shutil.rmtree(f / "proposals"), "holds no proposal"),
    ],
)
def test_anything_wrong_is_named_and_nothing_is_taken(
    folder: Path, proposals: Proposals, database: Engine, spoil: Any, where: str
) -> None:
    for number in (0, 1):
        edit(folder, number, decision="accept")
    spoil(folder)
    with pytest.raises(TransferError) as caught:
        import_folder(folder, database, proposals, "git")
    assert where in str(caught.value)
    assert {p.state for p in proposals.find()} == {ProposalState.PROPOSED}


def test_what_is_released_cannot_be_decided_again(
    folder: Path, made: list[Proposal], proposals: Proposals, database: Engine
) -> None:
    proposals.accept(made[0].id, "minh")
    with database.begin() as connection:
        proposals.settle(connection, made[0].id, ProposalState.RELEASED, "system")
    edit(folder, 0, decision="reject", reason="zu spät", change={"phrase": "tờ lá sen"})
    with pytest.raises(TransferError) as caught:
        import_folder(folder, database, proposals, "git")
    assert {p.field for p in caught.value.problems} == {"change", "decision"}


def test_the_commands_go_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    try:
        runner = CliRunner()
        out = str(tmp_path / "out")
        assert "0 proposals" in runner.invoke(cli.main, ["learn", "export", out]).output
        empty = runner.invoke(cli.main, ["learn", "import", out])
        assert empty.exit_code == 1
        assert "nothing to release" in runner.invoke(cli.main, ["learn", "--yes"]).output
        assert "nothing learned" in runner.invoke(cli.main, ["learn", "list"]).output
        back = runner.invoke(cli.main, ["learn", "rollback", "--yes"])
        assert back.exit_code == 1
    finally:
        get_settings.cache_clear()
