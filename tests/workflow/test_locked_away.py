"""A paper that turns out to be secret while somebody works on it leaves every desk (domain.md 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.models import AuditEntry
from core import clock
from documents.models import Document, ReadState, Validity
from documents.ocr import FileReading
from documents.services.reading import finish_reading, newest_file
from tests.factories.offices import Office, act, drafted, registered_case
from workflow import selectors
from workflow.checks import items_mirror_tasks
from workflow.models import IncomingCase, OutgoingCase

if TYPE_CHECKING:
    from organizations.models import User


def turn_out_secret(document: Document) -> None:
    Document.plain.filter(pk=document.pk).update(read_state=ReadState.READING)
    secret = FileReading(status="quarantined", secrecy_mark="MẬT")
    finish_reading(document=document, file=newest_file(document), reading=secret, seconds=1)


def waits_for(person: User) -> int:
    return len(selectors.inbox(person, at=clock.now()).rows)


class TestLockedAway:
    def test_an_arrival_leaves_the_leader_s_desk(self, office: Office) -> None:
        case = registered_case(office)
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="Kính trình")
        assert waits_for(office.chair) == 1

        turn_out_secret(case.document)

        assert (waits_for(office.chair), waits_for(office.clerk)) == (0, 0)
        case.refresh_from_db()
        assert case.state == IncomingCase.State.LOCKED
        assert items_mirror_tasks().violations == []

    def test_a_draft_leaves_the_drafter_s_desk(self, office: Office) -> None:
        document = drafted(office)
        assert waits_for(office.chief) == 1

        turn_out_secret(document)

        assert waits_for(office.chief) == 0
        document.refresh_from_db()
        assert document.state == Validity.QUARANTINED
        assert OutgoingCase.plain.get().state == OutgoingCase.State.LOCKED
        assert items_mirror_tasks().violations == []
        assert AuditEntry.objects.filter(act="workflow.case.locked_away").count() == 1
