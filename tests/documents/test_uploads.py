"""Papers come in: secrecy first, durable bytes, and nothing that tells of somebody else's paper."""

from __future__ import annotations

import io
import unicodedata
from datetime import date

import pytest

from core import ids
from documents import store
from documents.checks import files_have_their_hash, uploads_exist
from documents.models import Document, DocumentFile, ExtractedField, Page, ReadState, Validity
from documents.ocr import FileReading, PageReading
from documents.services.access import grant
from documents.services.confirmation import (
    AlreadyOfficial,
    IssuedFactsStand,
    NotConfirmable,
    ReasonMissing,
    StaleDocument,
    confirm_fields,
    correct_fields,
    withdraw_upload,
)
from documents.services.reading import finish_reading
from documents.services.registration import take_issue_number
from documents.services.uploads import Received, SecretPaperRefused, file_name, receive_upload
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office, blank_pdf, confirmed_paper, registered_case


def upload(
    office: Office, data: bytes = b"", *, by: str = "clerk", secrecy: str = "none", key: object = None
) -> Received:
    unit = office.province if by.startswith("province") else office.top
    return receive_upload(
        stream=io.BytesIO(data or blank_pdf()),
        name="chỉ thị.pdf",
        unit=unit,
        actor=actor_for(office.people[by]),
        secrecy=secrecy,
        receipt_key=key,  # type: ignore[arg-type]
    )


class TestReceiveUpload:
    def test_keeps_the_bytes_under_their_hash(self, office: Office) -> None:
        received = upload(office)

        assert store.hash_of(store.path_of(received.sha256)) == received.sha256
        assert uploads_exist().violations == files_have_their_hash().violations == []

    @pytest.mark.parametrize("secrecy", ["confidential", "secret", "top", ""])
    def test_refuses_any_degree_of_secrecy_before_a_byte_is_stored(
        self, office: Office, secrecy: str, settings: object
    ) -> None:
        with pytest.raises(SecretPaperRefused):
            upload(office, secrecy=secrecy)

        assert not list((settings.MEDIA_ROOT / "sha256").glob("*/*"))  # type: ignore[attr-defined]

    def test_gives_the_same_bytes_again_as_a_duplicate(self, office: Office) -> None:
        first, second = upload(office), upload(office)

        assert (second.is_duplicate, second.document.pk) == (True, first.document.pk)

    def test_tells_nothing_of_somebody_elses_paper(self, office: Office) -> None:
        first, other = upload(office), upload(office, by="province_clerk")

        assert (other.is_duplicate, other.document.pk == first.document.pk) == (False, False)

    def test_answers_the_same_form_posted_twice_with_the_same_paper(self, office: Office) -> None:
        key = ids.new_receipt_key()

        assert upload(office, key=key).document.pk == upload(office, blank_pdf("khác"), key=key).document.pk

    def test_is_the_clerks_alone(self, office: Office) -> None:
        with pytest.raises(NotAllowed):
            upload(office, by="outsider")

    def test_makes_names_harmless(self) -> None:
        assert file_name("../../etc/x\u202egpj.exe\x00") == "xgpj.exe"
        assert file_name("") == "van-ban"


class TestSameBytes:
    def test_are_a_duplicate_wherever_the_person_may_see_them(self, office: Office) -> None:
        document = upload(office).document
        grant(document=document, token=ids.office_token(office.province.pk, 0), cause="dispatch:1")

        received = upload(office, by="province_clerk")

        assert (received.is_duplicate, received.document.pk) == (True, document.pk)

    def test_of_a_withdrawn_upload_are_a_new_paper(self, office: Office) -> None:
        document = upload(office).document
        withdraw_upload(document=document, reason="Tải nhầm tệp", actor=actor_for(office.clerk))

        assert not upload(office).is_duplicate

    def test_of_a_hidden_draft_are_a_new_paper(self, office: Office) -> None:
        """Who received the issued paper learns nothing of the drafts before it."""
        document = upload(office).document
        DocumentFile.plain.filter(document=document).update(kind=DocumentFile.Kind.DRAFT)
        grant(document=document, token=ids.office_token(office.province.pk, 0), cause="dispatch:1")

        assert not upload(office, by="province_clerk").is_duplicate
        assert not DocumentFile.objects.visible_to(office.province_clerk).filter(document=document).exists()
        assert DocumentFile.objects.visible_to(office.chair).filter(document=document).exists()


class TestQuarantine:
    def test_stores_no_text_and_leaves_the_paper_to_the_security_officer(self, office: Office) -> None:
        document = upload(office).document
        Document.plain.filter(pk=document.pk).update(read_state=ReadState.READING)
        page = PageReading(number=1, source="ocr", text="nội dung mật")

        reading = FileReading(status="quarantined", pages=(page,), page_count=1, secrecy_mark="MẬT")
        finish_reading(document=document, file=document.files.get(), reading=reading, seconds=1)

        document.refresh_from_db()
        assert document.state == Validity.QUARANTINED
        assert not Page.plain.exists()
        assert not ExtractedField.plain.exists()
        assert not Document.objects.visible_to(office.clerk).exists()


class TestConfirmFields:
    def test_composes_decomposed_letters(self, office: Office) -> None:
        document = confirmed_paper(office, subject=unicodedata.normalize("NFD", "về đẩy mạnh"))

        assert document.subject == "về đẩy mạnh"

    def test_refuses_an_old_page(self, office: Office) -> None:
        document = upload(office).document

        with pytest.raises(StaleDocument):
            confirm_fields(document=document, values={}, actor=actor_for(office.clerk), expected_version=9)

    def test_derives_the_normal_form_of_the_symbol(self, office: Office) -> None:
        assert confirmed_paper(office).symbol_norm == "5/ct-tld"

    def test_is_over_once_the_paper_stands_in_a_book(self, office: Office) -> None:
        case = registered_case(office)

        with pytest.raises(AlreadyOfficial):
            confirm_fields(
                document=case.document, values={}, actor=actor_for(office.clerk), expected_version=case.document.version
            )


class TestCorrectFields:
    def test_leaves_what_was_issued(self, office: Office) -> None:
        document = confirmed_paper(office)
        take_issue_number(document=document, unit=office.top, issued_on=date(2026, 2, 3), actor=actor_for(office.clerk))

        with pytest.raises(IssuedFactsStand):
            correct_fields(
                document=document,
                values={"number": "6"},
                reason="Nhầm",
                actor=actor_for(office.clerk),
                expected_version=2,
            )

    def test_is_for_confirmed_papers(self, office: Office) -> None:
        with pytest.raises(NotConfirmable):
            correct_fields(
                document=upload(office).document,
                values={},
                reason="Nhầm",
                actor=actor_for(office.clerk),
                expected_version=1,
            )

    def test_asks_for_a_reason(self, office: Office) -> None:
        document = confirmed_paper(office)

        with pytest.raises(ReasonMissing):
            correct_fields(document=document, values={}, reason=" ", actor=actor_for(office.clerk), expected_version=2)

    def test_changes_what_is_given_and_nothing_else(self, office: Office) -> None:
        document = confirmed_paper(office)

        document = correct_fields(
            document=document,
            values={"subject": "về việc khác"},
            reason="Gõ nhầm",
            actor=actor_for(office.clerk),
            expected_version=2,
        )

        assert (document.subject, document.full_symbol) == ("về việc khác", "05/CT-TLĐ")


class TestWithdrawUpload:
    def test_takes_an_unconfirmed_upload_back(self, office: Office) -> None:
        document = upload(office).document

        withdraw_upload(document=document, reason="Tải nhầm tệp", actor=actor_for(office.clerk))

        document.refresh_from_db()
        assert document.state == Validity.WITHDRAWN
        assert DocumentFile.plain.filter(document=document).exists()

    def test_leaves_a_confirmed_paper_alone(self, office: Office) -> None:
        with pytest.raises(NotConfirmable):
            withdraw_upload(document=confirmed_paper(office), reason="Tải nhầm", actor=actor_for(office.clerk))


class TestVisibility:
    SEES = {
        "clerk": True,
        "chief": True,
        "chair": True,
        "province_clerk": False,
        "ward_officer": False,
        "outsider": False,
    }

    @pytest.mark.parametrize("name", list(SEES))
    def test_of_a_units_own_paper(self, office: Office, name: str) -> None:
        document = confirmed_paper(office)

        assert Document.objects.visible_to(office.people[name]).filter(pk=document.pk).exists() == self.SEES[name]
