"""The office in which the story of the visibility machine happens, and its acts through the real services."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F

from audit.models import Actor
from core import clock, ids
from documents.models import Document, DocumentType
from documents.ocr import FileReading
from documents.services.drafting import create_draft
from documents.services.reading import finish_reading, newest_file
from organizations.models import Appointment, Delegation, Role, Unit
from organizations.selectors import posts_of
from organizations.services import actor_for
from tests.factories.organizations import fresh, make_department, make_post, make_unit, make_user
from tests.factories.papers import some_pdf, uploaded
from tests.rights.oracle import Seat
from workflow import services
from workflow.models import WorkItem
from workflow.selectors import process_of

if TYPE_CHECKING:
    from organizations.models import Post, User

SYSTEM = Actor.system("tests")
WORD = "kim cương"
# unit, roles: D is a department of A; B stands below A, C below B and has no clerk
SEATS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("A", ("clerk",)), ("A", ("leader", "chair")), ("D", ("dept_head",)), ("D", ("specialist",)), ("A", ("security_officer",)),
    ("D", ("sys_admin",)), ("B", ("clerk", "leader")), ("B", ("specialist",)), ("C", ("leader",)), ("C", ()),
)  # fmt: skip
PEOPLE = 8
ORGAN = {"A": "A", "D": "A", "B": "B", "C": "C"}


def seats() -> list[Seat]:
    """The same seats in the oracle's terms."""
    return [Seat(unit, ORGAN[unit], frozenset(roles)) for unit, roles in SEATS]


class World:
    """Units, posts and people in the database."""

    def __init__(self) -> None:
        top = make_unit("A", kind=Unit.Kind.CONFEDERATION, tier=1)
        department = make_department(top, "D")
        below = make_unit("B", parent=top)
        bottom = make_unit("C", kind=Unit.Kind.WARD, tier=3, parent=below)
        self.units = {unit.code: Unit.objects.get(pk=unit.pk) for unit in (top, department, below, bottom)}
        self.posts: list[Post] = [
            make_post(self.units[unit], *map(Role, roles), title=f"Chức danh {number}")
            for number, (unit, roles) in enumerate(SEATS)
        ]
        self.people: list[User] = [make_user(f"nguoi-{number}") for number in range(PEOPLE)]

    def person(self, number: int) -> User:
        """As the next request sees them."""
        return fresh(self.people[number])

    def actor(self, number: int, organ: str) -> Actor:
        """A person at work for an organ: in their own post there, if they have one."""
        person = self.person(number)
        own = [post for post in posts_of(person, clock.now()) if post.unit.organ.code == organ]
        return actor_for(person, post=own[0] if own else None)

    def pass_days(self, days: int) -> None:
        """Time goes on: everything that has dates has happened longer ago."""
        span = timedelta(days=days)
        # Dates that follow each other are moved together, or a constraint would see them in disorder.
        Delegation.objects.update(valid_from=F("valid_from") - span, valid_to=F("valid_to") - span)
        Appointment.objects.filter(valid_to__isnull=False).update(
            valid_from=F("valid_from") - span, valid_to=F("valid_to") - span
        )
        Appointment.objects.filter(valid_to__isnull=True).update(valid_from=F("valid_from") - span)

    # --- papers -----------------------------------------------------------------------------------------------------------

    def upload(self, by: int, unit: str, *, is_read: bool) -> Document:
        pages = [f"Văn bản có chữ {WORD}"] if is_read else []
        return uploaded(*pages, by=self.person(by), unit=self.units[unit])

    def lock_away(self, document: Document) -> None:
        secret = FileReading(status="quarantined", secrecy_mark="MẬT")
        finish_reading(document=document, file=newest_file(document), reading=secret, seconds=1)

    def draft(self, by: int, unit: str, signer: int) -> Document:
        actor = self.actor(by, unit)
        document = create_draft(
            unit=self.units[unit], doc_type=DocumentType.objects.get(abbreviation="KH"), subject=f"Kế hoạch {WORD}",
            stream=io.BytesIO(some_pdf()), name="kh.pdf", actor=actor, secrecy="none",
        )  # fmt: skip
        services.start_outgoing(
            document=document, signer_post=self.posts[signer], recipients=[self.units["B"].pk], actor=actor
        )
        return document

    def step(self, document: Document, node: str, unit: str) -> WorkItem | None:
        """The open piece of work at a step of a unit's own procedure."""
        rows = WorkItem.objects.filter(document=document, unit=self.units[unit], node=node, state=WorkItem.State.OPEN)
        return rows.order_by("pk").first()

    def seat_of(self, item: WorkItem) -> int | None:
        """The seat for which it waits, if it waits for one."""
        waiting = [number for number, post in enumerate(self.posts) if ids.post_key(post.pk) == item.holder]
        return waiting[0] if waiting else None

    def complete(self, item: WorkItem, by: int, unit: str, action: str, **payload: Any) -> None:
        services.complete(
            task_id=item.pk, actor=self.actor(by, unit), action=action, payload=payload,
            expected_version=process_of(item).version, receipt_key=ids.new_receipt_key(),
        )  # fmt: skip

    def forget_jobs(self) -> None:
        """Nobody works here; a queue that only grows would be read again and again."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
