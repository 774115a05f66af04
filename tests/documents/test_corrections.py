"""Fields corrected per paper: by month and by field, of one's own unit, counted once and from nothing but what was confirmed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from documents.corrections import corrections_by_field, corrections_by_month
from documents.extraction import Field
from documents.models import Document, DocumentType, ExtractedField
from documents.services.confirmation import confirm_fields
from documents.services.reading import _propose
from organizations.services import actor_for
from tests.factories.offices import Office
from tests.factories.papers import uploaded

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

ADDRESS = "documents:corrections"
RIGHT = {"number": "05", "symbol": "CT-TLĐ", "issuer": "Tổng Liên đoàn", "subject": "về văn bản", "urgency": 3}
READ = RIGHT | {"type": "Chỉ thị", "urgency": "Hỏa tốc hẹn giờ"}
MOST_QUERIES = 14


def paper(office: Office, *, by: str = "clerk", month: int | None = None, **changed: Any) -> Document:
    """One that was read as `READ`, and confirmed as it is but for what is changed."""
    unit = office.province if by.startswith("province") else office.top
    document = uploaded("văn bản", by=office.people[by], unit=unit)
    _propose(document, {name: Field(str(value), 0.95) for name, value in READ.items()})
    values = RIGHT | {"doc_type": DocumentType.objects.get(abbreviation="CT")} | changed
    confirm_fields(
        document=document, values=values, actor=actor_for(office.people[by]), expected_version=document.version
    )
    if month:
        moment = datetime(2026, month, 28, 12, tzinfo=UTC)
        ExtractedField.plain.filter(document=document).update(confirmed_at=moment)
    return document


class TestByMonth:
    def test_is_nothing_where_all_was_read_rightly(self, office: Office) -> None:
        paper(office, month=3)

        month = corrections_by_month(office.top, office.clerk)[0]

        assert (month.day, month.papers, month.corrected, month.filled_in) == (date(2026, 3, 1), 1, 0, 0)

    def test_counts_what_was_changed_emptied_and_filled_in(self, office: Office) -> None:
        paper(office, month=3, number="06", subject="", signer="Trần Văn Ba", urgency=1)
        paper(office, month=3)
        paper(office, month=4, symbol="CT-LĐLĐ")

        april, march = corrections_by_month(office.top, office.clerk)

        assert (april.papers, april.corrected, april.filled_in) == (1, 1, 0)
        assert (march.papers, march.corrected, march.filled_in) == (2, 3, 1)
        assert (march.corrected_each, march.filled_in_each) == (1.5, 0.5)

    def test_leaves_out_a_paper_of_which_nothing_was_read(self, office: Office) -> None:
        document = uploaded("văn bản", by=office.clerk, unit=office.top)
        ExtractedField.plain.filter(document=document).delete()
        confirm_fields(
            document=document, values=RIGHT, actor=actor_for(office.clerk), expected_version=document.version
        )

        assert corrections_by_month(office.top, office.clerk) == []

    def test_is_of_papers_that_the_person_may_see(self, office: Office) -> None:
        paper(office)

        assert corrections_by_month(office.top, office.province_clerk) == []
        assert corrections_by_field(office.top, office.province_clerk) == []


class TestByField:
    def test_says_how_often_each_was_read_rightly(self, office: Office) -> None:
        paper(office, number="06")
        paper(office)

        fields = {field.label: field for field in corrections_by_field(office.top, office.clerk)}

        assert (fields["Số"].read, fields["Số"].corrected, fields["Số"].right_percent) == (2, 1, 50.0)
        assert fields["Độ khẩn"].corrected == 0
        assert fields["Người ký"].right_percent is None


class TestPage:
    def test_is_the_clerk_s_and_the_chief_s(self, office: Office, client: Any) -> None:
        paper(office, month=3, number="06")
        for name in ("clerk", "chief"):
            client.force_login(office.people[name])
            assert "03/2026" in client.get(reverse(ADDRESS)).content.decode()

    @pytest.mark.parametrize("name", ["chair", "outsider"])
    def test_is_not_there_for_others(self, office: Office, client: Any, name: str) -> None:
        client.force_login(office.people[name])

        assert client.get(reverse(ADDRESS)).status_code == 404

    def test_costs_as_much_for_many_papers(
        self, office: Office, client: Any, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for month in range(1, 6):
            paper(office, month=month)
        client.force_login(office.clerk)

        with django_assert_max_num_queries(MOST_QUERIES):
            assert len(client.get(reverse(ADDRESS)).context["months"]) == 5
