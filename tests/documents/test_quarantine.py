"""What was locked away: the security officer's list, handing over, releasing; nobody else learns that there is anything."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from audit.models import AuditEntry
from documents import store
from documents.checks import files_have_their_hash, uploads_exist
from documents.intake.folder import look
from documents.models import Arrival, Document, DocumentFile, Page, ReadState, Validity
from documents.ocr import FileReading
from documents.selectors import quarantined
from documents.services.confirmation import ReasonMissing
from documents.services.quarantine import DraftStaysLocked, NotLockedAway, hand_over, release
from documents.services.reading import finish_reading, newest_file, read_document
from documents.services.uploads import attach, receive_upload, take_in
from documents.tasks import remove_bytes
from organizations.models import Role
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office, add_person, drafted, make_office
from tests.factories.papers import chain_now, uploaded
from tests.processes import somebody_waits, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries

ADDRESS = "documents:quarantine"
NAME = "ke-hoach-khong-ai-biet.pdf"
SECRET = FileReading(status="quarantined", page_count=1, secrecy_mark="MẬT")
MOST_QUERIES = 16


def lock(document: Document) -> Document:
    Document.plain.filter(pk=document.pk).update(read_state=ReadState.READING)
    finish_reading(document=document, file=newest_file(document), reading=SECRET, seconds=1)
    document.refresh_from_db()
    return document


def locked(office: Office, by: str = "clerk") -> Document:
    person = office.people[by]
    unit = office.province if by.startswith("province") else office.top
    return lock(uploaded(by=person, unit=unit, name=NAME))


def sha_of(document: Document) -> str:
    return str(DocumentFile.plain.get(document=document).sha256)


@pytest.fixture
def guarded(office: Office) -> Office:
    add_person(office, "officer", office.top, "Cán bộ bảo mật", [Role.SECURITY_OFFICER])
    add_person(office, "province_officer", office.province, "Cán bộ bảo mật", [Role.SECURITY_OFFICER])
    return office


class TestList:
    def test_says_who_brought_it_when_and_for_which_unit_and_nothing_of_it(self, guarded: Office, client: Any) -> None:
        document = locked(guarded)
        client.force_login(guarded.officer)

        page = client.get(reverse(ADDRESS)).content.decode()

        assert guarded.clerk.full_name in page
        assert guarded.top.name in page
        assert f"{localtime(document.created_at):%Y-%m-%d}" in page
        assert NAME not in page
        assert "/tep/" not in page

    def test_is_of_the_officer_s_own_unit(self, guarded: Office) -> None:
        document = locked(guarded)

        assert list(quarantined(guarded.officer)) == [document]
        assert not quarantined(guarded.province_officer).exists()

    @pytest.mark.parametrize("name", ["clerk", "chief", "chair", "deputy", "province_clerk", "outsider"])
    def test_is_not_there_for_anybody_else_nor_in_their_menu(self, guarded: Office, client: Any, name: str) -> None:
        document = locked(guarded)
        client.force_login(guarded.people[name])

        assert client.get(reverse(ADDRESS)).status_code == 404
        assert reverse(ADDRESS) not in client.get("/").content.decode()
        for act in ("hand-over", "release"):
            assert client.post(reverse(f"documents:{act}", args=[document.pk]), {"reason": "x"}).status_code == 404
        assert not quarantined(guarded.people[name]).exists()

    def test_opens_no_file_and_no_picture_of_a_page(self, guarded: Office, client: Any) -> None:
        document = locked(guarded)
        file = DocumentFile.plain.get(document=document)
        client.force_login(guarded.officer)

        download = client.get(reverse("documents:file", args=[document.pk, file.pk]))
        part = client.get(reverse("documents:page-part", args=[document.pk, file.pk, 1, 0, 0, 500, 100]))
        page = client.get(reverse("desk:paper", args=[document.pk])).content.decode()

        assert (download.status_code, part.status_code) == (404, 404)
        assert NAME not in page

    def test_costs_as_much_for_many_rows_as_for_one(
        self, guarded: Office, client: Any, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(6):
            locked(guarded)
        client.force_login(guarded.officer)

        with django_assert_max_num_queries(MOST_QUERIES):
            assert len(client.get(reverse(ADDRESS)).context["page"].object_list) == 6


class TestHandOver:
    def test_takes_bytes_and_name_and_leaves_the_record(self, guarded: Office) -> None:
        document = locked(guarded)
        sha256 = sha_of(document)

        hand_over(document=document, note="tủ số 2", actor=actor_for(guarded.officer))
        remove_bytes(sha256=sha256)
        chain_now()

        assert not store.path_of(sha256).exists()
        assert DocumentFile.plain.get(document=document).name == ""
        assert not quarantined(guarded.officer).exists()
        entry = AuditEntry.objects.get(act="documents.document.handed_over")
        assert (entry.data["note"], entry.actor["name"]) == ("tủ số 2", guarded.officer.full_name)
        assert files_have_their_hash().violations == uploads_exist().violations == []

    def test_leaves_bytes_that_another_paper_is_made_of(self, guarded: Office) -> None:
        document, other = locked(guarded), locked(guarded, by="province_clerk")
        sha256 = sha_of(document)
        DocumentFile.plain.filter(document=other).update(sha256=sha256)

        hand_over(document=document, note="tủ số 2", actor=actor_for(guarded.officer))
        remove_bytes(sha256=sha256)
        assert store.path_of(sha256).exists()
        hand_over(document=other, note="tủ số 3", actor=actor_for(guarded.province_officer))
        remove_bytes(sha256=sha256)

        assert not store.path_of(sha256).exists()

    def test_takes_the_file_out_of_the_watched_folder_too(self, guarded: Office, settings: Any, tmp_path: Any) -> None:
        settings.INTAKE_FOLDER = str(tmp_path / "scan")
        (tmp_path / "scan" / guarded.top.code).mkdir(parents=True)
        (tmp_path / "scan" / guarded.top.code / NAME).write_bytes(marked_pdf())
        look(tmp_path / "scan", seconds=0)
        arrival = Arrival.objects.get()
        document = lock(arrival.document)  # type: ignore[arg-type]
        assert (tmp_path / "scan" / arrival.place).is_file()

        hand_over(document=document, note="tủ số 2", actor=actor_for(guarded.officer))
        remove_bytes(sha256=sha_of(document))

        assert [path for path in (tmp_path / "scan").rglob("*") if path.is_file()] == []
        arrival.refresh_from_db()
        assert (arrival.name, arrival.place) == ("", "")

    def test_happens_once(self, guarded: Office) -> None:
        document = locked(guarded)
        hand_over(document=document, note="tủ", actor=actor_for(guarded.officer))

        with pytest.raises(NotLockedAway):
            hand_over(document=document, note="tủ", actor=actor_for(guarded.officer))
        with pytest.raises(NotLockedAway):
            release(document=document, reason="không mật", actor=actor_for(guarded.officer))

    def test_wants_to_know_where_to(self, guarded: Office) -> None:
        with pytest.raises(ReasonMissing):
            hand_over(document=locked(guarded), note=" ", actor=actor_for(guarded.officer))

    @pytest.mark.parametrize("name", ["clerk", "chair", "province_officer"])
    def test_is_the_security_officer_s(self, guarded: Office, name: str) -> None:
        document = locked(guarded)

        for act, words in ((hand_over, {"note": "x"}), (release, {"reason": "x"})):
            with pytest.raises(NotAllowed):
                act(document=document, actor=actor_for(guarded.people[name]), **words)

        assert Document.plain.get(pk=document.pk).state == Validity.QUARANTINED


@pytest.mark.django_db(transaction=True)
class TestRemoveBytes:
    """The same bytes come in anew while the job that removes them runs: a paper without bytes is what must never be."""

    def test_waits_for_a_paper_that_is_about_to_be_made_of_them(self, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path / "files"
        office = make_office()
        kept = store.keep(io.BytesIO(b"mot"))

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                take_in(kept, NAME, office.top, office.clerk)
                removed = pool.submit(removed_elsewhere, kept.sha256)
                wait_for(lambda: removed.done() or somebody_waits())
            removed.result(30)

        assert store.path_of(kept.sha256).exists()
        assert files_have_their_hash().violations == []

    def test_just_before_makes_no_paper_of_nothing(self, office: Office) -> None:
        kept = store.keep(io.BytesIO(b"mot"))
        remove_bytes(sha256=kept.sha256)

        with pytest.raises(FileNotFoundError):
            take_in(kept, NAME, office.top, office.clerk)


def removed_elsewhere(sha256: str) -> None:
    """By another session, as a worker's."""
    try:
        remove_bytes(sha256=sha256)
    finally:
        connections.close_all()


class TestMail:
    def test_beside_another_paper_is_kept_from_its_readers(self, guarded: Office) -> None:
        """A mail with two papers holds both: whoever reads the open one must not find the locked one in it."""
        first, second = uploaded(by=guarded.clerk, unit=guarded.top), uploaded(by=guarded.clerk, unit=guarded.top)
        mail = store.keep(io.BytesIO(b"From: a\n\nhai tep"))
        for document in (first, second):
            attach(document=document, kept=mail, name="thu.eml", kind=DocumentFile.Kind.ATTACHMENT)

        lock(first)

        assert not DocumentFile.plain.filter(document=second, kind=DocumentFile.Kind.ATTACHMENT).exists()
        hand_over(document=first, note="tủ", actor=actor_for(guarded.officer))
        remove_bytes(sha256=mail.sha256)
        assert not store.path_of(mail.sha256).exists()


class TestRelease:
    def test_gives_the_paper_back_to_its_office_and_to_the_reader(self, guarded: Office) -> None:
        document = locked(guarded)

        release(document=document, reason="dấu của bìa cũ", actor=actor_for(guarded.officer))

        document.refresh_from_db()
        assert (document.state, document.read_state) == (Validity.UNCONFIRMED, ReadState.QUEUED)
        assert Document.objects.visible_to(guarded.clerk).filter(pk=document.pk).exists()
        assert not Document.objects.visible_to(guarded.officer).filter(pk=document.pk).exists()
        assert AuditEntry.objects.get(act="documents.document.found_not_secret").data["reason"] == "dấu của bìa cũ"

    def test_lets_the_real_reader_pass_over_the_mark(self, guarded: Office) -> None:
        """A text page whose letterhead holds the word alone on its line: locked away once, read after the release."""
        document = receive_upload(
            stream=io.BytesIO(marked_pdf()), name=NAME, unit=guarded.top, actor=actor_for(guarded.clerk), secrecy="none"
        ).document
        read_document(document_id=document.pk)
        document.refresh_from_db()
        assert document.state == Validity.QUARANTINED
        assert not Page.plain.exists()

        release(document=document, reason="tên một người", actor=actor_for(guarded.officer))
        read_document(document_id=document.pk)

        document.refresh_from_db()
        assert (document.state, document.read_state) == (Validity.UNCONFIRMED, ReadState.READ)
        assert "Kính gửi" in Page.plain.get().text

    def test_is_not_for_drafts(self, guarded: Office) -> None:
        document = lock(drafted(guarded))

        with pytest.raises(DraftStaysLocked):
            release(document=document, reason="x", actor=actor_for(guarded.officer))

        document.refresh_from_db()
        assert document.state == Validity.QUARANTINED


class TestPage:
    def test_releases_and_hands_over_and_comes_back(self, guarded: Office, client: Any) -> None:
        first, second = locked(guarded), locked(guarded)
        client.force_login(guarded.officer)

        for act, document in (("release", first), ("hand-over", second)):
            answer = client.post(reverse(f"documents:{act}", args=[document.pk]), {"reason": "tủ số 2"})
            assert answer.headers["Location"] == reverse(ADDRESS)

        assert Document.plain.get(pk=first.pk).state == Validity.UNCONFIRMED
        assert DocumentFile.plain.get(document=second).removed_at is not None
        assert not client.get(reverse(ADDRESS)).context["page"].object_list

    def test_wants_a_reason(self, guarded: Office, client: Any) -> None:
        document = locked(guarded)
        client.force_login(guarded.officer)

        page = client.post(reverse("documents:release", args=[document.pk]), {"reason": ""}, follow=True)

        assert "lý do" in page.content.decode()
        assert Document.plain.get(pk=document.pk).state == Validity.QUARANTINED


def marked_pdf() -> bytes:
    """A scan without colour of one page with the word MẬT in the left of its letterhead."""
    from PIL import Image, ImageDraw

    from demo.scans.fonts import face

    page = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(page)
    pen.text((200, 180), "LIÊN ĐOÀN LAO ĐỘNG", fill=0, font=face("Bold", 9))
    pen.text((260, 420), "MẬT", fill=0, font=face("Bold", 12))
    for line in range(12):
        pen.text(
            (200, 700 + 60 * line), "Kính gửi các công đoàn cơ sở trực thuộc, để biết", fill=0, font=face("Regular", 9)
        )
    out = io.BytesIO()
    page.save(out, "PDF", resolution=200)
    return out.getvalue()
