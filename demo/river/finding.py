"""The paper is found without tone marks by those who may read it, and by nobody else."""

from __future__ import annotations

import re

from core import clock
from core.vietnamese import fold
from demo.acting import user
from demo.river.steps import expect
from demo.river.tale import CHAIR, OUTSIDER, Tale
from documents.models import Document
from search.services import index_pending, search_documents

QUERY_WORDS = 9
MANY = 100


def query_for(tale: Tale) -> str:
    """Number and symbol, or the subject's first words, without tone marks, as people type them."""
    if tale.document.number:
        return re.sub(r"[^a-z0-9]+", " ", fold(tale.document.full_symbol).lower()).strip()
    return " ".join(fold(tale.document.subject).lower().split()[:QUERY_WORDS])


def find(tale: Tale) -> str:
    """The chair finds the paper by number and symbol typed without tone marks."""
    expect(index_pending(), "Chỉ mục tìm kiếm chưa kịp cập nhật.")
    query = query_for(tale)
    result = search_documents(query=query, user=user(CHAIR), at=clock.now(), limit=MANY)
    found = [hit.document_id for hit in result.hits]
    expect(tale.document.pk in found, f"“{query}” không ra văn bản {tale.document.pk} trong {result.total} kết quả.")
    return f"“{query}”: kết quả thứ {found.index(tale.document.pk) + 1} trong {result.total}."


def find_by_words(tale: Tale) -> str:
    """The chair finds it by words of its subject, too."""
    query = " ".join(fold(tale.document.subject).lower().split())
    result = search_documents(query=query, user=user(CHAIR), at=clock.now(), limit=MANY)
    found = [hit.document_id for hit in result.hits]
    expect(tale.document.pk in found, f"“{query}” không ra văn bản {tale.document.pk} trong {result.total} kết quả.")
    return f"“{query}”: kết quả thứ {found.index(tale.document.pk) + 1} trong {result.total}."


def do_not_find(tale: Tale) -> str:
    """A clerk of a unit that did not get the paper finds nothing of it, nor its share in the count."""
    query, outsider = query_for(tale), user(OUTSIDER)
    expect(
        not Document.objects.visible_to(outsider).filter(pk=tale.document.pk).exists(),
        f"{outsider.full_name} không được xem văn bản này mà vẫn thấy trong kho.",
    )
    result = search_documents(query=query, user=outsider, at=clock.now(), limit=MANY)
    expect(tale.document.pk not in [hit.document_id for hit in result.hits], "Người ngoài vẫn tìm thấy văn bản.")
    return f"“{query}” do {outsider.full_name} (Tân Giang) tìm: {result.total} kết quả, không có văn bản này."
