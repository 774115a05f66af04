"""A mail whose paper turns out to be secret: what stays of it beside other papers, in the mailbox's rows and on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from documents import store
from documents.intake.mail import take_mail
from documents.intake.mailbox import mailbox
from documents.models import Arrival, Document, DocumentFile, Mail
from documents.services.quarantine import REMOVE_JOB, hand_over
from documents.tasks import remove_bytes
from jobs.health import unfinished
from organizations.models import Role
from organizations.services import actor_for
from tests.documents.test_mail import letter, pdf
from tests.documents.test_quarantine import lock
from tests.factories.offices import Office, add_person

if TYPE_CHECKING:
    from pathlib import Path

BOX = mailbox("imaps://vanthu:x@mail.example/INBOX?unit=TLD")
RAW = letter(pdf("mật", "1.pdf"), pdf("thường", "2.pdf"))


@pytest.fixture
def guarded(office: Office) -> Office:
    add_person(office, "officer", office.top, "Cán bộ bảo mật", [Role.SECURITY_OFFICER])
    return office


def take(office: Office, raw: bytes = RAW, *, numbering: int = 7, uid: int = 1) -> list[Document]:
    fetched = take_mail(BOX, numbering, uid, office.top, raw)
    return [Document.plain.get(pk=pk) for pk in fetched.documents]


def hand_over_now(office: Office, document: Document) -> None:
    hand_over(document=document, note="tủ số 2", actor=actor_for(office.officer))
    remove_now()


def remove_now() -> None:
    for arguments in unfinished(REMOVE_JOB):
        remove_bytes(**arguments)


def kept() -> set[str]:
    """The hashes of all bytes on the disk."""
    folder: Path = store.path_of("00").parent.parent
    return {path.name for path in folder.glob("*/*")}


class TestLock:
    def test_takes_the_subject_of_the_mail_from_the_papers_beside_it(self, guarded: Office) -> None:
        secret, other = take(guarded)
        [elsewhere] = take(guarded, letter(pdf("khác"), message_id="<2@so.example>"), uid=2)

        lock(secret)

        subjects = dict(Arrival.objects.values_list("document", "subject"))
        assert subjects == {secret.pk: "", other.pk: "", elsewhere.pk: "Gửi công văn số 12/SNV-TH"}
        assert Arrival.objects.get(document=other).sender == "Sở Nội vụ <vanthu@so.example>"


class TestHandOver:
    def test_leaves_of_the_mail_the_other_paper_alone(self, guarded: Office) -> None:
        secret, other = take(guarded)
        before = kept()

        hand_over_now(guarded, lock(secret))

        [left] = DocumentFile.plain.filter(removed_at=None)
        assert left.document == other
        assert before & kept() == {left.sha256}

    @pytest.mark.parametrize("numbered_anew_first", [True, False])
    def test_takes_the_mail_also_where_the_mailbox_numbered_it_anew(
        self, guarded: Office, numbered_anew_first: bool
    ) -> None:
        secret, other = take(guarded)
        if numbered_anew_first:
            take(guarded, numbering=8)
            hand_over_now(guarded, lock(secret))
        else:
            hand_over_now(guarded, lock(secret))
            take(guarded, numbering=8)
            remove_now()

        assert set(Mail.objects.values_list("sha256", flat=True)) == {""}
        assert kept() == {other.files.get().sha256}

    def test_takes_the_mail_also_where_it_came_again_by_another_way(self, guarded: Office) -> None:
        secret, other = take(guarded)
        take(guarded, b"Received: by list.example\r\n" + RAW, uid=2)

        hand_over_now(guarded, lock(secret))

        assert kept() == {other.files.get().sha256}

    def test_leaves_another_mail_of_the_same_id(self, guarded: Office) -> None:
        [secret, _other], [own] = take(guarded), take(guarded, letter(pdf("khác")), uid=2)

        hand_over_now(guarded, lock(secret))

        assert set(own.files.values_list("sha256", flat=True)) <= kept()
        assert Mail.objects.get(uid=2).sha256 in kept()
