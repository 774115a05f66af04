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
