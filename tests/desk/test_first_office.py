"""A first real office without demo data: one command, then units, posts and people by screens, then the first paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core import clock
from documents.models import Document, DocumentType, ReadState, RegisterEntry
from organizations.models import Post, Unit
from tests.factories.offices import PASSWORD, blank_pdf

CODE = "LDLD-MA"


def signed_in(username: str) -> Client:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def sent(client: Client, name: str, *args: int, **facts: Any) -> None:
    """Post one form of the administration pages; what it refuses stands in the failure."""
    answer = client.post(reverse(f"organizations:{name}", args=args), facts)
    assert answer.status_code == 302, answer.content.decode()


def seat(admin: Client, unit: Unit, username: str, full_name: str, title: str, role: str) -> None:
    """An account, a post and the appointment, each by its form."""
    sent(admin, "people", username=username, full_name=full_name, email="", password=PASSWORD)
    sent(admin, "unit-add-post", unit.pk, **{"add-post-title": title, "add-post-order": 1, "add-post-roles": [role]})
    post = Post.objects.get(unit=unit, title=title)
    facts = {"post": post.pk, "user": f"{full_name} ({username})", "valid_from": str(clock.today())}
    sent(admin, "unit-appoint", unit.pk, **{f"appoint-{name}": value for name, value in facts.items()})


@pytest.mark.django_db
class TestFirstOffice:
    def test_takes_its_first_paper_in_and_presents_it(self) -> None:
        call_command(
            "init_site",
            code=CODE,
            unit_name="LĐLĐ tỉnh Mẫu",
            symbol="LĐLĐ",
            place="Mẫu",
            user="quan-tri",
            password=PASSWORD,
        )
        admin, top = signed_in("quan-tri"), Unit.objects.get(code=CODE)
        department = {
            "code": "MA-VP",
            "name": "Văn phòng",
            "kind": "DEPARTMENT",
            "tier": "1",
            "symbol": "VP",
            "place": "",
        }
        sent(admin, "unit-add", top.pk, **{f"add-{name}": value for name, value in department.items()})
        office = Unit.objects.get(code="MA-VP")
        seat(admin, office, "van-thu", "Nguyễn Thị Mẫu", "Văn thư", "clerk")
        seat(admin, top, "chu-tich", "Trần Văn Mẫu", "Chủ tịch", "leader")
        clerk = signed_in("van-thu")

        upload = {"secrecy": "none", "files": SimpleUploadedFile("giay.pdf", blank_pdf())}
        clerk.post(reverse("documents:intake"), upload)
        paper = Document.plain.get()
        Document.plain.filter(pk=paper.pk).update(read_state=ReadState.READ)
        fields = {
            "version": paper.version, "doc_type": DocumentType.objects.get(abbreviation="CT").pk, "number": "05",
            "symbol": "CT-TLĐ", "issuer": "Tổng Liên đoàn", "issue_date": "2026-11-20",
            "subject": "Về công tác văn thư", "urgency": 0,
        }  # fmt: skip
        answer = clerk.post(reverse("workflow:register", args=[paper.pk]), fields)

        assert answer.status_code == 302, answer.content.decode()
        assert RegisterEntry.objects.get().display == "01"
        assert "Trình lãnh đạo" in clerk.get(reverse("desk:paper", args=[paper.pk])).content.decode()
        assert "05/CT-TLĐ" in clerk.get(reverse("desk:inbox")).content.decode()
        assert admin.get(reverse("desk:paper", args=[paper.pk])).status_code == 404
