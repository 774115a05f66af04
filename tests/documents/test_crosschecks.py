"""Warnings: a paper's facts held against each other, against other papers and against what the office knows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from core import clock
from documents.extraction import Field
from documents.models import Document, Register
from documents.selectors import PROPOSED_AS
from documents.services.catalogue import catalogue
from documents.services.reading import _propose
from documents.warnings import warnings_of
from organizations.models import Appointment, UnitName
from tests.factories.offices import Office
from tests.factories.papers import confirmed, uploaded

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

FRIDAY, SATURDAY = date(2026, 3, 6), date(2026, 3, 7)
MOST_QUERIES = 10


def paper(office: Office, by: str = "clerk", **facts: Any) -> Document:
    """A confirmed paper of an organ that the office does not know, dated on a working day."""
    unit = office.province if by.startswith("province") else office.top
    usual = {"issuer": "Công đoàn ngành Xa", "issue_date": FRIDAY, "number": "12", "symbol": "CT-CĐN"}
    return confirmed(uploaded("văn bản", by=office.people[by], unit=unit), by=office.people[by], **(usual | facts))


def codes(document: Document, office: Office, by: str = "clerk") -> list[str]:
    return [warned.code for warned in warnings_of(document, office.people[by])]


class TestDays:
    def test_of_a_usual_paper_raise_nothing(self, office: Office) -> None:
        assert codes(paper(office, due_date=FRIDAY + timedelta(days=9)), office) == []

    def test_after_the_arrival_are_doubted(self, office: Office) -> None:
        assert codes(paper(office, issue_date=clock.today() + timedelta(days=1)), office) == ["date_after_arrival"]

    @pytest.mark.parametrize("day", [SATURDAY, date(2026, 4, 30), date(2026, 9, 2)])
    def test_without_work_are_doubted(self, office: Office, day: date) -> None:
        assert codes(paper(office, issue_date=day), office) == ["date_not_working"]

    def test_on_which_it_is_due_before_it_was_written_are_doubted(self, office: Office) -> None:
        assert codes(paper(office, due_date=FRIDAY - timedelta(days=1)), office) == ["due_before_date"]

    def test_are_told_with_the_day_as_people_write_it(self, office: Office) -> None:
        warned = warnings_of(paper(office, issue_date=SATURDAY), office.clerk)[0]

        assert (warned.field, "07/03/2026" in warned.words) == ("issue_date", True)


class TestType:
    def test_that_the_symbol_names_otherwise_is_doubted(self, office: Office) -> None:
        warned = warnings_of(paper(office, symbol="KH-CĐN"), office.clerk)

        assert [(one.code, one.field) for one in warned] == [("type_differs", "doc_type")]
        assert "Kế hoạch" in warned[0].words

    @pytest.mark.parametrize("symbol", ["CT-CĐN", "TLĐ-VP", "XYZ"])
    def test_that_agrees_or_cannot_be_told_is_not(self, office: Office, symbol: str) -> None:
        assert codes(paper(office, symbol=symbol), office) == []


class TestNumber:
    def test_below_that_of_an_earlier_paper_is_doubted(self, office: Office) -> None:
        paper(office, number="40", issue_date=FRIDAY - timedelta(days=3))

        assert codes(paper(office, number="12"), office) == ["number_out_of_order"]

    def test_above_that_of_a_later_paper_is_doubted(self, office: Office) -> None:
        paper(office, number="11", issue_date=FRIDAY + timedelta(days=3))

        assert codes(paper(office, number="12"), office) == ["number_out_of_order"]

    def test_begins_anew_with_each_year_organ_and_type(self, office: Office) -> None:
        paper(office, number="40", issue_date=date(2025, 3, 6))
        paper(office, number="41", issuer="Công đoàn ngành Gần", issue_date=FRIDAY - timedelta(days=3))
        paper(office, number="42", symbol="KH-CĐN", type_abbr="KH", issue_date=FRIDAY - timedelta(days=3))

        assert codes(paper(office, number="12"), office) == []

    def test_is_never_held_against_papers_that_the_person_may_not_see(self, office: Office) -> None:
        paper(office, by="province_clerk", number="40", issue_date=FRIDAY - timedelta(days=3))

        assert codes(paper(office, number="12"), office) == []

    def test_that_the_own_book_has_not_given_yet_is_doubted(self, office: Office) -> None:
        Register.objects.create(unit=office.top, year=2026, direction="OUT", next_number=10)
        document = paper(office, issuer=office.top.name, number="12", symbol="CT-TLĐ")
        other = paper(office, issuer=office.top.name, number="9", symbol="KH-TLĐ", type_abbr="KH")

        assert codes(document, office) == ["number_above_register"]
        assert codes(other, office) == []

    def test_of_another_organ_s_book_is_not_told(self, office: Office) -> None:
        Register.objects.create(unit=office.province, year=2026, direction="OUT", next_number=10)

        assert codes(paper(office, issuer=office.province.name, number="12", symbol="CT-LĐLĐ"), office) == []


class TestIssuer:
    def test_that_had_another_name_on_that_day_is_doubted(self, office: Office) -> None:
        UnitName.objects.filter(unit=office.ward).update(valid_from=date(2020, 1, 1), valid_to=date(2025, 7, 1))

        document = paper(office, issuer=office.ward.name_at(date(2024, 1, 1)))

        assert codes(document, office) == ["issuer_renamed"]

    def test_that_writes_from_another_place_is_doubted(self, office: Office) -> None:
        assert codes(paper(office, issuer=office.province.name, place="Hà Nội"), office) == ["place_differs"]
        assert codes(paper(office, issuer=office.province.name, place="TP. An Hòa"), office) == []


class TestProposals:
    def test_are_checked_before_anybody_has_confirmed_them(self, office: Office, client: Any) -> None:
        document = uploaded("văn bản", by=office.clerk, unit=office.top)
        read = {"issue_date": SATURDAY.isoformat(), "number": "7", "symbol": "CT-CĐN", "doc_type": "Kế hoạch"}
        _propose(document, {PROPOSED_AS.get(name, name): Field(value, 0.95) for name, value in read.items()})

        assert codes(document, office) == ["date_not_working", "type_differs"]
        client.force_login(office.clerk)
        page = client.get(reverse("documents:confirm", args=[document.pk])).content.decode()
        assert "không phải ngày làm việc" in page

    def test_cost_a_few_queries_however_many_papers_there_are(
        self, office: Office, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(6):
            paper(office, number=str(number), issue_date=FRIDAY - timedelta(days=7 - number))
        document = Document.objects.visible_to(office.clerk).get(pk=paper(office, place="Xa").pk)

        with django_assert_max_num_queries(MOST_QUERIES):
            codes(document, office)


class TestCatalogue:
    def test_of_a_day_has_the_names_that_counted_on_it(self, office: Office) -> None:
        UnitName.objects.filter(unit=office.ward).update(
            name="LĐLĐ quận Cũ", valid_from=date(2020, 1, 1), valid_to=date(2025, 7, 1)
        )
        UnitName.objects.create(unit=office.ward, name="CĐ phường Mới", valid_from=date(2025, 7, 1))

        before, after = catalogue(on=date(2025, 6, 30)).organs, catalogue(on=date(2025, 7, 1)).organs

        assert ("LĐLĐ quận Cũ" in before, "CĐ phường Mới" in before) == (True, False)
        assert ("LĐLĐ quận Cũ" in after, "CĐ phường Mới" in after) == (False, True)

    def test_knows_units_on_days_before_the_office_began(self, office: Office) -> None:
        assert office.province.name in catalogue(on=date(2019, 1, 1)).organs

    def test_leaves_out_who_had_left_every_post(self, office: Office) -> None:
        Appointment.objects.filter(user=office.chair).update(valid_from=date(2020, 1, 1), valid_to=date(2025, 7, 1))

        assert office.chair.full_name in catalogue(on=date(2025, 6, 30)).signers
        assert office.chair.full_name not in catalogue(on=date(2025, 7, 1)).signers
        assert office.chair.full_name in catalogue().signers
