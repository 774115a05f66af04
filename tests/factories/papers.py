"""Papers with text, as search and rights meet them, and the index brought up to date within a test's transaction."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING, Any

from django.db import connection

from documents.models import DocumentType
from documents.ocr import FileReading, PageReading
from documents.services.confirmation import confirm_fields
from documents.services.reading import finish_reading, newest_file
from documents.services.uploads import receive_upload
from organizations.services import actor_for
from search.services import index_pending

if TYPE_CHECKING:
    from documents.models import Document
    from organizations.models import Unit, User

_marks = itertools.count(1)


def some_pdf() -> bytes:
    """Bytes that no other paper has; nobody opens them here."""
    return b"%%PDF-1.4\n%% paper %d\n%%%%EOF\n" % next(_marks)


def chain_now() -> None:
    """What a commit does to the acts of the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def index_now() -> None:
    """Chain what was done and let the index take it in."""
    chain_now()
    assert index_pending()


def read(document: Document, *pages: str) -> Document:
    """Let the paper be read: these are its pages."""
    found = tuple(PageReading(number=number, source="text", text=text) for number, text in enumerate(pages, start=1))
    reading = FileReading(status="read", pages=found, page_count=len(found))
    finish_reading(document=document, file=newest_file(document), reading=reading, seconds=0.1)
    document.refresh_from_db()
    return document


def uploaded(*pages: str, by: User, unit: Unit, name: str = "giay.pdf") -> Document:
    """A paper that a registrar took in and that was read; nobody has confirmed it."""
    received = receive_upload(stream=io.BytesIO(some_pdf()), name=name, unit=unit, actor=actor_for(by), secrecy="none")
    return read(received.document, *pages) if pages else received.document


def confirmed(document: Document, *, by: User, **facts: Any) -> Document:
    """The clerk says what it is."""
    usual = {
        "doc_type": DocumentType.objects.get(abbreviation=facts.pop("type_abbr", "CT")),
        "number": "05",
        "symbol": "CT-TLĐ",
        "issuer": "Tổng Liên đoàn",
        "subject": "về đẩy mạnh xử lý văn bản",
    }
    return confirm_fields(
        document=document, values=usual | facts, actor=actor_for(by), expected_version=document.version
    )
