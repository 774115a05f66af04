"""People of the demo office act as they would by the pages: in a post, through the services."""

from __future__ import annotations

import time
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from core import clock
from demo.river.steps import StepFailed, expect
from documents.models import DocumentType, ReadState, Urgency
from documents.services.confirmation import confirm_fields
from documents.services.reading import READ_QUEUES
from jobs.services import run_waiting, wait_until, workers_alive
from organizations.models import Unit, User
from organizations.selectors import find_unit, posts_of
from organizations.services import actor_for
from workflow.models import DocumentProcess, WorkItem
from workflow.services import complete

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.models import Actor
    from documents.models import Document
    from organizations.models import Post

READING_LIMIT_SECONDS, PATIENCE_SECONDS = 540, 30
FIELDS = (
    "issuer", "parent", "number", "symbol", "place", "date", "type", "subject", "signer", "signer_title", "urgency", "due",
)  # fmt: skip
COLUMNS = {"type": "doc_type", "date": "issue_date", "due": "due_date", "parent": "parent_organ"}
URGENCIES = {"khẩn": Urgency.URGENT, "thượng khẩn": Urgency.VERY_URGENT, "hỏa tốc": Urgency.IMMEDIATE}


def unit(code: str) -> Unit:
    """Find a unit of the demo office."""
    return find_unit(code)


def user(username: str) -> User:
    """Find a person of the demo office."""
    return User.objects.get(username=username)


def post(username: str, unit_code: str | None = None) -> Post:
    """Return the post a person holds, in a unit if they hold several."""
    held = posts_of(user(username), clock.now())
    return next(post for post in held if unit_code is None or post.unit.code == unit_code)


def actor(username: str, unit_code: str | None = None) -> Actor:
    """Let a person act in the post they hold in a unit, otherwise in their first one."""
    return actor_for(user(username), post=post(username, unit_code), channel="command")


def open_item(document: Document, holder_unit: Unit, node: str, **filters: Any) -> WorkItem:
    """Find the one open work item on a paper at a node."""
    rows = WorkItem.objects.filter(document=document, unit=holder_unit, node=node, state="OPEN", **filters)
    item = rows.order_by("task_id").first()
    if item is None:
        raise StepFailed(f"Không có việc đang mở ở bước “{node}” của {holder_unit.name}.")
    return item


def version_of(item: WorkItem) -> int:
    """The version of the case as the person sees it now."""
    version: int = DocumentProcess.objects.values_list("version", flat=True).get(pk=item.task.process_id)
    return version


def act(username: str, item: WorkItem, action: str, payload: Mapping[str, Any], *, post_of: str | None = None) -> None:
    """Complete a work item as a person would by its form."""
    complete(
        task_id=item.task_id,
        actor=actor(username, post_of),
        action=action,
        payload=dict(payload),
        expected_version=version_of(item),
        receipt_key=uuid.uuid4(),
    )


def confirm_as(username: str, document: Document, words: Mapping[str, str]) -> None:
    """
    Confirm a paper by the words of the sample index: type by its name, dates in ISO, urgency as stamped.

    A word that no register understands is left out rather than guessed.
    """
    document.refresh_from_db()
    values: dict[str, Any] = {COLUMNS.get(name, name): words.get(name) or "" for name in FIELDS}
    values["doc_type"] = DocumentType.objects.filter(name__iexact=values["doc_type"]).first()
    values["issue_date"] = _date(values["issue_date"])
    values["due_date"] = _date(values["due_date"])
    values["urgency"] = URGENCIES.get(str(values["urgency"]).casefold(), Urgency.NONE)
    confirm_fields(document=document, values=values, actor=actor(username), expected_version=document.version)
    document.refresh_from_db()


def _date(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def read_now(document: Document) -> None:
    """
    Wait until a paper is read: by the worker if one lives, otherwise in this process.

    A heart that beat half a minute ago may have stopped since, so after a while this process lends a hand.
    """

    def is_read() -> bool:
        document.refresh_from_db()
        return document.read_state not in {ReadState.QUEUED, ReadState.READING}

    end = time.monotonic() + READING_LIMIT_SECONDS
    while not is_read() and time.monotonic() < end:
        if workers_alive() and wait_until(is_read, seconds=PATIENCE_SECONDS):
            return
        run_waiting(READ_QUEUES, until=is_read, seconds=PATIENCE_SECONDS)
    expect(is_read(), "Quá thời gian chờ nhận dạng.")
