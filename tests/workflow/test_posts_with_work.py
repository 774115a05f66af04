"""A post with work is not closed (domain.md 13); what a deputy does is recorded for whom it was done."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from documents.services.registration import void_entry
from documents.services.uploads import receive_upload
from organizations.models import Appointment, Role
from organizations.services import actor_for, close_post, end_appointment
from tests.factories.offices import SETTER, Office, act, add_person, blank_pdf, drafted, registered_case
from tests.factories.organizations import make_delegation
from workflow.services.closing import WorkWaits

if TYPE_CHECKING:
    from organizations.models import Post


def vacate(post: Post) -> None:
    row = Appointment.objects.get(post=post)
    end_appointment(appointment=row, valid_to=clock.today(), actor=SETTER)


class TestClosePost:
    def test_waits_for_the_work_that_waits_for_it(self, office: Office) -> None:
        registered_case(office)
        vacate(office.posts["clerk"])

        with pytest.raises(WorkWaits):
            close_post(post=office.posts["clerk"], on=clock.today(), actor=SETTER)

    def test_waits_for_the_case_that_comes_back_to_it(self, office: Office) -> None:
        case = registered_case(office)
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")
        act(office.chair, case.document, "direct", text="", lead=f"unit:{office.bureau.pk}", due_date=None)
        vacate(office.posts["chair"])

        with pytest.raises(WorkWaits):
            close_post(post=office.posts["chair"], on=clock.today(), actor=SETTER)

    def test_waits_for_the_draft_that_it_signs(self, office: Office) -> None:
        drafted(office)
        vacate(office.posts["chair"])

        with pytest.raises(WorkWaits):
            close_post(post=office.posts["chair"], on=clock.today(), actor=SETTER)

    def test_is_done_for_a_post_without_work(self, office: Office) -> None:
        registered_case(office)
        vacate(office.posts["deputy"])

        close_post(post=office.posts["deputy"], on=clock.today(), actor=SETTER)

        office.posts["deputy"].refresh_from_db()
        assert office.posts["deputy"].is_closed


class TestDeputy:
    @pytest.fixture
    def aide(self, office: Office) -> None:
        add_person(office, "aide", office.province, "Chuyên viên", [Role.SPECIALIST])
        make_delegation(office.clerk, office.aide)

    def principal_of(self, act_name: str) -> str:
        kept = AuditEntry.objects.get(act=act_name).on_behalf_of
        return str(kept["name"]) if kept else ""

    def test_takes_papers_in_and_strikes_numbers_out_for_the_principal(self, office: Office, aide: None) -> None:
        stream = io.BytesIO(blank_pdf("thay mặt"))
        receive_upload(stream=stream, name="a.pdf", unit=office.top, actor=actor_for(office.aide), secrecy="none")
        void_entry(entry=registered_case(office).entry, reason="Vào sổ nhầm", actor=actor_for(office.aide))

        assert self.principal_of("documents.document.received") == office.clerk.full_name
        assert self.principal_of("documents.entry.voided") == office.clerk.full_name

    def test_is_named_alone_where_the_right_is_their_own(self, office: Office) -> None:
        make_delegation(office.chief, office.clerk)
        registered_case(office)

        assert self.principal_of("documents.document.registered") == ""


class TestRefusal:
    def test_is_a_sentence_and_nothing_else(self, office: Office, client: Client) -> None:
        client.force_login(office.chief)
        case = registered_case(office)
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")

        answer = client.post(
            reverse("documents:void-entry", args=[case.entry_id]), {"reason": "Vào sổ nhầm"}, follow=True
        )
        client.force_login(office.deputy)
        refused = client.post(reverse("documents:confirm", args=[case.document_id]), {})

        assert answer.status_code == 200
        assert refused.status_code == 404
        assert "Chỉ văn thư" in refused.content.decode()
        assert "organizations." not in refused.content.decode()
