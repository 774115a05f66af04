"""The clerk's queue: every upload that is not in the book yet, how far it is, and how long the rest will take (ux.md S3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet, Sum

from core import clock
from documents.models import Document, ReadState, Validity
from documents.selectors import title_words, uploads_of
from documents.words import age_words, left_words, reason_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from organizations.models import Unit, User

MEASURED_PAPERS = 20  # the pace of the machine as it is now, not of last month
STAGES: dict[str, Q] = {
    "reading": Q(read_state__in=[ReadState.QUEUED, ReadState.READING]),
    "failed": Q(read_state__in=[ReadState.FAILED, ReadState.PARTIAL], state=Validity.UNCONFIRMED),
    "confirm": Q(read_state__in=[ReadState.READ], state=Validity.UNCONFIRMED),
    "register": ~Q(state=Validity.UNCONFIRMED) & ~Q(read_state__in=[ReadState.QUEUED, ReadState.READING]),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One upload as the queue shows it; `left` is how long its pages will take, where that can be told."""

    document: Document
    title: str
    stage: str
    reason: str
    left: str

    @property
    def is_under_way(self) -> bool:
        return self.stage == "reading"

    @property
    def can_be_read_again(self) -> bool:
        return self.document.read_state in {ReadState.FAILED, ReadState.PARTIAL}

    @property
    def since(self) -> datetime:
        return self.document.created_at

    @property
    def age(self) -> str:
        return age_words((clock.now() - self.since).total_seconds())


@dataclass(frozen=True, slots=True)
class Progress:
    """All readings of the queue together."""

    papers: int
    done: int
    total: int
    left: str


def queue_of(unit: Unit, user: User, stage: str) -> QuerySet[Document]:
    """The unit's uploads at one stage, or at every stage for another word, newest first."""
    return uploads_of(unit, user).filter(STAGES.get(stage, Q()))


def next_to_confirm(unit: Unit, user: User) -> tuple[Document | None, int]:
    """The upload that has waited longest to be confirmed, and how many wait; two queries."""
    waiting = queue_of(unit, user, "confirm").prefetch_related(None).order_by("id")
    return waiting.first(), waiting.count()


def stage_counts(unit: Unit, user: User) -> dict[str, int]:
    """How many uploads are at each stage; one query."""
    counts = {name: Count("pk", filter=rule, distinct=True) for name, rule in STAGES.items()}
    return dict(uploads_of(unit, user).order_by().aggregate(**counts))


def waiting_rows(documents: Iterable[Document], pace: float | None) -> list[Waiting]:
    """Uploads of `queue_of` as they are shown."""
    return [_row(document, pace) for document in documents]


def _row(document: Document, pace: float | None) -> Waiting:
    stage = _stage_of(document)
    left = document.pages_total - document.pages_done
    return Waiting(
        document=document, title=title_words(document), stage=stage, reason=reason_words(document.read_reason),
        left=left_words(left * pace) if pace and stage == "reading" and left > 0 else "",
    )  # fmt: skip


def _stage_of(document: Document) -> str:
    """`STAGES` of one row."""
    if document.read_state in {ReadState.QUEUED, ReadState.READING}:
        return "reading"
    if document.state != Validity.UNCONFIRMED:
        return "register"
    return "failed" if document.read_state in {ReadState.FAILED, ReadState.PARTIAL} else "confirm"


def seconds_per_page(user: User) -> float | None:
    """What a page took lately, by the newest papers that the person may see; None before any was measured."""
    read = Document.objects.visible_to(user).filter(read_seconds__gt=0, pages_done__gt=0)
    newest = read.order_by("-id").values("read_seconds", "pages_done")[:MEASURED_PAPERS]
    sums = newest.aggregate(seconds=Sum("read_seconds"), pages=Sum("pages_done"))
    return sums["seconds"] / sums["pages"] if sums["pages"] else None


def progress_of(unit: Unit, user: User, pace: float | None) -> Progress | None:
    """Everything that is still to be read, or None; a paper whose pages nobody has counted yet counts as one page."""
    under_way = uploads_of(unit, user).filter(STAGES["reading"]).order_by().distinct()
    pages = list(under_way.prefetch_related(None).values_list("pages_done", "pages_total", "pk"))
    if not pages:
        return None
    done, total = sum(done for done, _total, _pk in pages), sum(max(total, 1) for _done, total, _pk in pages)
    return Progress(len(pages), done, total, left_words((total - done) * pace) if pace else "")
