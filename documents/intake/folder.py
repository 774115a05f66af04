"""
The watched folder (ux.md 13): scanners and people put files there, each unit into the folder named by its code.

A file's bytes are durable and its paper is committed before it is moved away, and its key says whether it was taken before:
whatever dies in between, the next look goes on, and nothing is taken twice but what was withdrawn or handed over.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from core import clock
from documents import store
from documents.intake import places
from documents.intake.sidecar import Sidecar, SidecarBroken, read_sidecar
from documents.models import Arrival, ReadState, Route
from documents.ocr import Reason, sniff
from documents.services.arrivals import (
    Letter,
    NobodyRegisters,
    find_arrival,
    key_of,
    note_place,
    refuse_arrival,
    take_arrival,
)
from documents.words import LOCKED, NO_FILE, NO_UNIT, NOBODY, SAID_SECRET, SIDECAR, STOPPED, UNKNOWN_UNIT, reason_words
from organizations.selectors import UnknownUnit, find_unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Unit

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 200
LONELY_SECONDS = 600  # a sidecar whose file does not come
EMPTY_TIMES = 3  # an empty file may be one that is begun; it rests so many times as long
PAUSE_SECONDS = 0.2


class NotTaken(Exception):
    """Why a file is refused: a code of `documents.words`."""

    def __init__(self, reason: str, unit: Unit | None = None) -> None:
        super().__init__(reason)
        self.reason, self.unit = reason, unit


class StillChanging(Exception):
    """Somebody writes to the file: the next look is soon enough."""


@dataclass(frozen=True, slots=True)
class Looked:
    """
    What a look at one file came to, as `manage.py intake folder --json` prints it.

    `status` is taken, known (it was taken before), failed, or waiting (still changing); paths are below the folder.
    """

    file: str
    status: str
    unit: str | None = None
    document: int | None = None
    sha256: str | None = None
    reason: str | None = None
    moved_to: str | None = None


def intake_folder() -> Path | None:
    """The folder of this office, if it has one."""
    return Path(settings.INTAKE_FOLDER) if settings.INTAKE_FOLDER else None


def has_something(root: Path) -> bool:
    """Whether a look is worth it: something lies there, or something taken turned out not to be readable."""
    return next(places.lying_in(root), None) is not None or _unreadable().exists()


def look_once(root: Path, *, seconds: float, patience: float) -> list[Looked]:
    """
    Take everything that lies there, waiting up to `patience` seconds for what still changes.

    :param seconds: how long a file must have rested
    """
    end, found = time.monotonic() + patience, look(root, seconds=seconds)
    while any(one.status == "waiting" for one in found) and time.monotonic() < end:
        time.sleep(PAUSE_SECONDS)
        found = [one for one in found if one.status != "waiting"] + look(root, seconds=seconds)
    return found


def look(root: Path, *, seconds: float) -> list[Looked]:
    """One look at the folder; one file that makes trouble never keeps the others waiting."""
    _move_unreadable(root)
    found = []
    for path in list(places.lying_in(root))[:MOST_AT_ONCE]:
        try:
            looked = _look_at(root, path, seconds)
        except FileNotFoundError:
            continue  # another process took it
        except Exception:  # whatever one file does to us
            logger.exception("a file of the watched folder cannot be taken yet")
            looked = Looked(_told(root, path), "waiting")
        if looked:
            found.append(looked)
    return found


def _look_at(root: Path, path: Path, seconds: float) -> Looked | None:
    name, sidecar = _told(root, path), places.sidecar_of(path)
    if _is_sidecar(path):
        is_lonely = places.is_lonely(path) and places.rests(path, max(seconds, LONELY_SECONDS))
        return _refuse(root, path, NotTaken(NO_FILE)) if is_lonely else None
    needed = seconds if path.lstat().st_size else EMPTY_TIMES * seconds
    if not places.rests(path, needed) or (sidecar and not places.rests(sidecar, seconds)):
        return Looked(name, "waiting")
    try:
        return _take(root, path)
    except StillChanging:
        return Looked(name, "waiting")
    except NotTaken as refusal:
        return _refuse(root, path, refusal)


def _told(root: Path, path: Path) -> str:
    """A file's name as answers tell it."""
    return places.readable(path.relative_to(root)).as_posix()


def _is_sidecar(path: Path) -> bool:
    """A JSON file speaks of another one, which has come, or not yet."""
    return path.suffix.lower() == places.SIDECAR


def _take(root: Path, path: Path) -> Looked:
    before = places.signature(path)
    said = _said_about(path)
    unit = _unit_of(root, path, said)
    kept = _keep(path, unit)
    if before is None:
        raise StillChanging
    _same_as(before, path)
    name = path.relative_to(root).as_posix()
    letter = Letter(
        route=Route.FOLDER, key=key_of(name, kept.sha256, str(before[1])), name=path.name, sender=said.sender,
        subject=said.subject, note=said.note, arrived_at=said.arrived_at or clock.now(),
    )  # fmt: skip
    known = find_arrival(letter.route, letter.key)
    try:
        arrival = take_arrival(letter=letter, kept=kept, unit=unit)
    except NobodyRegisters as refusal:
        raise NotTaken(NOBODY, unit) from refusal
    _same_as(before, path)  # or what lies there by now would be moved away unread
    place = _put(root, path)
    note_place(arrival, place)
    is_known = known is not None and known.document_id == arrival.document_id
    return Looked(
        _told(root, path), "known" if is_known else "taken", unit=unit.code, document=arrival.document_id, sha256=kept.sha256,
        moved_to=place,
    )  # fmt: skip


def _same_as(before: tuple[int, int], path: Path) -> None:
    if places.signature(path) != before:
        raise StillChanging


def _said_about(path: Path) -> Sidecar:
    try:
        sidecar = places.sidecar_of(path)
        said = read_sidecar(sidecar) if sidecar else Sidecar()
    except SidecarBroken as broken:
        raise NotTaken(SIDECAR) from broken
    if said.is_secret:  # before a byte is stored (domain.md 7)
        raise NotTaken(SAID_SECRET)
    return said


def _unit_of(root: Path, path: Path, said: Sidecar) -> Unit:
    folders = places.readable(path.relative_to(root)).parts[:-1]
    code = said.unit or (folders[0] if folders else "")
    if not code:
        raise NotTaken(NO_UNIT)
    try:
        return find_unit(code).organ
    except UnknownUnit as unknown:
        raise NotTaken(UNKNOWN_UNIT) from unknown


def _keep(path: Path, unit: Unit) -> store.StoredFile:
    try:
        if path.lstat().st_size == 0:
            raise NotTaken(Reason.EMPTY, unit)
        if sniff(path).kind is None:
            raise NotTaken(Reason.UNKNOWN_TYPE, unit)
        with path.open("rb") as stream:
            return store.keep(stream)
    except PermissionError as refusal:
        raise NotTaken(LOCKED, unit) from refusal


def _put(root: Path, path: Path) -> str:
    """
    Move a file that was taken out, its sidecar before it: a file without one is known by its key, a sidecar alone tells nothing.
    """
    lasting = places.tidy(path.relative_to(root))
    target = root / places.DONE / lasting
    if sidecar := places.sidecar_of(path):
        places.move(sidecar, target.with_name(target.name + places.SIDECAR))
    moved = places.move(path, target).relative_to(root).as_posix()
    places.forget_reason(root / places.FAILED / lasting)
    return moved


def _refuse(root: Path, path: Path, refusal: NotTaken) -> Looked:
    """
    Put a file aside with its reason beside it.

    The file goes before its sidecar: what a sidecar calls secret is never looked at without it.
    """
    told, name, before = _told(root, path), path.relative_to(root).as_posix(), places.signature(path)
    sidecar = places.sidecar_of(path)
    letter = Letter(route=Route.FOLDER, key=key_of("refused", name, str(before)), name=path.name)
    arrival = refuse_arrival(letter=letter, unit=refusal.unit, reason=refusal.reason)
    moved = places.move(path, root / places.FAILED / places.tidy(path.relative_to(root)))
    if sidecar:
        places.move(sidecar, moved.with_name(moved.name + places.SIDECAR))
    sentence = reason_words(refusal.reason)
    places.write_reason(moved, sentence)
    place = moved.relative_to(root).as_posix()
    note_place(arrival, place)
    unit = refusal.unit.code if refusal.unit else None
    return Looked(told, "failed", unit=unit, reason=sentence, moved_to=place)


def _unreadable() -> QuerySet[Arrival]:
    """What was taken and then could not be read; a reading that the clerk stopped is none."""
    failed = Arrival.objects.filter(route=Route.FOLDER, document__read_state=ReadState.FAILED)
    return failed.filter(place__startswith=f"{places.DONE}/").exclude(document__read_reason=STOPPED)


def _move_unreadable(root: Path) -> None:
    """Whoever scans sees in the folder that a file is no good; its paper, with its bytes, is in the clerk's queue."""
    for arrival in _unreadable().select_related("document").order_by("id")[:MOST_AT_ONCE]:
        path, place = root / arrival.place, ""
        if path.is_file() and not path.is_symlink() and arrival.document:
            moved = places.move(path, root / places.FAILED / path.relative_to(root / places.DONE))
            places.write_reason(moved, reason_words(arrival.document.read_reason))
            place = moved.relative_to(root).as_posix()
        note_place(arrival, place)


def remove(root: Path, *, sha256: str) -> None:
    """Take away what lies in the folder of a paper that a security officer handed over (domain.md 7); may run twice."""
    gone = Arrival.objects.filter(route=Route.FOLDER, sha256=sha256, document__files__removed_at__isnull=False)
    for arrival in gone.exclude(place="").distinct().order_by("id"):
        path = root / arrival.place
        if path.resolve().is_relative_to(root.resolve()):
            for one in (path, path.with_name(path.name + places.SIDECAR)):
                one.unlink(missing_ok=True)
        note_place(arrival, "")
