"""O6, O7: number and date are written into a new file; the approved draft stays as it was."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core.symbols import normal_symbol
from documents import policies, store
from documents.models import Document, DocumentFile, ReadState, Validity
from documents.ocr import boxes
from documents.rendition.paper import draw
from documents.rendition.places import Place, date_place, number_place
from documents.rendition.stamp import stamped
from documents.services.confirmation import lock
from documents.services.drafting import NotADraft, latest_version
from documents.services.uploads import READ_JOB, attach
from jobs import enqueue
from live import publish

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from audit.models import Actor
    from documents.models import DraftVersion, Page, RegisterEntry

A4_POINTS = (595.3, 841.9)
USUAL_SIZE = 13.0
BASELINE = 0.838  # of the type size below the top of a line as high as the type: Tinos rises 0.891 and falls 0.216
COVERED = 3.0  # points around what is covered: some readers' boxes end below tone marks


@dataclass(frozen=True, slots=True)
class Line:
    """How high the ink of a line stands and how far below the baseline it reaches, as shares of the type size."""

    css: str
    height: float
    descent: float


NUMBER, DATE = Line("number", 0.75, 0.014), Line("date", 0.9, 0.217)


class DraftNotRead(Exception):
    """The places of number and date are found in the words of the draft, which are still being read."""

    def __init__(self) -> None:
        super().__init__(_("The draft is still being read. Try again in a minute."))


class StampFailed(Exception):
    """The PDF does not let itself be written on."""

    def __init__(self) -> None:
        super().__init__(
            _("Number and date could not be written into this PDF. Return the draft and ask for a PDF saved anew.")
        )


@transaction.atomic
def stamp_issue(*, document: Document, entry: RegisterEntry, issued_on: date, actor: Actor) -> DocumentFile:
    """
    Issue an approved draft: a new PDF with number and date over their places; the paper is in force.

    :raises NotADraft: if it was issued before
    :raises DraftNotRead: while its pages are being read
    :raises StampFailed: if the PDF cannot be written on; nothing is issued, the number is not used
    """
    _person, actor = policies.require_registrar(actor, document.owner_unit)
    document = lock(document)
    if document.state != Validity.DRAFT:
        raise NotADraft
    if document.read_state in {ReadState.QUEUED, ReadState.READING}:
        raise DraftNotRead
    draft = latest_version(document)
    _set_number(document, entry, issued_on)
    file = _stamped(document, draft, issued_on)
    document.save()
    enqueue(READ_JOB, document_id=document.pk)
    publish(f"document:{document.pk}")
    data = {"symbol": document.full_symbol, "version": draft.version, "sha256": file.sha256}
    record("documents.document.issued", target=document, actor=actor, data=data)
    return file


def _set_number(document: Document, entry: RegisterEntry, issued_on: date) -> None:
    document.number, document.issue_date = entry.display, issued_on
    document.symbol_norm = normal_symbol(document.full_symbol) or ""
    document.place = document.place or document.owner_unit.place
    document.state, document.read_state = Validity.IN_FORCE, ReadState.QUEUED
    document.confirmed_at, document.confirmed_by = entry.entered_at, entry.entered_by
    document.version += 1


def _stamped(document: Document, draft: DraftVersion, issued_on: date) -> DocumentFile:
    page = draft.file.pages.filter(number=1).first()
    overlay = draw("documents/print/overlay.html", _overlay(document, page, issued_on))
    with store.scratch() as room:
        pdf = stamped(store.path_of(draft.file.sha256), overlay, room=room)
    if pdf is None:
        raise StampFailed
    kept = store.keep(io.BytesIO(pdf))
    name = f"{document.full_symbol.replace('/', '-')}.pdf"
    return attach(document=document, kept=kept, name=name, kind=DocumentFile.Kind.ISSUED)


def _overlay(document: Document, page: Page | None, issued_on: date) -> dict[str, Any]:
    words = boxes.unpack(bytes(page.boxes), page.text) if page else ()
    width, height = (page.width_pt, page.height_pt) if page and page.width_pt else A4_POINTS
    day = f"ngày {issued_on:%d} tháng {issued_on:%m} năm {issued_on:%Y}"
    number, date_ = number_place(words), date_place(words)
    place = "" if date_.is_found else f"{document.place}, "
    marks = [
        _mark(number, f"Số: {document.full_symbol}", width, height, NUMBER),
        _mark(date_, f"{place}{day}", width, height, DATE),
    ]
    return {"title": document.full_symbol, "width": f"{width:.2f}", "height": f"{height:.2f}", "marks": marks}


def _mark(place: Place, words: str, width: float, height: float, line: Line) -> dict[str, Any]:
    """Words on the baseline of what stood there, in its size; what stood there is covered with its marks above and below."""
    x, y, w, h = place.x * width, place.y * height, place.w * width, place.h * height
    size = max(12.0, min(14.0, h / line.height)) if place.is_found else USUAL_SIZE
    top = y + h - line.descent * size - BASELINE * size if place.is_found else y
    points = {"x": x, "top": top, "size": size}
    cover = {"x": x - COVERED, "y": y - COVERED, "w": w + 2 * COVERED, "h": h + 2 * COVERED} if place.is_found else None
    return _written(points) | {"words": words, "css": line.css, "cover": cover and _written(cover)}


def _written(points: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:.2f}" for name, value in points.items()}
