"""The outgoing flow: versions, judgements bound to them, number, issue and what the units below do with it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from documents.models import Document, DocumentFile, DocumentLink, DocumentType, ReadState, Validity
from documents.services.drafting import add_version
from documents.services.registration import IssueDateAhead, IssueDateBehind
from exchange.models import Delivery, DeliveryState
from exchange.selectors import tracker
from exchange.services import issue_dispatch
from organizations.models import Role, Unit
from organizations.services import actor_for
from tests.factories.offices import Office, act, add_person, blank_pdf, confirmed_paper, drafted, registered_case
from tests.factories.organizations import make_delegation
from workflow import selectors, services
from workflow.forms import DraftForm
from workflow.models import IncomingCase, OutgoingCase, Review
from workflow.services.outgoing import AnotherVersion, DeputyCannotSign, NotAnswerable


def issue(office: Office) -> Document:
    document = drafted(office)
    act(office.chief, document, "submit", comment="")
    act(office.chair, document, "approve", version=1)
    act(office.clerk, document, "issue", issued_on=clock.today())
    document.refresh_from_db()
    return document


class TestReturn:
    def test_goes_to_the_drafter_with_the_reason_and_the_version_it_judged(self, office: Office) -> None:
        document = drafted(office)
        act(office.chief, document, "submit", comment="")

        act(office.chair, document, "return", version=1, reason="Cần sửa phần căn cứ pháp lý")

        (item,) = selectors.open_items(document, office.chief, clock.now())
        assert (item.node, item.note) == ("draft", "Cần sửa phần căn cứ pháp lý")
        assert Review.plain.get().version == 1

    def test_a_judgement_on_an_old_version_is_refused(self, office: Office) -> None:
        document = drafted(office)
        act(office.chief, document, "submit", comment="")
        add_version(
            document=document,
            stream=io.BytesIO(blank_pdf("2")),
            name="2.pdf",
            comment="",
            actor=actor_for(office.chief),
        )

        with pytest.raises(AnotherVersion):
            act(office.chair, document, "approve", version=1)

    def test_a_version_after_the_approval_must_be_seen_again(self, office: Office) -> None:
        document = drafted(office)
        act(office.chief, document, "submit", comment="")
        act(office.chair, document, "approve", version=1)
        add_version(
            document=document,
            stream=io.BytesIO(blank_pdf("2")),
            name="2.pdf",
            comment="",
            actor=actor_for(office.chief),
        )
        Document.plain.filter(pk=document.pk).update(read_state=ReadState.READ)

        with pytest.raises(AnotherVersion):
            act(office.clerk, document, "issue", issued_on=clock.today())


class TestDeputy:
    def acting(self, office: Office) -> Document:
        add_person(office, "aide", office.bureau, "Trợ lý", [Role.ASSISTANT])
        make_delegation(office.chair, office.aide)
        document = drafted(office)
        act(office.chief, document, "submit", comment="")
        return document

    def test_reads_and_returns_but_does_not_sign(self, office: Office) -> None:
        document = self.acting(office)

        with pytest.raises(DeputyCannotSign):
            act(office.aide, document, "approve", version=1)
        act(office.aide, document, "return", version=1, reason="Chủ tịch đi vắng, đề nghị trình Phó Chủ tịch")

        assert [review.decision for review in Review.plain.all()] == [Review.Decision.RETURNED]

    def test_sees_why(self, office: Office, client: Client) -> None:
        document = self.acting(office)
        client.force_login(office.aide)

        page = client.get(reverse("desk:paper", args=[document.pk])).content.decode()

        assert "người xử lý thay không ký văn bản" in page
        assert 'name="action" value="approve"' not in page

    def test_gives_way_to_another_signer(self, office: Office) -> None:
        document = self.acting(office)
        act(office.aide, document, "return", version=1, reason="Chủ tịch đi vắng, đề nghị trình Phó Chủ tịch")

        act(office.chief, document, "submit", comment="", signer_post=office.posts["deputy"])
        act(office.deputy, document, "approve", version=1)

        document.refresh_from_db()
        assert (document.signer, document.signer_title) == (office.deputy.full_name, "Phó Chủ tịch")
        assert Document.objects.visible_to(office.clerk).filter(pk=document.pk).exists()


class TestIssue:
    def test_numbers_stamps_a_new_file_and_sends_it_to_every_unit_below(self, office: Office) -> None:
        document = issue(office)

        assert (document.full_symbol, document.state) == ("01/KH-TLĐ", Validity.IN_FORCE)
        assert set(document.files.values_list("kind", flat=True)) == {DocumentFile.Kind.DRAFT, DocumentFile.Kind.ISSUED}
        assert set(Delivery.plain.values_list("unit__code", "state")) == {("AH", "01"), ("DT", "01")}
        assert OutgoingCase.plain.get().state == OutgoingCase.State.ISSUED

    def test_leaves_the_approved_draft_as_it_was(self, office: Office) -> None:
        document = drafted(office)
        before = document.files.get().sha256
        act(office.chief, document, "submit", comment="")
        act(office.chair, document, "approve", version=1)

        act(office.clerk, document, "issue", issued_on=clock.today())

        assert document.files.get(kind=DocumentFile.Kind.DRAFT).sha256 == before


class TestReceive:
    def test_gives_the_unit_its_own_number_and_sends_03(self, office: Office) -> None:
        issue(office)
        delivery = Delivery.plain.get(unit=office.province)

        case = services.receive_delivery(
            delivery=delivery, received_at=clock.now(), actor=actor_for(office.province_clerk)
        )

        delivery.refresh_from_db()
        assert (case.entry.display, delivery.state) == ("01", DeliveryState.REGISTERED)

    def test_finishing_tells_the_sender_by_itself(self, office: Office) -> None:
        document = issue(office)
        delivery = Delivery.plain.get(unit=office.province)
        services.receive_delivery(delivery=delivery, received_at=clock.now(), actor=actor_for(office.province_clerk))
        holder = f"post:{office.posts['province_clerk'].pk}"

        act(office.province_clerk, document, "present", leader_post=office.posts["province_chair"], note="")
        act(
            office.province_chair,
            document,
            "direct",
            text="Văn thư làm",
            lead=holder,
            supporters=[],
            fyi=[],
            due_date=None,
        )
        act(office.province_clerk, document, "report", text="Xong")
        act(office.province_chair, document, "finish", note="")

        found = tracker(delivery.dispatch, clock.today())
        assert (found.direct.done, found.direct.waiting) == (1, 1)

    def test_shows_the_sender_nothing_of_the_inner_work(self, office: Office) -> None:
        document = issue(office)
        delivery = Delivery.plain.get(unit=office.province)
        services.receive_delivery(delivery=delivery, received_at=clock.now(), actor=actor_for(office.province_clerk))
        act(
            office.province_clerk, document, "present", leader_post=office.posts["province_chair"], note="Ý kiến nội bộ"
        )

        texts = [entry.text for entry in selectors.timeline(document, office.chair)]

        assert "Ý kiến nội bộ" not in texts


class TestAnswer:
    """A paper that answers one received (domain.md 16 O1, 17 C4)."""

    def received(self, office: Office) -> IncomingCase:
        dispatch = issue_dispatch(
            document=confirmed_paper(office), sender=office.top, recipients=[office.province],
            actor=actor_for(office.clerk),
        )  # fmt: skip
        return services.receive_delivery(
            delivery=dispatch.deliveries.select_related("unit", "dispatch").get(), received_at=clock.now(),
            actor=actor_for(office.province_clerk),
        )  # fmt: skip

    def issued(self, office: Office, case: IncomingCase, recipients: list[Unit]) -> Document:
        document = services.draft_outgoing(
            unit=office.province, doc_type=DocumentType.objects.get(abbreviation="BC"), subject="Báo cáo", name="bc.pdf",
            stream=io.BytesIO(blank_pdf("báo cáo")), secrecy="none", signer_post=office.posts["province_chair"],
            recipients=[unit.pk for unit in recipients], source=case, actor=actor_for(office.province_clerk),
        ).document  # fmt: skip
        Document.plain.filter(pk=document.pk).update(read_state=ReadState.READ)
        act(office.province_clerk, document, "submit", comment="")
        act(office.province_chair, document, "approve", version=1)
        act(office.province_clerk, document, "issue", issued_on=clock.today())
        return document

    def test_to_whoever_sent_it_passes_nothing_on(self, office: Office) -> None:
        case = self.received(office)
        assert case.delivery is not None

        report = self.issued(office, case, [office.top])

        assert DocumentLink.objects.get(source=report).kind == DocumentLink.Kind.ANSWERS
        found = tracker(case.delivery.dispatch, clock.today())
        assert [row.delivery.unit for row in found.tree] == [office.province]

    def test_to_units_below_carries_it_out_and_a_copy_upwards_is_no_work(self, office: Office) -> None:
        case = self.received(office)
        assert case.delivery is not None

        plan = self.issued(office, case, [office.top, office.ward])

        assert DocumentLink.objects.get(source=plan).kind == DocumentLink.Kind.IMPLEMENTS
        found = tracker(case.delivery.dispatch, clock.today())
        assert [(row.level, row.delivery.unit) for row in found.tree] == [(1, office.province), (2, office.ward)]

    def test_is_of_papers_that_the_drafter_may_see(self, office: Office, client: Client) -> None:
        add_person(office, "specialist", office.bureau, "Chuyên viên", [Role.SPECIALIST])
        case = registered_case(office)
        client.force_login(office.specialist)

        assert client.get(reverse("workflow:draft-new"), {"tra-loi": case.pk}).status_code == 404
        with pytest.raises(NotAnswerable):
            services.draft_outgoing(
                unit=office.top, doc_type=DocumentType.objects.get(abbreviation="BC"), subject="Báo cáo", name="bc.pdf",
                stream=io.BytesIO(blank_pdf("báo cáo")), secrecy="none", signer_post=office.posts["chair"],
                recipients=[office.province.pk], source=case, actor=actor_for(office.specialist),
            )  # fmt: skip


class TestRecipients:
    def test_of_very_many_are_those_directly_below_and_what_was_chosen(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        all_of_few = DraftForm(unit=office.top).fields["recipients"].queryset  # type: ignore[attr-defined]
        monkeypatch.setattr("workflow.forms.MOST_LISTED", 1)

        shown = DraftForm(unit=office.top).fields["recipients"].queryset  # type: ignore[attr-defined]
        chosen = DraftForm({"recipients": [str(office.ward.pk)]}, unit=office.top).fields["recipients"].queryset  # type: ignore[attr-defined]

        assert list(all_of_few) == [office.province, office.ward]
        assert list(shown) == [office.province]
        assert list(chosen) == [office.province, office.ward]


class TestDateOfIssue:
    @pytest.fixture
    def approved(self, office: Office) -> Document:
        document = drafted(office)
        act(office.chief, document, "submit", comment="")
        act(office.chair, document, "approve", version=1)
        return document

    def test_does_not_lie_ahead(self, office: Office, approved: Document) -> None:
        with pytest.raises(IssueDateAhead):
            act(office.clerk, approved, "issue", issued_on=clock.today() + timedelta(days=1))

    def test_does_not_go_back_behind_the_last_number(self, office: Office, approved: Document) -> None:
        issue(office)

        with pytest.raises(IssueDateBehind):
            act(office.clerk, approved, "issue", issued_on=clock.today() - timedelta(days=1))


class TestPages:
    def test_of_a_new_version_is_for_the_people_of_the_unit(self, office: Office, client: Client) -> None:
        document = issue(office)
        client.force_login(office.province_clerk)

        answer = client.get(reverse("workflow:draft-version", args=[document.pk]))

        assert answer.status_code == 404
        assert "không làm việc" in answer.content.decode()
