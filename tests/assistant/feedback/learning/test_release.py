"""Releases: what is used, what is refused and why, and what an interruption leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from assistant.feedback.items import Item, ReviewItems
from assistant.feedback.learning.measuring import MeasuringFailedError, environment
from assistant.feedback.learning.notify import Notifier
from assistant.feedback.learning.proposals import Proposal, Proposals, ProposalState
from assistant.feedback.learning.release import (
    RELEASE_STATES,
    NothingToReleaseError,
    Outcome,
    ReleaseBusyError,
    Releases,
    ReleaseState,
)
from assistant.feedback.learning.workspace import Learned, read_manifest
from assistant.feedback.tables import items as item_table
from assistant.feedback.tables import releases as release_table
from assistant.feedback.values import DecisionKind, State
from assistant.settings import Settings
from connectors.channel import Event, EventKind
from connectors.delivery.queue import Queue
from connectors.delivery.tables import outbox
from connectors.message import Inbound
from knowledge_base.store import Catalogue

CARD = """
- code: "1.004194"
  name: Đăng ký tạm trú
  field: Cư trú
  levels: [commune]
  fees: [{state: amount, amount: 7000}]
  provenance: {source: "https://dichvucong.gov.vn/x", last_checked: 2026-07-01}
- code: "1.001193"
  name: Đăng ký khai sinh
  field: Hộ tịch
  levels: [commune]
  provenance: {source: "https://dichvucong.gov.vn/x", last_checked: 2026-07-01}
"""


class Bench:
    """A workshop that measures by rule: an alias is right when the release holds its phrase."""

    def __init__(self) -> None:
        self.trained: list[int | None] = []
        self.measured: list[int | None] = []
        self.harm: dict[str, list[str]] = {}
        self.stubborn: set[str] = set()
        self.broken = False
        self.during: Callable[[], None] = lambda: None

    def train(self, settings: Settings) -> str:
        self.trained.append(settings.release)
        return "model"

    def measure(self, settings: Settings, questions: Path, name: str) -> dict[str, Any]:
        self.measured.append(settings.release)
        self.during()
        if self.broken:
            raise MeasuringFailedError("Measuring ended with code 1; see x.")
        known = Learned.read(settings.learned_release)
        phrases = {phrase for names in known.names.values() for phrase in names}
        amounts = {correction.value for correction in known.corrections}
        wrong = {i for phrase, ids in self.harm.items() if phrase in phrases for i in ids}
        rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]

        def right(row: dict[str, Any]) -> bool:
            if row["id"] in wrong or row["turns"][-1] in self.stubborn:
                return False
            said = any(phrase in row["turns"][-1] for phrase in phrases)
            return said or any(f"{amount:,}".replace(",", ".") in " ".join(row["contains"])
                               for amount in amounts)  # fmt: skip

        fixed = {f"q{n}": f"q{n}" not in wrong for n in range(10)}
        return {
            "figures": {"correct": sum(fixed.values()) / 10, "facts_wrong": 0.0},
            "watched": ["correct"],
            "forbidden": ["facts_wrong"],
            "questions": {i: verdict(ok, i) for i, ok in fixed.items()},
            "regressions": {row["id"]: verdict(right(row), row["turns"][-1]) for row in rows},
            "seconds": 1.0,
            "peak_mb": 900.0,
        }


def verdict(correct: bool, asked: str) -> dict[str, Any]:
    procedure = "1.001193" if correct else "1.004194"
    return {"correct": correct, "asked": asked, "kind": "answer", "procedure": procedure}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "own" / "cards").mkdir(parents=True)
    (tmp_path / "own" / "cards" / "cards.yml").write_text(CARD, "utf-8")
    return Settings(data_dir=tmp_path / "data", catalogue=str(tmp_path / "own"))


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def releases(settings: Settings, database: Engine, bench: Bench) -> Releases:
    return Releases(settings, database, bench)


@pytest.fixture
def accept(
    proposals: Proposals, catalogue: Catalogue, new_item: Callable[..., Item]
) -> Callable[..., Proposal]:
    """Makes an accepted proposal of an alias, or of another decision."""

    def run(
        phrase: str = "phiếu lá sen",
        decision: DecisionKind = DecisionKind.MISSING_ALIAS,
        **data: str,
    ) -> Proposal:
        item = new_item(f"xin {phrase} ở đâu")
        form = {"code": "1.004194", "phrase": phrase, **data}
        (made,) = proposals.decide(item.id, None, decision, form, catalogue, "lan")
        return proposals.accept(made.id, "minh")

    return run


def test_an_accepted_proposal_becomes_a_release(
    releases: Releases, accept: Any, settings: Settings, items: ReviewItems, proposals: Proposals
) -> None:
    proposal = accept()
    outcome = releases.make("minh")
    assert outcome.state is ReleaseState.ACCEPTED
    assert settings.learned.current() == outcome.number == releases.current()
    release = settings.learned_release
    assert release is not None
    known = Learned.read(release)
    assert known.names == {"1.004194": {"phiếu lá sen": None}}
    assert [q["id"] for q in known.questions] == [proposal.regression["id"]]
    assert read_manifest(release)["proposals"] == [proposal.id]
    assert proposals.get(proposal.id).state is ProposalState.RELEASED
    item = items.get(proposal.item_id or 0)
    assert item.state is State.DONE
    assert item.release_id == outcome.number
    row = releases.get(outcome.number)
    assert row is not None
    assert row.state is ReleaseState.ACCEPTED
    assert row.before["regressions"] == {proposal.regression["id"]: False}
    assert row.after["regressions"] == {proposal.regression["id"]: True}
    assert row.after["peak_mb"] == 900
    assert row.model.startswith("motcua-")
    with pytest.raises(NothingToReleaseError):
        releases.make("minh")


def test_releases_add_up(releases: Releases, accept: Any, settings: Settings) -> None:
    accept("phiếu lá sen")
    first = releases.make("minh").number
    accept("giấy hoa cau")
    source = {"source": "TT 1/2026", "link": "https://example.gov.vn/1"}
    accept("x y", DecisionKind.WRONG_FIELD, field="fees.0.amount", value="5000", **source)
    second = releases.make("minh").number
    release = settings.learned_release
    assert release is not None
    known = Learned.read(release)
    assert list(known.names["1.004194"]) == ["phiếu lá sen", "giấy hoa cau"]
    assert len(known.questions) == 3
    assert read_manifest(release)["parent"] == first
    assert second > first
    assert Catalogue.load(settings.catalogue_folders)["1.004194"].fees[0].amount == 5000
    assert "phiếu lá sen" not in (Path(settings.catalogue) / "cards/cards.yml").read_text("utf-8")


def test_what_still_goes_wrong_goes_back_and_the_rest_goes_on(
    releases: Releases, accept: Any, bench: Bench, proposals: Proposals, items: ReviewItems
) -> None:
    good, bad = accept("phiếu lá sen"), accept("giấy hoa cau")
    bench.stubborn.add("xin giấy hoa cau ở đâu")
    outcome = releases.make("minh")
    assert outcome.state is ReleaseState.ACCEPTED
    assert [p.id for p in outcome.used] == [good.id]
    refused = proposals.get(bad.id)
    assert refused.state is ProposalState.REFUSED
    assert "xin giấy hoa cau ở đâu" in refused.reason
    assert items.get(bad.item_id or 0).state is State.OPEN
    assert items.get(good.item_id or 0).state is State.DONE
    assert "giấy hoa cau" not in str(Learned.read(releases._learned.release(outcome.number)).names)


def test_a_worse_fixed_set_refuses_the_release_and_names_the_questions(
    releases: Releases, accept: Any, bench: Bench, settings: Settings, proposals: Proposals
) -> None:
    proposal = accept()
    bench.harm["phiếu lá sen"] = ["q3", "q7"]
    outcome = releases.make("minh")
    assert outcome.state is ReleaseState.REFUSED
    assert settings.learned.current() == 0
    assert settings.learned.numbers() == []
    row = releases.get(outcome.number)
    assert row is not None
    assert row.state is ReleaseState.REFUSED
    assert "“q3”" in row.reason
    assert "“q7”" in row.reason
    assert f"số {proposal.id}" in row.reason
    assert row.after["broken"] == ["q3", "q7"]
    assert proposals.get(proposal.id).state is ProposalState.ACCEPTED


def test_an_old_regression_question_may_not_go_wrong_again(
    releases: Releases, accept: Any, bench: Bench, settings: Settings
) -> None:
    old = accept("phiếu lá sen")
    first = releases.make("minh").number
    accept("giấy hoa cau")
    bench.harm["giấy hoa cau"] = [str(old.regression["id"])]
    outcome = releases.make("minh")
    assert outcome.state is ReleaseState.REFUSED
    assert "xin phiếu lá sen ở đâu" in outcome.reason
    assert settings.learned.current() == first


def test_what_no_longer_applies_goes_back(
    releases: Releases, accept: Any, settings: Settings, proposals: Proposals
) -> None:
    source = {"source": "TT 1/2026", "link": "https://example.gov.vn/1"}
    changed = accept("a b", DecisionKind.WRONG_FIELD, field="fees.0.amount", value="5000", **source)
    path = Path(settings.catalogue) / "cards/cards.yml"
    path.write_text(CARD.replace("7000", "6500"), "utf-8")
    outcome = releases.make("minh")
    assert outcome.state is ReleaseState.REFUSED
    assert "6500" in proposals.get(changed.id).reason


def test_a_dry_run_leaves_no_trace(
    releases: Releases, accept: Any, settings: Settings, proposals: Proposals
) -> None:
    proposal = accept()
    outcome = releases.make("minh", dry_run=True)
    assert outcome.state is ReleaseState.ACCEPTED
    assert outcome.after["right"] == 10
    assert settings.learned.current() == 0
    assert settings.learned.numbers() == []
    assert releases.find() == []
    assert proposals.get(proposal.id).state is ProposalState.ACCEPTED


def test_going_back_gives_the_proposals_back(
    releases: Releases, accept: Any, settings: Settings, proposals: Proposals, items: ReviewItems
) -> None:
    accept("phiếu lá sen")
    first = releases.make("minh").number
    later = accept("giấy hoa cau")
    second = releases.make("minh").number
    assert releases.roll_back("minh", "Trả lời nhầm.") == (second, first)
    assert settings.learned.current() == first
    assert proposals.get(later.id).state is ProposalState.REFUSED
    assert items.get(later.item_id or 0).state is State.OPEN
    row = releases.get(second)
    assert row is not None
    assert (row.state, row.reason) == (ReleaseState.ROLLED_BACK, "Trả lời nhầm.")
    assert releases.roll_back("minh") == (first, 0)
    with pytest.raises(NothingToReleaseError):
        releases.roll_back("minh")
    accept("cuống sen")
    assert releases.make("minh").number > second


def test_one_release_at_a_time(
    releases: Releases, accept: Any, bench: Bench, settings: Settings, database: Engine
) -> None:
    accept()
    seen: list[bool] = []

    def other() -> None:
        seen.append(releases.busy())
        with pytest.raises(ReleaseBusyError):
            Releases(settings, database, Bench()).make("lan")
        with pytest.raises(ReleaseBusyError):
            releases.start("lan")
        bench.during = lambda: None

    bench.during = other
    assert releases.make("minh").state is ReleaseState.ACCEPTED
    assert seen == [True]
    assert not releases.busy()


def test_a_failure_is_recorded_and_changes_nothing(
    releases: Releases, accept: Any, bench: Bench, settings: Settings, proposals: Proposals
) -> None:
    proposal = accept()
    bench.broken = True
    with pytest.raises(MeasuringFailedError):
        releases.make("minh")
    (row,) = releases.find()
    assert row.state is ReleaseState.FAILED
    assert "code 1" in row.reason
    assert settings.learned.numbers() == []
    assert proposals.get(proposal.id).state is ProposalState.ACCEPTED
    bench.broken = False
    assert releases.make("minh").state is ReleaseState.ACCEPTED


class Power(BaseException):
    """The power fails: nothing that follows runs."""


@pytest.mark.parametrize("moment", ["measuring", "before the pointer", "after the pointer"])
def test_an_interruption_is_made_good(
    releases: Releases, accept: Any, bench: Bench, settings: Settings, proposals: Proposals,
    moment: str, monkeypatch: pytest.MonkeyPatch, database: Engine,
) -> None:  # fmt: skip
    proposal = accept()

    def fail(*_: object, **__: object) -> None:
        raise Power

    with monkeypatch.context() as patched:
        patched.setattr(releases, "_fail", lambda *_: None)
        if moment == "measuring":
            bench.during = fail
        elif moment == "before the pointer":
            patched.setattr("assistant.feedback.learning.release.point_to", fail)
        else:
            patched.setattr(releases, "_record", fail)
            patched.setattr("assistant.feedback.learning.release.discard", lambda *_: None)
        with pytest.raises(Power):
            releases.make("minh")
    bench.during = lambda: None
    again = Releases(settings, database, bench)
    (row,) = again.find()
    assert row.state is ReleaseState.RUNNING
    if moment == "after the pointer":
        assert settings.learned.current() == row.id
        with pytest.raises(NothingToReleaseError):
            again.make("minh")
        assert proposals.get(proposal.id).state is ProposalState.RELEASED
        finished = again.get(row.id)
        assert finished is not None
        assert finished.state is ReleaseState.ACCEPTED
        return
    assert settings.learned.current() == 0
    outcome = again.make("minh")
    assert outcome.state is ReleaseState.ACCEPTED
    interrupted = again.get(row.id)
    assert interrupted is not None
    assert interrupted.state is ReleaseState.FAILED
    assert settings.learned.numbers() == [outcome.number]


def test_only_the_newest_releases_keep_their_files(
    releases: Releases, accept: Any, settings: Settings
) -> None:
    for number in range(7):
        accept(f"phiếu số {number} sen")
        releases.make("minh")
    assert settings.learned.numbers() == [3, 4, 5, 6, 7]
    assert releases.roll_back("minh") == (7, 6)


def test_every_state_has_a_name() -> None:
    assert set(RELEASE_STATES) == set(ReleaseState)
    assert Outcome(1).state is ReleaseState.REFUSED


def test_other_processes_get_the_same_settings(settings: Settings) -> None:
    chosen = settings.model_copy(update={"release": 3})
    env = environment(Settings(**{**chosen.model_dump(), "secret": "hush", "province": "Hà Nội"}))
    assert env["MOTCUA_RELEASE"] == "3"
    assert env["MOTCUA_PROVINCE"] == "Hà Nội"
    assert Path(env["MOTCUA_DATA_DIR"]).is_absolute()
    assert "hush" not in env.values()
    assert "MOTCUA_DATABASE_URL" not in env


# --- telling citizens --------------------------------------------------------------------------


def wrote(database: Engine, conversation: str = "42") -> Queue:
    queue = Queue(database)
    inbound = Inbound("telegram", conversation, "hỏi", message_id="m1")
    queue.accept("telegram", [Event(EventKind.MESSAGE, "m1", conversation, None, inbound)])
    return queue


def said(database: Engine) -> list[str]:
    with database.connect() as connection:
        return [row["text"] for row in connection.execute(select(outbox.c.payload)).scalars()]


def test_whoever_left_a_code_is_told_once(
    releases: Releases, accept: Any, settings: Settings, database: Engine, items: ReviewItems
) -> None:
    wrote(database)
    proposal = accept()
    item = items.get(proposal.item_id or 0)
    notifier = Notifier(settings, database)
    assert notifier.sweep() == 0
    releases.make("minh")
    version = items.get(item.id).version
    assert notifier.sweep() == 1
    assert notifier.sweep() == 0
    assert items.get(item.id).version == version
    (text,) = said(database)
    assert item.code is not None
    assert item.code in text
    assert "xin phiếu lá sen ở đâu" in text


def test_who_talks_with_staff_is_told_later(
    releases: Releases, accept: Any, settings: Settings, database: Engine
) -> None:
    queue = wrote(database)
    queue.accept("telegram", [Event(EventKind.TAKEOVER, "t1", "42")])
    accept()
    releases.make("minh")
    assert Notifier(settings, database).sweep() == 0
    with database.begin() as connection:
        from connectors.delivery.tables import citizens

        connection.execute(update(citizens).values(paused_until=0))
    assert Notifier(settings, database).sweep() == 1


def test_old_outcomes_are_not_dug_up(
    releases: Releases, accept: Any, settings: Settings, database: Engine, items: ReviewItems
) -> None:
    wrote(database)
    proposal = accept()
    releases.make("minh")
    old = items.get(proposal.item_id or 0).created_at - timedelta(days=30)
    with database.begin() as connection:
        connection.execute(update(item_table).values(closed_at=old))
    assert Notifier(settings, database).sweep() == 0
    assert said(database) == []


def test_a_reply_reaches_the_citizen(
    accept: Any, settings: Settings, database: Engine, items: ReviewItems
) -> None:
    wrote(database)
    item_id = accept().item_id or 0
    notifier = Notifier(settings, database)
    assert notifier.reply(item_id).value == "unreachable"
    items.update(item_id, None, {"reply": "Chúng tôi đã sửa, cảm ơn bạn."}, "lan")
    assert notifier.reply(item_id).value == "queued"
    assert notifier.reply(item_id).value == "known"
    (text,) = said(database)
    assert text.endswith("Chúng tôi đã sửa, cảm ơn bạn.")


def test_a_row_without_files_is_given_up(
    releases: Releases, accept: Any, database: Engine, items: ReviewItems
) -> None:
    accept()
    with database.begin() as connection:
        row = {"state": "running", "started_by": "x", "started_at": items.get(1).created_at}
        connection.execute(insert(release_table).values(**row, before={}, after={}))
    releases.make("minh")
    assert [row.state for row in releases.find()] == [ReleaseState.ACCEPTED, ReleaseState.FAILED]
