"""The river through the addresses that pages post to: what a form sends is what a service takes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import clock, ids
from documents.models import Document, DocumentType, ReadState
from exchange.models import Delivery
from organizations.models import User
from tests.factories.offices import Office, blank_pdf, registered_case
from workflow import selectors


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def do(person: User, document: Document, action: str, **facts: Any) -> Any:
    """Open the page of the paper, take version and receipt from its form, post the action."""
    client = browser(person)
    page = client.get(reverse("desk:paper", args=[document.pk])).content.decode()
    (item, *_others) = selectors.open_items(document, person, clock.now())
    form = page[page.index(reverse("workflow:complete", args=[item.pk])) :]
    version, receipt = (re.search(rf'name="{name}" value="([^"]+)"', form) for name in ("version", "receipt_key"))
    assert version is not None
    assert receipt is not None
    fields = {f"{action}-{name}": value for name, value in facts.items()}
    data = {"action": action, "version": version.group(1), "receipt_key": receipt.group(1), **fields}
    return client.post(reverse("workflow:complete", args=[item.pk]), data, follow=True)


class TestIncoming:
    def test_goes_from_presenting_to_done_by_forms(self, office: Office) -> None:
        document = registered_case(office).document

        do(office.clerk, document, "present", leader_post=office.posts["chair"].pk, note="Kính trình")
        do(
            office.chair,
            document,
            "direct",
            text="Giao Văn phòng",
            lead=ids.unit_key(office.bureau.pk),
            due_date="2026-12-20",
        )
        do(office.chief, document, "report", text="Đã tham mưu")
        answer = do(office.chair, document, "finish", note="")

        assert "Đã xong" in answer.content.decode()
        assert not selectors.open_items(document, office.chair, clock.now())

    def test_keeps_what_was_typed_when_something_is_missing(self, office: Office) -> None:
        document = registered_case(office).document
        do(office.clerk, document, "present", leader_post=office.posts["chair"].pk, note="")

        answer = do(office.chair, document, "direct", text="Một ý kiến dài", lead="")

        assert answer.status_code == 422
        assert "Một ý kiến dài" in answer.content.decode()

    def test_answers_an_old_form_with_409_and_the_name_of_the_winner(self, office: Office) -> None:
        document = registered_case(office).document
        item = selectors.open_items(document, office.clerk, clock.now())[0]
        do(office.clerk, document, "present", leader_post=office.posts["chair"].pk, note="")

        late = {"action": "present", "version": 1, "present-leader_post": office.posts["chair"].pk, "present-note": ""}
        answer = browser(office.clerk).post(reverse("workflow:complete", args=[item.pk]), late)

        assert answer.status_code == 409
        assert office.clerk.full_name in answer.content.decode()


class TestOutgoing:
    def draft(self, office: Office, **more: Any) -> Any:
        facts = {
            "secrecy": "none", "doc_type": DocumentType.objects.get(abbreviation="KH").pk, "subject": "Kế hoạch số hóa",
            "file": SimpleUploadedFile("kh.pdf", blank_pdf("kh")), "signer_post": office.posts["chair"].pk,
            "groups": ["ALL_BELOW"], "must_act": "on", "urgency": 0, "due_date": "2026-12-20",
        }  # fmt: skip
        return browser(office.chief).post(reverse("workflow:draft-new"), facts | more, follow=True)

    def test_goes_from_the_upload_to_a_unit_below_by_forms(self, office: Office) -> None:
        self.draft(office)
        document = Document.plain.get()
        Document.plain.filter(pk=document.pk).update(read_state=ReadState.READ)

        do(office.chief, document, "submit", comment="")
        do(office.chair, document, "approve", draft_version=1, comment="")
        do(office.clerk, document, "issue", draft_version=1, issued_on=clock.today().isoformat())
        delivery = Delivery.plain.get(unit=office.province)
        answer = browser(office.province_clerk).post(reverse("workflow:receive", args=[delivery.pk]), follow=True)

        document.refresh_from_db()
        assert document.full_symbol == "01/KH-TLĐ"
        assert "số đến 01" in answer.content.decode()

    @pytest.mark.parametrize("degree", ["confidential", "secret", "top"])
    def test_refuses_a_secret_draft_before_anything_is_kept(self, office: Office, degree: str) -> None:
        answer = self.draft(office, secrecy=degree)

        assert answer.status_code == 422
        assert not Document.plain.exists()


class TestUpload:
    def test_answers_each_file_in_json(self, office: Office) -> None:
        data = {"secrecy": "none", "files": SimpleUploadedFile("chỉ thị.pdf", blank_pdf("tệp"))}

        answer = browser(office.clerk).post(reverse("documents:intake"), data, headers={"accept": "application/json"})

        assert answer.status_code == 201
        assert answer.json()["words"]

    def test_says_in_vietnamese_why_a_secret_paper_is_refused(self, office: Office) -> None:
        data = {"secrecy": "secret", "files": SimpleUploadedFile("mật.pdf", blank_pdf("mật"))}

        answer = browser(office.clerk).post(reverse("documents:intake"), data)

        assert answer.status_code == 422
        assert "không tiếp nhận văn bản có độ mật" in answer.content.decode()
        assert not Document.plain.exists()


class TestEveryPage:
    PAGES = (
        "desk:inbox", "documents:incoming", "documents:outgoing", "documents:register", "exchange:waiting",
        "exchange:directives", "meetings:list", "search:page", "organizations:delegations", "organizations:profile",
    )  # fmt: skip

    @pytest.mark.parametrize("name", PAGES)
    def test_opens_for_a_chief_of_office(self, office: Office, name: str, settings: Any, tmp_path: Any) -> None:
        settings.SEARCH_ROOT = tmp_path
        assert browser(office.chief).get(reverse(name)).status_code == 200

    @pytest.mark.parametrize("name", PAGES)
    def test_asks_a_stranger_to_sign_in(self, client: Client, db: None, name: str) -> None:
        answer = client.get(reverse(name))

        assert answer.status_code == 302
        assert "/tai-khoan/login/" in answer.headers["Location"]
