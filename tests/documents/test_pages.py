"""The pages of papers, their query counts and what strangers get: 404."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories.offices import Office, confirmed_paper, registered_case

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
