"""What provinces and communes decide themselves: fees, and where an office is.

Files lie below ``local/<province>/``: one with the fees that the province sets, and one for each
commune with its office. Every figure names its document and the day it was checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from knowledge_base.geography import distance_between
from knowledge_base.loader import Problem, card_files
from knowledge_base.places import find_province, provinces
from knowledge_base.schema import Code, Fee, FeeState, HttpUrl, Line, Model, Procedure
from knowledge_base.store import LOCAL, PACKAGED
from vietnamese.fold import fold


class Reading(StrEnum):
    """How a figure was read."""

    PRIMARY = "primary"
    """From the text of the document itself."""

    SECONDARY = "secondary"
    """From a publication about the document."""


class LocalSource(Model):
    """Where a local fact comes from."""

    document: Line = Field(description="number of the document, or the name of the publication")
    link: HttpUrl
    reading: Reading
    checked: date
    note: str = ""


class LocalFees(Model):
    """Fees that one document sets for one or several procedures."""

    codes: tuple[Code, ...] = Field(min_length=1)
    fees: tuple[Fee, ...] = Field(min_length=1)
    source: LocalSource

    @field_validator("fees")
    @classmethod
    def _are_settled(cls, fees: tuple[Fee, ...]) -> tuple[Fee, ...]:
        for fee in fees:
            if fee.state not in (FeeState.AMOUNT, FeeState.FREE):
                raise ValueError("must be 'amount' or 'free'; leave out what is not confirmed")
            if not fee.source:
                raise ValueError("a local fee needs 'source': the document and its article")
        return fees


class Position(Model):
    """Where an office stands on the map, in degrees of WGS 84, and where that is known from."""

    latitude: float = Field(ge=8, le=24, description="degrees north; Viet Nam lies within")
    longitude: float = Field(ge=102, le=118, description="degrees east; Viet Nam lies within")
    source: LocalSource

    @property
    def degrees(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude, self.longitude


class Office(Model):
    """Where a commune receives citizens; what could not be confirmed stays empty."""

    name: Line
    address: str = ""
    hours: str = ""
    hotlines: tuple[Line, ...] = ()
    website: HttpUrl | None = None
    position: Position | None = None
    source: LocalSource


class LocalFile(Model):
    """One file of the overlay: a province's fees, or a commune's office and fees."""

    province: Line
    commune: str = ""
    fees: tuple[LocalFees, ...] = ()
    office: Office | None = None

    @field_validator("province")
    @classmethod
    def _is_known(cls, province: str) -> str:
        if province not in provinces():
            place = find_province(province)
            hint = f"; today it is {place.province!r}" if place else ""
            raise ValueError(f"{province!r} is no province of today{hint}")
        return province

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.fees and self.office is None:
            raise ValueError("needs 'fees' or 'office'")
        return self


@dataclass(frozen=True, slots=True)
class LocalAnswer:
    """The fees of one procedure in one place.

    Attributes:
        province: Short name of the province that set them.
        commune: Name of the commune, where it set them itself.
        sources: The documents they rest on.
    """

    province: str
    commune: str
    fees: tuple[Fee, ...]
    sources: tuple[LocalSource, ...]


@dataclass(frozen=True, slots=True)
class NearOffice:
    """An office near a place.

    Attributes:
        office: The office; its position is known.
        distance: From the place, in kilometres as the crow flies.
    """

    office: Office
    position: Position
    distance: float


@dataclass(slots=True)
class Overlay:
    """Every local fact, by province and commune.

    Attributes:
        files: The sound files, in the order they were read; a later one comes first.
        problems: What is wrong with the others.
    """

    files: list[LocalFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def load(cls, folders: Sequence[Path] | None = None) -> Overlay:
        """Reads ``local/`` of catalogue folders, later folders on top.

        Args:
            folders: Catalogue folders; None: the packaged one. A folder without ``local/`` is fine.
        """
        overlay = cls()
        for folder in [PACKAGED] if folders is None else folders:
            for path in card_files(folder / LOCAL):
                overlay._read(path)
        return overlay

    def provinces(self) -> tuple[str, ...]:
        """Returns the provinces that anything is known of, in alphabetical order."""
        return tuple(sorted({file.province for file in self.files}))

    def depends_on_place(self, code: str) -> bool:
        """Tells whether any place has its own fees for a procedure."""
        return any(code in part.codes for file in self.files for part in file.fees)

    def fees(self, code: str, province: str, commune: str = "") -> LocalAnswer | None:
        """Returns the fees of a procedure in a place.

        Args:
            code: National code.
            province: Short name of today, as :func:`knowledge_base.places.find_province` gives it.
            commune: Name with its kind; a commune's own fees come before its province's.

        Returns:
            None where nothing is known; then the national record counts.
        """
        for wanted in dict.fromkeys((commune, "")):
            for file in reversed(self.files):
                if file.province != province or not _same(file.commune, wanted):
                    continue
                parts = [part for part in file.fees if code in part.codes]
                if parts:
                    return LocalAnswer(
                        province,
                        file.commune,
                        tuple(fee for part in parts for fee in part.fees),
                        tuple(dict.fromkeys(part.source for part in parts)),
                    )
        return None

    def office(self, province: str, commune: str) -> Office | None:
        """Returns the office of a commune, or None where it is not known."""
        for file in reversed(self.files):
            if file.office and file.province == province and _same(file.commune, commune):
                return file.office
        return None

    def nearest(
        self, latitude: float, longitude: float, most: int = 3, within: float = 50.0
    ) -> list[NearOffice]:
        """Returns the offices nearest to a place, of those whose position is known.

        Args:
            latitude: Degrees north.
            longitude: Degrees east.
            most: How many at most.
            within: How far at most, in kilometres.

        Returns:
            The nearest first; none for a place that is not on the globe.
        """
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return []
        known: dict[tuple[str, str], Office] = {}
        for file in self.files:
            if file.office is not None:
                known[file.province, fold(file.commune).strip()] = file.office
        found = [
            NearOffice(office, place, distance_between((latitude, longitude), place.degrees))
            for office in known.values()
            if (place := office.position) is not None
        ]
        found.sort(key=lambda near: near.distance)
        return [near for near in found[:most] if near.distance <= within]

    def check(self, known: Iterable[str]) -> list[Problem]:
        """Returns the problems of the files, and every code that the catalogue does not hold."""
        codes = set(known)
        unknown = [
            Problem(f"{LOCAL}/{file.province}", code, "codes", "is not in the catalogue")
            for file in self.files
            for part in file.fees
            for code in part.codes
            if code not in codes
        ]
        return [*self.problems, *unknown]

    def _read(self, path: Path) -> None:
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            self.problems.append(Problem(str(path), "", "", f"cannot be read: {error}"))
            return
        rows = content if isinstance(content, list) else [content]
        for position, row in enumerate(rows, start=1):
            self._add(path, position, row)

    def _add(self, path: Path, position: int, row: Any) -> None:
        name = f"record {position}"
        if not isinstance(row, dict):
            self.problems.append(Problem(str(path), name, "", "is not a mapping"))
            return
        try:
            self.files.append(LocalFile.model_validate(row))
        except ValidationError as error:
            for detail in error.errors():
                where = ".".join(str(part) for part in detail["loc"])
                self.problems.append(Problem(str(path), name, where, detail["msg"]))


def with_local_fees(record: Procedure, answer: LocalAnswer) -> Procedure:
    """Puts the fees of a place where a record says that the province sets them, or says nothing.

    Amounts that hold in the whole country stay, and so does what the record says is free.
    """
    open_states = (FeeState.SET_BY_PROVINCE, FeeState.NOT_STATED)
    kept = tuple(fee for fee in record.fees if fee.state not in open_states)
    return record.model_copy(update={"fees": (*answer.fees, *kept)})


def _same(one: str, other: str) -> bool:
    return fold(one).strip() == fold(other).strip()
