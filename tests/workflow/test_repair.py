"""Repairs: a jump leaves a case as if it had come that way; who may, and where one can land."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from audit.models import AuditEntry
from core import clock, ids
from documents.models import Document
from organizations.models import Role, User
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office, act, add_person, drafted, registered_case
from workflow import selectors, services
from workflow.checks import items_mirror_tasks
from workflow.engine.hold import AlreadyDone
from workflow.engine.registry import UnknownAction
from workflow.engine.repair import NotRunning, differences
from workflow.models import Assignment, IncomingCase, OutgoingCase, WorkItem
from workflow.services.landings import NothingToLandOn
from workflow.services.repair import ReasonMissing

REASON = "Trình nhầm người, chuyển lại"


@pytest.fixture
def admin(office: Office) -> User:
    add_person(office, "admin", office.top, "Quản trị", [Role.UNIT_ADMIN])
    return office.people["admin"]


def directed(office: Office) -> IncomingCase:
    """A case that the office's chief leads and the vice-chair supports."""
    case = registered_case(office)
    act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")
    act(
        office.chair, case.document, "direct", text="Giao Văn phòng", lead=ids.unit_key(office.bureau.pk),
        supporters=[ids.post_key(office.posts["deputy"].pk)], fyi=[], due_date=clock.today(),
    )  # fmt: skip
    return case


def jump(case: Any, node: str, person: User, reason: str = REASON) -> None:
    services.jump(process=case.process, node=node, reason=reason, actor=actor_for(person))
    case.refresh_from_db()


def waiting(document: Document) -> set[tuple[str, str]]:
    """What waits on a paper, and for whom."""
    rows = WorkItem.objects.filter(document=document, state=WorkItem.State.OPEN)
    return set(rows.values_list("node", "holder"))


class TestIncoming:
    @pytest.mark.parametrize(
        ("node", "holder", "state"), [("present", "clerk", "REGISTERED"), ("direct", "chair", "PRESENTED")]
    )
    def test_goes_back_and_takes_the_open_work_along(
        self, office: Office, admin: User, node: str, holder: str, state: str
    ) -> None:
        case = directed(office)

        jump(case, node, admin)

        assert waiting(case.document) == {(node, ids.post_key(office.posts[holder].pk))}
        assert case.state == state
        assert set(Assignment.plain.values_list("state", "note")) == {("CLOSED", REASON)}
        assert items_mirror_tasks().violations == []

    def test_goes_on_to_its_end_after_a_new_direction(self, office: Office, admin: User) -> None:
        case = directed(office)
        jump(case, "direct", admin)

        act(office.chair, case.document, "direct", text="Văn thư làm", lead=ids.post_key(office.posts["clerk"].pk))
        act(office.clerk, case.document, "report", text="Đã làm")
        act(office.chair, case.document, "finish", note="")

        case.refresh_from_db()
        assert case.state == IncomingCase.State.DONE
        assert waiting(case.document) == set()
        assert items_mirror_tasks().violations == []

    def test_opens_the_lead_s_work_again(self, office: Office, admin: User) -> None:
        case = directed(office)
        act(office.chief, case.document, "report", text="Đã làm")

        jump(case, "work", admin)

        assert waiting(case.document) == {("work", ids.unit_key(office.bureau.pk))}
        assert case.state == IncomingCase.State.IN_PROGRESS
        act(office.chief, case.document, "report", text="Đã làm thêm")
        assert waiting(case.document) == {("finish", ids.post_key(office.posts["chair"].pk))}

    def test_opens_the_part_that_was_handed_on_again(self, office: Office, admin: User) -> None:
        case = directed(office)
        act(office.chief, case.document, "hand_on", post=office.posts["clerk"], note="Soạn báo cáo")
        act(office.clerk, case.document, "report", text="Đã làm")

        jump(case, "work", admin)
        act(office.clerk, case.document, "report", text="Đã làm thêm")

        assert waiting(case.document) == {("finish", ids.post_key(office.posts["chair"].pk))}
        assert items_mirror_tasks().violations == []

    @pytest.mark.parametrize("node", ["direct", "work", "finish"])
    def test_does_not_go_where_the_case_never_was(self, office: Office, admin: User, node: str) -> None:
        case = registered_case(office)

        with pytest.raises(NothingToLandOn):
            jump(case, node, admin)

        assert waiting(case.document) == {("present", ids.post_key(office.posts["clerk"].pk))}


class TestOutgoing:
    @pytest.mark.parametrize(
        ("node", "holder", "state"), [("draft", "user:chief", "RETURNED"), ("approve", "post:chair", "SUBMITTED")]
    )
    def test_ends_the_approval(self, office: Office, admin: User, node: str, holder: str, state: str) -> None:
        document = drafted(office)
        act(office.chief, document, "submit", comment="")
        act(office.chair, document, "approve", version=1)
        case = OutgoingCase.plain.get()

        jump(case, node, admin)

        kind, _sep, name = holder.partition(":")
        key = ids.post_key(office.posts[name].pk) if kind == "post" else ids.user_key(office.people[name].pk)
        assert waiting(document) == {(node, key)}
        assert (case.state, case.approved_version) == (state, None)

    def test_numbers_only_what_was_approved(self, office: Office, admin: User) -> None:
        drafted(office)

        with pytest.raises(NothingToLandOn):
            jump(OutgoingCase.plain.get(), "issue", admin)


class TestJump:
    def test_is_an_administrator_s(self, office: Office) -> None:
        case = directed(office)

        for person in (office.chair, office.clerk, office.chief, office.outsider):
            with pytest.raises(NotAllowed):
                jump(case, "present", person)

        assert {node for node, _holder in waiting(case.document)} == {"work"}

    def test_says_why_and_is_remembered(self, office: Office, admin: User) -> None:
        case = directed(office)
        with pytest.raises(ReasonMissing):
            jump(case, "present", admin, reason="  ")

        jump(case, "present", admin)

        (entry,) = AuditEntry.objects.filter(act="workflow.process.jumped")
        assert (entry.data["node"], entry.data["reason"]) == ("present", REASON)

    def test_takes_only_steps_and_only_of_what_runs(self, office: Office, admin: User) -> None:
        case = directed(office)
        for name in ("joined", "end", "nowhere"):
            with pytest.raises(UnknownAction):
                jump(case, name, admin)
        act(office.chief, case.document, "report", text="Đã làm")
        act(office.chair, case.document, "finish", note="")

        with pytest.raises(NotRunning):
            jump(case, "work", admin)

    def test_makes_old_forms_old(self, office: Office, admin: User) -> None:
        case = directed(office)
        (item,) = selectors.open_items(case.document, office.chief, clock.now())
        version = selectors.process_of(item).version

        jump(case, "work", admin)

        assert selectors.process_of(item).version == version + 1
        with pytest.raises(AlreadyDone):
            services.complete(
                task_id=item.pk, actor=actor_for(office.chief), action="report", payload={"text": "Đã làm"},
                expected_version=version, receipt_key=None,
            )  # fmt: skip


class TestCommands:
    def test_put_a_case_on_another_step(self, office: Office, admin: User) -> None:
        case = registered_case(office)
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")
        out = io.StringIO()

        call_command(
            "move_case", str(case.document_id), "--unit", office.top.code, "--to", "present", "--as", admin.username,
            "--reason", "Trình nhầm lãnh đạo", stdout=out,
        )  # fmt: skip

        assert [item.node for item in selectors.open_items(case.document, office.clerk, clock.now())] == ["present"]
        assert "present" in out.getvalue()

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"--to": "issue"}, "không có bước đó"),
            ({"--as": "nobody"}, "Không có người dùng"),
            ({"--as": "outsider"}, "quản trị"),
            ({"--unit": "DT"}, "không có việc nào đang mở"),
            ({"--reason": " "}, "lý do"),
        ],
    )
    def test_say_what_is_wrong(self, office: Office, admin: User, facts: dict[str, str], words: str) -> None:
        case = registered_case(office)
        usual = {"--unit": office.top.code, "--to": "present", "--as": admin.username, "--reason": "Sửa"}

        with translation.override("vi"), pytest.raises(CommandError, match=words):
            call_command(
                "move_case", str(case.document_id), *[word for pair in (usual | facts).items() for word in pair]
            )

    def test_make_the_inboxes_anew(self, office: Office) -> None:
        registered_case(office)
        WorkItem.objects.update(note="khác")
        out = io.StringIO()

        call_command("rebuild_inbox", stdout=out)

        assert "1" in out.getvalue()
        assert list(differences()) == []
