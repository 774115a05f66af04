"""Papers that the office writes itself, such as minutes: numbered, filed and found like any other."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.services import record
from core.symbols import normal_symbol
from documents import store
from documents.models import Document, DocumentFile, Register, Validity
from documents.rendition.paper import draw
from documents.services.access import grant_owner
from documents.services.books import lock_register
from documents.services.drafting import usual_symbol
from documents.services.registration import enter
from documents.services.uploads import READ_JOB, attach
from jobs import enqueue
from organizations.models import Unit
from organizations.policies import person_of

if TYPE_CHECKING:
    from datetime import date

    from audit.models import Actor
    from documents.models import DocumentType, RegisterEntry


@dataclass(frozen=True, slots=True)
class PaperContent:
    """What stands between the heading and the foot; signers as (label, name)."""

    subject: str
    paragraphs: tuple[str, ...]
    recipients: tuple[str, ...]
    signers: tuple[tuple[str, str], ...]


@transaction.atomic
def create_paper(
    *, unit: Unit, doc_type: DocumentType, content: PaperContent, issued_on: date, actor: Actor
) -> Document:
    """
    Number a paper of the unit, draw it in the layout of Nghị định 30/2020 and file it.

    The calling room has checked who may issue it: minutes are published by their chair, not by a clerk.

    :raises RegisterClosed: if the year's book of issues is closed
    """
    person = person_of(actor)
    register = lock_register(unit=unit, year=issued_on.year, direction=Register.Direction.OUT, person=person)
    document = Document.plain.create(
        owner_unit=unit, created_by=person, state=Validity.IN_FORCE, doc_type=doc_type, issuer=unit.name,
        subject=content.subject, issue_date=issued_on, place=unit.place, signer=content.signers[-1][1],
    )  # fmt: skip
    entry = enter(register, document, issued_on, person)
    _number(document, entry)
    pdf = draw("documents/print/paper.html", _context(document, unit, content))
    name = f"{document.full_symbol.replace('/', '-')}.pdf"
    attach(document=document, kept=store.keep(io.BytesIO(pdf)), name=name, kind=DocumentFile.Kind.ISSUED)
    grant_owner(document)
    enqueue(READ_JOB, document_id=document.pk)
    record("documents.paper.created", target=document, actor=actor, data={"symbol": document.full_symbol})
    return document


def _number(document: Document, entry: RegisterEntry) -> None:
    assert document.doc_type is not None  # noqa: S101  # set two lines above
    document.number, document.symbol = entry.display, usual_symbol(document.doc_type, document.owner_unit)
    document.symbol_norm = normal_symbol(document.full_symbol) or ""
    document.confirmed_at, document.confirmed_by = entry.entered_at, entry.entered_by
    document.save()


def _context(document: Document, unit: Unit, content: PaperContent) -> dict[str, Any]:
    parent = Unit.objects.get_parent(unit)
    day = document.issue_date
    place_date = f"{unit.place}, ngày {day:%d} tháng {day:%m} năm {day:%Y}" if day else unit.place
    return {
        "unit": unit.name.upper(),
        "parent": parent.name.upper() if parent else "",
        "number": document.full_symbol,
        "place_date": place_date,
        "type_name": str(document.doc_type).upper(),
        "paper": content,
    }
