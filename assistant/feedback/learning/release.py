"""Releases: accepted proposals become a candidate that is measured, then used or refused.

A release is made in steps that a crash may interrupt anywhere. Nothing is used before the pointer
is set; what the pointer names is whole and carries all that the database still has to record.
"""

from __future__ import annotations

import fcntl
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import monotonic, perf_counter, sleep
from typing import Any, Final

from sqlalchemy import Engine, RowMapping, insert, select, update

from assistant.feedback.audit import AuditLog
from assistant.feedback.items import SYSTEM, ReviewItems
from assistant.feedback.learning.changes import AliasChange, ExampleChange, FieldChange
from assistant.feedback.learning.measuring import (
    Comparison,
    MeasuringFailedError,
    Processes,
    Workshop,
    compare,
    environment,
    summary,
)
from assistant.feedback.learning.proposals import Proposal, Proposals, ProposalState
from assistant.feedback.learning.workspace import (
    Learned,
    discard,
    point_to,
    prepare,
    read_manifest,
    write_manifest,
    write_questions,
)
from assistant.feedback.tables import releases
from assistant.learned import Release as ReleaseFiles
from assistant.moments import Clock, aware, utc_now
from assistant.settings import Settings
from assistant.training import TrainingFailedError, model_path
from knowledge_base.corrections import CorrectionError, corrected
from knowledge_base.loader import CatalogueError
from knowledge_base.schema import Procedure
from knowledge_base.store import Catalogue

logger = logging.getLogger(__name__)

KEPT: Final = 5
"""Releases whose files stay, so that one can go back to them."""

LOG: Final = "learn.log"
_MOST_NAMED: Final = 8

Tell = Callable[[str], None]
"""Told what is being done now, in English."""


class ReleaseState(StrEnum):
    """How far a release is."""

    RUNNING = "running"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"


RELEASE_STATES: Final = {
    ReleaseState.RUNNING: "Đang kiểm tra",
    ReleaseState.ACCEPTED: "Đã đưa vào sử dụng",
    ReleaseState.REFUSED: "Không đạt, không dùng",
    ReleaseState.FAILED: "Bị lỗi, không dùng",
    ReleaseState.ROLLED_BACK: "Đã gỡ bỏ",
}
"""What staff read of a release's state."""


class ReleaseBusyError(RuntimeError):
    """Raised when another release is being made."""


class NothingToReleaseError(RuntimeError):
    """Raised when no proposal is accepted, or there is nothing to go back from."""


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One row of the table of releases."""

    id: int
    state: ReleaseState
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str
    folder: str
    model: str

    @classmethod
    def from_row(cls, row: RowMapping) -> ReleaseRow:
        """Reads a row."""
        values = dict(row)
        values["state"] = ReleaseState(row["state"])
        values["started_at"] = aware(row["started_at"])
        ended = row["finished_at"]
        values["finished_at"] = aware(ended) if ended is not None else None
        return cls(**values)


@dataclass(slots=True)
class Outcome:
    """What came of making a release.

    Attributes:
        number: Its number; 0 for a dry run.
        state: Accepted or refused.
        reason: Why it was refused, in Vietnamese.
        used: Proposals that are in it.
        refused: Proposals that went back, with the reason.
        before: The summary of the measurement before.
        after: That after.
        seconds: How long each step took.
    """

    number: int
    state: ReleaseState = ReleaseState.REFUSED
    reason: str = ""
    used: list[Proposal] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class Releases:
    """Makes releases, goes back from them, and remembers them."""

    def __init__(
        self,
        settings: Settings,
        database: Engine,
        workshop: Workshop | None = None,
        tell: Tell = logger.info,
        clock: Clock = utc_now,
    ) -> None:
        """Takes the settings and a migrated database."""
        self._settings = settings.model_copy(update={"release": None})
        self._learned = settings.learned
        self._database = database
        self._workshop = workshop or Processes()
        self._tell = tell
        self._clock = clock
        self._audit = AuditLog(database, clock)
        self._proposals = Proposals(
            database, ReviewItems(database, self._audit, clock), self._audit, clock
        )

    # --- reading --------------------------------------------------------------------------

    def find(self, limit: int = 50) -> list[ReleaseRow]:
        """Lists releases, newest first."""
        query = select(releases).order_by(releases.c.id.desc()).limit(limit)
        with self._database.connect() as connection:
            return [ReleaseRow.from_row(row) for row in connection.execute(query).mappings()]

    def get(self, number: int) -> ReleaseRow | None:
        """Reads one release; None where there is none."""
        query = select(releases).where(releases.c.id == number)
        with self._database.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else ReleaseRow.from_row(row)

    def current(self) -> int:
        """The number of the release in use; 0: nothing is learned."""
        return self._learned.current()

    def busy(self) -> bool:
        """Whether a release is being made now on this machine."""
        try:
            with self._locked(0.0):
                return False
        except ReleaseBusyError:
            return True

    # --- making ---------------------------------------------------------------------------

    def make(self, actor: str, *, dry_run: bool = False) -> Outcome:
        """Makes a release of every accepted proposal.

        Proposals whose question still goes wrong go back with the reason, and the rest goes on. The
        release is refused when the fixed set gets worse or an old regression question goes wrong
        again; its proposals then stay accepted, so that an editor can take out the one to blame.

        Args:
            actor: Who starts it.
            dry_run: Measure only: nothing is used or recorded.

        Raises:
            ReleaseBusyError: When another one is being made.
            NothingToReleaseError: When no proposal is accepted.
            MeasuringFailedError: When measuring ended with an error.
            TrainingFailedError: When Rasa gave no model.
        """
        with self._locked():
            self._recover()
            chosen = self._proposals.find([ProposalState.ACCEPTED])
            if not chosen:
                raise NothingToReleaseError("no proposal is accepted")
            number = self._next_number() if dry_run else self._begin(actor)
            outcome = Outcome(number)
            try:
                self._try(outcome, chosen)
                if not dry_run:
                    self._end(outcome, actor)
            except BaseException as error:
                discard(self._learned, number)
                if not dry_run:
                    self._fail(number, error)
                raise
            finally:
                if dry_run or outcome.state is not ReleaseState.ACCEPTED:
                    discard(self._learned, number)
            return outcome

    def start(self, actor: str) -> None:
        """Makes a release in a process of its own and returns at once.

        Raises:
            ReleaseBusyError: When another one is being made.
            NothingToReleaseError: When no proposal is accepted.
        """
        if self.busy():
            raise ReleaseBusyError("another release is being made")
        if not self._proposals.find([ProposalState.ACCEPTED], limit=1):
            raise NothingToReleaseError("no proposal is accepted")
        self._learned.root.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "assistant.cli", "learn", "--yes", "--by", actor]
        own = environment(self._settings)
        if self._settings.database_url:
            own["MOTCUA_DATABASE_URL"] = self._settings.database_url
        with (self._learned.root / LOG).open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=own,
                start_new_session=True,
            )  # fmt: skip
        threading.Thread(target=process.wait, name="learn", daemon=True).start()  # no zombie

    def roll_back(self, actor: str, reason: str = "") -> tuple[int, int]:
        """Goes back to the release before the one in use; its proposals go back too.

        Returns:
            The number of the release that was taken out, and of the one in use now.

        Raises:
            ReleaseBusyError: When a release is being made.
            NothingToReleaseError: When nothing is learned, or the files before it are gone.
        """
        with self._locked():
            self._recover()
            number = self._learned.current()
            files = self._learned.release(number)
            if files is None:
                raise NothingToReleaseError("nothing is learned")
            parent = int(read_manifest(files).get("parent", 0))
            if parent and self._learned.release(parent) is None:
                raise NothingToReleaseError(f"the files of release {parent} are gone")
            point_to(self._learned, parent)
            why = reason or f"Bản cập nhật số {number} đã được gỡ bỏ."
            with self._database.begin() as connection:
                connection.execute(
                    update(releases)
                    .where(releases.c.id == number)
                    .values(state=ReleaseState.ROLLED_BACK.value, reason=why)
                )
                used = self._proposals.find([ProposalState.RELEASED], release_id=number)
                for proposal in used:
                    self._proposals.settle(
                        connection, proposal.id, ProposalState.REFUSED, actor, why, number
                    )
                self._audit.record(
                    actor, "release.roll_back", "release", number, {"current": number},
                    {"current": parent, "reason": why}, connection,
                )  # fmt: skip
            return number, parent

    # --- the steps ------------------------------------------------------------------------

    def _try(self, outcome: Outcome, chosen: list[Proposal]) -> None:
        """Builds and measures a candidate until every proposal in it holds."""
        current = self._learned.release(self._learned.current())
        known = Learned.read(current)
        old = [str(question["id"]) for question in known.questions]
        chosen = self._applicable(outcome, chosen)
        asked = self._learned.root / "measured" / "questions.jsonl"
        write_questions(asked, [*known.questions, *(p.regression for p in chosen)])
        if not chosen:
            outcome.reason = "Không đề xuất nào áp dụng được."
            return
        in_use = self._settings.model_copy(update={"release": current.number if current else 0})
        with self._timed(outcome, "before", "measuring what is in use"):
            before = self._workshop.measure(in_use, asked, "before")
        outcome.before = summary(before)
        while chosen:
            after = self._candidate(outcome, chosen, asked)
            failed = [p for p in chosen if not _passes(p, after)]
            if not failed:
                break
            for proposal in failed:
                outcome.refused[proposal.id] = _still_wrong(proposal, after)
            chosen = [p for p in chosen if p not in failed]
        if not chosen:
            outcome.reason = "Câu hỏi kiểm tra của mọi đề xuất vẫn chưa được trả lời đúng."
            return
        comparison = compare(before, after, old)
        outcome.used = chosen
        outcome.after = {
            **summary(after),
            "broken": list(comparison.broken),
            "mended": list(comparison.mended),
        }
        if comparison.worse:
            outcome.reason = _why(comparison, after, chosen)
            return
        outcome.state = ReleaseState.ACCEPTED

    def _candidate(
        self, outcome: Outcome, chosen: Sequence[Proposal], asked: Any
    ) -> dict[str, Any]:
        content = Learned.read(self._learned.release(self._learned.current()))
        for proposal in chosen:
            content.add(proposal.change, proposal.regression)
        prepare(self._learned, outcome.number, content)
        settings = self._settings.model_copy(update={"release": outcome.number})
        with self._timed(outcome, "train", "training what has changed"):
            self._workshop.train(settings)
        with self._timed(outcome, "after", f"measuring release {outcome.number}"):
            return self._workshop.measure(settings, asked, "after")

    def _applicable(self, outcome: Outcome, chosen: Sequence[Proposal]) -> list[Proposal]:
        """Leaves out what cannot be applied to the records as they are."""
        catalogue = Catalogue.load(
            self._settings.catalogue_folders, cache_dir=self._settings.data_dir / "cache"
        )
        records: dict[str, Procedure] = {}
        kept = []
        for proposal in chosen:
            reason = ""
            match proposal.change:
                case AliasChange(code=code) if code not in catalogue:
                    reason = f"Không còn thủ tục mang mã {code}."
                case ExampleChange() if self._settings.model:
                    reason = "Mô hình được cố định bằng MOTCUA_MODEL nên không học thêm câu mẫu."
                case FieldChange(correction=correction):
                    record = records.get(correction.code) or catalogue.get(correction.code)
                    try:
                        if record is None:
                            reason = f"Không còn thủ tục mang mã {correction.code}."
                        else:
                            records[correction.code] = corrected(record, correction)
                    except CorrectionError as error:
                        reason = f"Thông tin của thủ tục đã khác trước: {error.field}: {error}"
            if reason:
                outcome.refused[proposal.id] = reason
            else:
                kept.append(proposal)
        return kept

    # --- recording ------------------------------------------------------------------------

    def _begin(self, actor: str) -> int:
        with self._database.begin() as connection:
            row = {
                "state": ReleaseState.RUNNING.value,
                "started_by": actor,
                "started_at": self._clock(),
                "before": {},
                "after": {},
            }
            adding = insert(releases).values(row).returning(releases.c.id)
            number = int(connection.execute(adding).scalar_one())
            self._audit.record(actor, "release.start", "release", number, connection=connection)
        return number

    def _next_number(self) -> int:
        with self._database.connect() as connection:
            ids = [int(number) for number in connection.scalars(select(releases.c.id))]
        return max([0, *ids, *self._learned.numbers()]) + 1

    def _end(self, outcome: Outcome, actor: str) -> None:
        manifest = {
            "number": outcome.number,
            "parent": self._learned.current(),
            "made_at": self._clock().isoformat(),
            "actor": actor,
            "state": outcome.state.value,
            "reason": outcome.reason,
            "proposals": [p.id for p in outcome.used],
            "refused": {str(i): reason for i, reason in outcome.refused.items()},
            "before": outcome.before,
            "after": {**outcome.after, "steps": outcome.seconds},
        }
        if outcome.state is ReleaseState.ACCEPTED:
            files = self._learned.release(outcome.number)
            if files is None:
                raise RuntimeError(f"release {outcome.number} has no files")
            manifest["model"] = self._model_of(files)
            write_manifest(files, manifest)
            point_to(self._learned, outcome.number)
        self._record(manifest)
        self._prune()

    def _model_of(self, files: ReleaseFiles) -> str:
        chosen = self._settings.model_copy(update={"release": files.number})
        return chosen.model or model_path(chosen).name

    def _record(self, manifest: Mapping[str, Any]) -> None:
        """Writes into the database what a manifest says; doing so twice changes nothing."""
        number, actor = int(manifest["number"]), str(manifest["actor"])
        accepted = manifest["state"] == ReleaseState.ACCEPTED.value
        with self._database.begin() as connection:
            still = {p.id for p in self._proposals.find([ProposalState.ACCEPTED])}
            for proposal_id, reason in manifest["refused"].items():
                if int(proposal_id) in still:
                    self._proposals.settle(
                        connection, int(proposal_id), ProposalState.REFUSED, actor, reason, number
                    )
            for proposal_id in manifest["proposals"] if accepted else ():
                if proposal_id in still:
                    self._proposals.settle(
                        connection, proposal_id, ProposalState.RELEASED, actor, "", number
                    )
            connection.execute(
                update(releases)
                .where(releases.c.id == number)
                .values(
                    state=manifest["state"],
                    finished_at=self._clock(),
                    before=manifest["before"],
                    after=manifest["after"],
                    reason=manifest["reason"],
                    folder=str(self._learned.releases / str(number)) if accepted else "",
                    model=manifest.get("model", ""),
                )
            )
            self._audit.record(
                actor, f"release.{manifest['state']}", "release", number, {},
                {"proposals": manifest["proposals"], "reason": manifest["reason"]}, connection,
            )  # fmt: skip

    def _fail(self, number: int, error: BaseException) -> None:
        known = (MeasuringFailedError, TrainingFailedError, CatalogueError)
        said = str(error) if isinstance(error, known) else type(error).__name__
        with self._database.begin() as connection:
            connection.execute(
                update(releases)
                .where(releases.c.id == number)
                .values(
                    state=ReleaseState.FAILED.value, finished_at=self._clock(), reason=said[:500]
                )
            )
            self._audit.record(
                SYSTEM, "release.failed", "release", number, {}, {"reason": said[:500]}, connection
            )

    def _recover(self) -> None:
        """Finishes or gives up what an interruption left; the lock is held, so nobody else is."""
        query = select(releases.c.id).where(releases.c.state == ReleaseState.RUNNING.value)
        with self._database.connect() as connection:
            interrupted = list(connection.execute(query).scalars())
        for number in interrupted:
            files = self._learned.release(number)
            manifest = read_manifest(files) if files is not None else {}
            if manifest and self._learned.current() == number:
                self._tell(f"finishing release {number}, which was interrupted")
                self._record(manifest)
                continue
            discard(self._learned, number)
            self._fail(number, InterruptedError())

    def _prune(self) -> None:
        """Deletes the files of old releases, never of the one in use nor of the one before it."""
        needed = {self._learned.current()}
        files = self._learned.release(self._learned.current())
        if files is not None:
            needed.add(int(read_manifest(files).get("parent", 0)))
        for number in self._learned.numbers()[:-KEPT]:
            if number not in needed:
                discard(self._learned, number)

    # --- helpers --------------------------------------------------------------------------

    @contextmanager
    def _locked(self, patience: float = 1.0) -> Iterator[None]:
        """Holds the lock of releases; it ends with the process, however that ends.

        Args:
            patience: Seconds to wait for somebody who only looks whether it is free.
        """
        self._learned.root.mkdir(parents=True, exist_ok=True)
        until = monotonic() + patience
        with (self._learned.root / "lock").open("w") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if monotonic() >= until:
                        raise ReleaseBusyError("another release is being made") from error
                    sleep(0.05)
            yield

    @contextmanager
    def _timed(self, outcome: Outcome, step: str, said: str) -> Iterator[None]:
        self._tell(said)
        started = perf_counter()
        yield
        spent = outcome.seconds.get(step, 0.0) + perf_counter() - started
        outcome.seconds[step] = round(spent, 1)


def _passes(proposal: Proposal, measured: Mapping[str, Any]) -> bool:
    row = measured["regressions"].get(str(proposal.regression["id"]), {})
    return bool(row.get("correct"))


def _still_wrong(proposal: Proposal, measured: Mapping[str, Any]) -> str:
    row = measured["regressions"].get(str(proposal.regression["id"]), {})
    asked = str(proposal.regression["turns"][-1])
    found = row.get("procedure")
    said = f"trả lời thủ tục {found}" if found else "không trả lời thủ tục nào"
    if found in proposal.regression["gold"]:
        said = "đúng thủ tục nhưng nội dung chưa đúng"
    return f"Sau khi sửa, câu “{asked}” vẫn chưa đạt: {said}."


def _why(comparison: Comparison, after: Mapping[str, Any], chosen: Sequence[Proposal]) -> str:
    """Says in Vietnamese why a release is refused, and which proposals are to blame."""
    lines = [
        f"Chỉ số {name} kém đi: từ {then:.3f} còn {now:.3f}."
        if now < then
        else f"Chỉ số {name} kém đi: từ {then:g} lên {now:g}."
        for name, then, now in comparison.fallen
    ]
    groups = (("questions", comparison.broken), ("regressions", comparison.returned))
    wrong = [(i, after[group][i]) for group, ids in groups for i in ids]
    for identifier, row in wrong[:_MOST_NAMED]:
        now = row["procedure"] or row["kind"]
        lines.append(f"Câu “{row['asked']}” ({identifier}) trước trả lời đúng, nay: {now}.")
    if len(wrong) > _MOST_NAMED:
        lines.append(f"… và {len(wrong) - _MOST_NAMED} câu khác.")
    answered = {row["procedure"] for _, row in wrong}
    suspects = [
        f"số {p.id}" for p in chosen if getattr(p.change, "code", None) in answered - {None}
    ]
    if suspects:
        lines.append(f"Đề xuất có thể gây ra: {', '.join(suspects)}.")
    return "\n".join(lines)
