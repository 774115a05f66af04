"""A real office with all those papers in its database, and a person with some twenty keys who searches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from core import clock
from documents.models import Document, DocumentAccess, DocumentFile, DocumentType, Page, ReadState, Validity
from organizations.models import Role
from organizations.policies import reader_tokens
from organizations.services import appoint, create_post, create_unit
from tests.factories.offices import SETTER, make_office

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models import Unit, User

SEATS, AT_ONCE = 6, 2000


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who searches, in which unit, with which tokens."""

    person: User
    unit: Unit
    tokens: tuple[str, ...]


def make_searcher() -> Searcher:
    """An officer who sits in seven units."""
    office = make_office()
    for number in range(SEATS):
        unit = create_unit(
            code=f"B{number}", name=f"Ban số {number}", kind="WARD", tier=2, parent=office.top, actor=SETTER
        )
        post = create_post(unit=unit, title="Văn thư", roles=[Role.CLERK], actor=SETTER)
        appoint(user=office.clerk, post=post, valid_from=clock.today(), actor=SETTER)
    return Searcher(office.clerk, office.top, tuple(sorted(reader_tokens(office.clerk, clock.now()))))


class Shelves:
    """Puts papers into the database as they pass by on their way to the index."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self.types = list(DocumentType.objects.order_by("pk"))

    def keep(self, papers: Iterable[tuple[int, dict[str, Any]]]) -> Iterable[tuple[int, dict[str, Any]]]:
        rest = iter(papers)
        while some := list(islice(rest, AT_ONCE)):
            self._write(some)
            yield from some

    def _write(self, papers: list[tuple[int, dict[str, Any]]]) -> None:
        documents = [self._document(pk, fields) for pk, fields in papers]
        for document, (_pk, fields) in zip(documents, papers, strict=True):  # facets name what the office knows
            fields |= {"type_id": document.doc_type_id, "unit_id": document.owner_unit_id}
        Document.plain.bulk_create(documents)
        file = {
            "kind": "SCAN",
            "sha256": "0" * 64,
            "size": 1,
            "name": "a.pdf",
            "media_type": "application/pdf",
            "page_count": 1,
        }
        DocumentFile.plain.bulk_create(DocumentFile(pk=pk, document_id=pk, **file) for pk, _fields in papers)
        Page.plain.bulk_create(Page(file_id=pk, number=1, source="text", text=fields["body"]) for pk, fields in papers)
        DocumentAccess.objects.bulk_create(
            DocumentAccess(document_id=pk, token=token, cause="bench")
            for pk, fields in papers
            for token in fields["tokens"]
        )

    def _document(self, pk: int, fields: dict[str, Any]) -> Document:
        number, _, symbol = fields["symbol"].partition("/")
        return Document(
            pk=pk, owner_unit=self.searcher.unit, created_by=self.searcher.person, state=Validity.IN_FORCE,
            read_state=ReadState.READ, doc_type=self.types[pk % len(self.types)], number=number, symbol=symbol,
            symbol_norm=fields["symbol_norm"], issuer=fields["issuer"], issue_date=date.fromisoformat(fields["date"]),
            subject=fields["title"], confirmed_at=clock.now(), pages_total=1, pages_done=1,
        )  # fmt: skip
