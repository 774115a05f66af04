"""The pages of papers, their query counts and what strangers get: 404."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core import clock
from documents.models import Document
from documents.selectors import known_issuers
from documents.services.registration import take_issue_number
from exchange.services import issue_dispatch
from organizations.services import actor_for
from tests.factories.offices import Office, act, confirmed_paper, registered_case

MOST_QUERIES = 14


@pytest.mark.parametrize("name", ["documents:incoming", "documents:outgoing", "documents:register", "documents:intake"])
class TestLists:
    def test_cost_the_same_for_one_paper_and_many(
        self, office: Office, client: Any, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client.force_login(office.clerk)
        for number in range(5):
            registered_case(office, number=str(number + 1), subject=f"Văn bản {number}")
            confirmed_paper(office, number=str(number + 20), subject=f"Văn bản chờ {number}")

        with django_assert_max_num_queries(MOST_QUERIES):
            response = client.get(reverse(name))

        assert response.status_code == 200


class TestStrangers:
    @pytest.mark.parametrize("name", ["desk:paper", "documents:confirm", "desk:paper-text", "desk:preview"])
    def test_find_nothing(self, office: Office, client: Any, name: str) -> None:
        document = confirmed_paper(office)
        client.force_login(office.outsider)

        assert client.get(reverse(name, args=[document.pk])).status_code == 404

    def test_cannot_download(self, office: Office, client: Any) -> None:
        document = confirmed_paper(office)
        client.force_login(office.ward_officer)

        assert client.get(reverse("documents:file", args=[document.pk, document.files.get().pk])).status_code == 404


class TestDownload:
    def test_gives_the_bytes_as_they_came(self, office: Office, client: Any) -> None:
        document = confirmed_paper(office)
        client.force_login(office.clerk)

        response = client.get(reverse("documents:file", args=[document.pk, document.files.get().pk]))

        assert b"".join(response.streaming_content).startswith(b"%PDF")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "attachment" in response.headers["Content-Disposition"]


class TestConfirmAndRegister:
    def facts(self, document: Any, **more: Any) -> dict[str, Any]:
        known = {
            "version": document.version,
            "number": "05",
            "symbol": "CT-TLĐ",
            "issuer": "Tổng Liên đoàn",
            "subject": "về",
            "urgency": 0,
        }
        return known | more

    def test_shows_a_possible_duplicate_before_it_takes_a_number(self, office: Office, client: Any) -> None:
        confirmed_paper(office, subject="bản trước")
        document = confirmed_paper(office, number="77")
        client.force_login(office.clerk)
        url = reverse("workflow:register", args=[document.pk])

        warned = client.post(url, self.facts(document))
        assert warned.status_code == 409
        assert 'name="duplicates_seen" value="5/ct-tld"' in warned.content.decode()

        done = client.post(url, self.facts(document, duplicates_seen="5/ct-tld"), follow=True)
        assert "số đến 01" in done.content.decode()

    def test_the_number_of_another_year_is_no_duplicate(self, office: Office, client: Any) -> None:
        earlier = confirmed_paper(office)
        type(earlier).plain.filter(pk=earlier.pk).update(issue_date="2025-02-03")
        document = confirmed_paper(office, number="77")
        client.force_login(office.clerk)
        url = reverse("workflow:register", args=[document.pk])

        assert client.post(url, self.facts(document, issue_date="03/02/2026")).status_code == 302

    def test_garbage_for_a_version_is_a_conflict(self, office: Office, client: Any) -> None:
        document = confirmed_paper(office)
        client.force_login(office.clerk)

        for name in ("documents:confirm", "workflow:register"):
            answer = client.post(reverse(name, args=[document.pk]), self.facts(document, version="x" * 9))
            assert answer.status_code == 409

    def test_number_and_case_in_one_post(self, office: Office, client: Any) -> None:
        document = confirmed_paper(office)
        client.force_login(office.clerk)
        facts = {
            "version": document.version,
            "number": "05",
            "symbol": "CT-TLĐ",
            "issuer": "TLĐ",
            "subject": "về",
            "urgency": 0,
        }

        response = client.post(reverse("workflow:register", args=[document.pk]), facts, follow=True)

        assert "số đến 01" in response.content.decode()


class TestBook:
    def test_says_to_whom_a_paper_was_passed_and_when(self, office: Office, client: Any) -> None:
        case = registered_case(office)
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")
        facts: dict[str, object] = {
            "text": "Giao Văn phòng",
            "lead": f"unit:{office.bureau.pk}",
            "supporters": [],
            "fyi": [],
            "due_date": None,
        }
        act(office.chair, case.document, "direct", **facts)
        client.force_login(office.clerk)

        page = client.get(reverse("documents:register"), {"ca-nam": ""})

        [(line, passed)] = page.context["lines"]
        assert (line, passed.to, passed.on) == (case.entry, "Văn phòng", clock.today())
        assert "(10)" in page.content.decode()

    def test_names_the_recipients_of_an_issued_paper(self, office: Office, client: Any) -> None:
        document = confirmed_paper(office)
        clerk = actor_for(office.clerk)
        take_issue_number(document=document, unit=office.top, issued_on=clock.today(), actor=clerk)
        issue_dispatch(document=document, sender=office.top, recipients=[office.province, office.ward], actor=clerk)
        client.force_login(office.clerk)

        page = client.get(reverse("documents:register"), {"so": "di"})

        [(_line, passed)] = page.context["lines"]
        assert (passed.to, passed.copies) == ("LĐLĐ tỉnh An Hòa, CĐ phường Đông Thành", 2)

    def test_strikes_a_number_through_with_its_reason(self, office: Office, client: Any) -> None:
        case = registered_case(office)
        client.force_login(office.clerk)

        page = client.post(
            reverse("documents:void-entry", args=[case.entry.pk]), {"reason": "Vào sổ nhầm"}, follow=True
        )

        assert "<s>01</s>" in page.content.decode()
        assert "Đã hủy: Vào sổ nhầm" in page.content.decode()


class TestKnownIssuers:
    """A hundred thousand units are never listed (domain.md 1)."""

    def test_are_those_who_write_to_the_unit_and_those_around_it(self, office: Office) -> None:
        for number in range(3):
            document = confirmed_paper(office, number=str(number + 1))
            Document.plain.filter(pk=document.pk).update(issuer="Ủy ban nhân dân tỉnh" if number else "Sở Nội vụ")
        confirmed_paper(office, by="province_clerk")

        found = known_issuers(office.clerk, office.top)

        assert found[:2] == ["Ủy ban nhân dân tỉnh", "Sở Nội vụ"]
        assert {"Tổng Liên đoàn", "LĐLĐ tỉnh An Hòa"} <= set(found)
        assert "CĐ phường Đông Thành" not in found
