"""A form posted twice, by a double click or a proxy's retry, is one act with one answer; through the addresses of the pages."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from core import clock, ids
from documents.models import Document, DocumentType, DraftVersion, RegisterEntry
from exchange.models import Delivery
from exchange.services import issue_dispatch
from organizations.models import Role, User
from organizations.services import actor_for
from tests.factories.offices import Office, act, add_person, blank_pdf, confirmed_paper, drafted, registered_case
from workflow import selectors
from workflow.models import IncomingCase, OutgoingCase, WorkItem


def post_twice(person: User, url: str, facts: Any) -> tuple[Any, Any]:
    """Both answers to one form; `facts` makes the fields anew, since an uploaded file is read once."""
    client, key = Client(), ids.new_receipt_key()
    client.force_login(person)
    first, second = (client.post(url, {**facts(), "receipt_key": str(key)}) for _time in range(2))
    return first, second


def acts(name: str) -> int:
    return AuditEntry.objects.filter(act=name).count()


class TestAct:
    def present(self, office: Office) -> tuple[Any, Any]:
        case = registered_case(office)
        (item,) = selectors.open_items(case.document, office.clerk, clock.now())
        fields = {
            "action": "present",
            "version": 1,
            "present-leader_post": office.posts["chair"].pk,
            "present-note": "",
        }
        return post_twice(office.clerk, reverse("workflow:complete", args=[item.pk]), lambda: fields)

    def test_is_done_once_and_answered_alike(self, office: Office) -> None:
        first, second = self.present(office)

        assert first.status_code == second.status_code == 302
        assert first.headers["Location"] == second.headers["Location"]
        assert acts("workflow.item.completed") == 1

    def test_that_ends_the_reading_is_answered_alike_too(self, office: Office) -> None:
        add_person(office, "aide", office.bureau, "Chuyên viên", [Role.SPECIALIST])
        document = registered_case(office).document
        act(office.clerk, document, "present", leader_post=office.posts["chair"], note="")
        lead, helper = (ids.post_key(office.posts[name].pk) for name in ("deputy", "aide"))
        act(office.chair, document, "direct", text="Phó Chủ tịch chủ trì", lead=lead, supporters=[helper])
        (item,) = selectors.open_items(document, office.aide, clock.now())
        version = selectors.process_of(item).version
        fields = {"action": "return", "version": version, "return-reason": "Không thuộc việc của tôi"}

        first, second = post_twice(office.aide, reverse("workflow:complete", args=[item.pk]), lambda: fields)

        assert first.headers["Location"] == second.headers["Location"] == reverse("desk:inbox")
        assert acts("workflow.item.completed") == 3

    def test_by_another_form_is_told_where_the_paper_can_no_longer_be_seen(self, office: Office) -> None:
        self.test_that_ends_the_reading_is_answered_alike_too(office)
        item = WorkItem.objects.filter(completed_by=office.aide).latest("completed_at")
        client = Client()
        client.force_login(office.aide)
        fields = {"action": "return", "version": 3, "return-reason": "Không thuộc việc của tôi"}

        answer = client.post(reverse("workflow:complete", args=[item.pk]), fields, follow=True)

        assert answer.redirect_chain == [(reverse("desk:inbox"), 302)]
        assert office.aide.full_name in answer.content.decode()


class TestDraft:
    def fields(self, office: Office) -> dict[str, Any]:
        return {
            "secrecy": "none", "doc_type": DocumentType.objects.get(abbreviation="KH").pk, "subject": "Kế hoạch số hóa",
            "file": SimpleUploadedFile("kh.pdf", blank_pdf("kh")), "signer_post": office.posts["chair"].pk,
            "groups": ["ALL_BELOW"], "must_act": "on", "urgency": 0, "due_date": "",
        }  # fmt: skip

    def test_is_one_paper(self, office: Office) -> None:
        first, second = post_twice(office.chief, reverse("workflow:draft-new"), lambda: self.fields(office))

        document = Document.plain.get()
        assert first.headers["Location"] == second.headers["Location"] == reverse("desk:paper", args=[document.pk])
        assert OutgoingCase.plain.get().document == document

    def test_leaves_no_paper_without_a_case_behind(self, office: Office) -> None:
        fields = {**self.fields(office), "file": SimpleUploadedFile("kh.docx", b"PK\x03\x04 kein PDF")}
        client = Client()
        client.force_login(office.chief)

        answer = client.post(reverse("workflow:draft-new"), fields)

        assert answer.status_code == 422
        assert not Document.plain.exists()

    def test_has_one_new_version(self, office: Office) -> None:
        document = drafted(office)
        url = reverse("workflow:draft-version", args=[document.pk])

        def fields() -> dict[str, Any]:
            return {"file": SimpleUploadedFile("kh2.pdf", blank_pdf("kh2")), "comment": "Sửa căn cứ"}

        first, second = post_twice(office.chief, url, fields)

        assert first.headers["Location"] == second.headers["Location"]
        assert list(DraftVersion.plain.order_by("version").values_list("version", flat=True)) == [1, 2]


class TestReceive:
    def test_gives_one_number(self, office: Office) -> None:
        issue_dispatch(
            document=confirmed_paper(office),
            sender=office.top,
            recipients=[office.province],
            actor=actor_for(office.clerk),
        )
        url = reverse("workflow:receive", args=[Delivery.plain.get().pk])

        first, second = post_twice(office.province_clerk, url, dict)

        assert first.headers["Location"] == second.headers["Location"]
        assert IncomingCase.plain.count() == RegisterEntry.objects.count() == 1


class TestRegister:
    def test_gives_one_number(self, office: Office) -> None:
        document = confirmed_paper(office)
        fields = {
            "version": document.version, "number": "05", "symbol": "CT-TLĐ", "issuer": "Tổng Liên đoàn",
            "subject": "về đẩy mạnh xử lý văn bản", "urgency": 0,
        }  # fmt: skip
        url = reverse("workflow:register", args=[document.pk])

        first, second = post_twice(office.clerk, url, lambda: fields)

        assert first.status_code == second.status_code == 302
        assert first.headers["Location"] == second.headers["Location"]
        assert RegisterEntry.objects.count() == 1
