"""
A random walk through the office: any act that a page offers to anybody, in any order, and after each step the invariants.

Each walk is one transaction that is rolled back, so that walks are independent and one office serves them all. What must be
refused is tried too: somebody else's work, an old form, work that is over, the same form twice.
"""

from __future__ import annotations

import io
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from audit.models import AuditEntry
from core import clock, ids
from documents.models import Document, DocumentType, ReadState, RegisterEntry, Validity
from documents.services.drafting import add_version
from documents.services.registration import AlreadyVoid, IssueStands, NumberInUse, void_entry
from exchange.models import Delivery, DeliveryState
from exchange.services import issue_dispatch, refuse
from organizations.models import Delegation, Role, Unit, User
from organizations.policies import can_register, holder_keys
from organizations.selectors import office_posts, organs_below
from organizations.services import actor_for, revoke_delegation
from tests.factories.offices import Office, add_person, blank_pdf, confirmed_paper, make_office
from tests.factories.organizations import make_delegation
from tests.workflow.invariants import (
    check_cases,
    check_counters,
    check_deliveries,
    check_desks,
    check_numbers,
    check_what_is_dear,
)
from workflow import services
from workflow.engine import registry
from workflow.engine.hold import AlreadyDone, StaleVersion
from workflow.forms import assignees
from workflow.models import DocumentProcess, OutgoingCase, WorkItem
from workflow.policies import answerable, posts_below
from workflow.presenting import present_item
from workflow.selectors import assignment_of, process_of
from workflow.services.landings import NothingToLandOn
from workflow.services.outgoing import AnotherVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

REASON = "Lý do của một bước ngẫu nhiên"
MOST_PAPERS, MOST_VERSIONS, MOST_DEPUTIES = 6, 3, 3
PICK = st.integers(0, 9999)
OPEN = WorkItem.State.OPEN
# How often each kind of act is drawn; work that goes its usual way most often, or walks would never reach an end.
WEIGHTS = {
    "go_on": 7, "do_any_work": 5, "register_a_paper": 2, "draft_a_paper": 2, "receive_a_paper": 3, "send_a_paper": 1,
    "add_a_version": 1, "refuse_a_paper": 1, "strike_a_number_out": 1, "jump": 1, "name_a_deputy": 1, "let_a_deputy_go": 1,
    "trespass": 1, "post_an_old_form": 1, "come_too_late": 1, "post_the_last_form_again": 1,
}  # fmt: skip
KINDS = [kind for kind, weight in WEIGHTS.items() for _time in range(weight)]


def make_walking_office() -> Office:
    """The small union with somebody at every kind of work."""
    office = make_office()
    add_person(office, "aide", office.bureau, "Chuyên viên", [Role.SPECIALIST])
    add_person(office, "admin", office.top, "Quản trị", [Role.UNIT_ADMIN])
    add_person(office, "province_chief", office.province, "Chánh Văn phòng", [Role.OFFICE_CHIEF])
    return office


@cache
def draft_pdf() -> bytes:
    return blank_pdf("dự thảo")


def choose(among: Iterable[Any], pick: int) -> Any:
    """One of them; the same pick finds the same one."""
    rows: Sequence[Any] = list(among)
    return rows[pick % len(rows)]


class OfficeWalk(RuleBasedStateMachine):
    """One walk. `office` is given before the first; `issues` bounds what costs a second each; `tally` counts what was done."""

    office: Office
    issues = 1
    tally: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction._from_testcase = True  # type: ignore[attr-defined]  # `hold` is outermost but for tests
        self.transaction.__enter__()
        self.issued, self.has_changed = 0, True
        self.known: list[User] = []
        self.last: dict[str, Any] = {}
        self.answer: Any = None
        self.states: dict[int, str] = {}

    def teardown(self) -> None:
        try:
            if not connection.needs_rollback:
                check_what_is_dear()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.register_a_paper(0, 0)
        self.draft_a_paper(0, 0)

    @rule(kind=st.sampled_from(KINDS), who=PICK, what=PICK)
    def step(self, kind: str, who: int, what: int) -> None:
        """One act; where there is nothing to do it to, work goes on."""
        if not getattr(self, kind)(who, what):
            self.go_on(who, what)

    @invariant()
    def everything_is_in_order(self) -> None:
        if not self.has_changed:
            return
        self.has_changed = False
        check_cases()
        check_numbers()
        self.states = check_deliveries(self.states)
        check_desks(self.everybody())
        check_counters(self.actor_of_the_last() or self.person("clerk"))

    # -- what the acts share

    def everybody(self) -> list[User]:
        """Each remembers what they hold, as within one request, until somebody names a deputy or lets one go."""
        if not self.known:
            self.known = list(User.objects.filter(is_active=True).order_by("pk"))
        return self.known

    def person(self, name: str) -> User:
        return next(one for one in self.everybody() if one.username == name)

    def people(self, allowed: Callable[[User], bool]) -> list[User]:
        return [one for one in self.everybody() if allowed(one)]

    def keepers(self, unit: Unit) -> list[User]:
        return self.people(lambda one: can_register(one, unit, clock.now()))

    def holders(self, item: WorkItem) -> list[User]:
        return self.people(lambda one: item.holder in holder_keys(one, clock.now()))

    def actor_of_the_last(self) -> User | None:
        return next((one for one in self.everybody() if self.last and one.pk == self.last["actor"].user_id), None)

    def last_entry(self) -> int:
        return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def acts_since(self, before: int) -> list[str]:
        return list(AuditEntry.objects.filter(pk__gt=before).order_by("pk").values_list("act", flat=True))

    def done(self, name: str, before: int, *acts: str) -> bool:
        """The memory has it, all of it."""
        said = self.acts_since(before)
        assert set(acts) <= set(said), (name, said)
        self.tally[name] += 1
        self.has_changed = True
        return True

    def refused(self, name: str, refusals: Any, act: Callable[[], Any]) -> bool:
        """Refused, and nothing is different."""
        before = self.state()
        try:
            act()
        except refusals:
            assert self.state() == before, name
            self.tally[f"refused: {name}"] += 1
            return True
        raise AssertionError(f"{name} was not refused")

    def state(self) -> tuple[Any, ...]:
        """Whatever an act could change."""
        return (
            self.last_entry(),
            list(WorkItem.objects.order_by("pk").values_list("pk", "state", "completed_by")),
            list(DocumentProcess.objects.order_by("pk").values_list("pk", "version", "status")),
            list(Delivery.plain.order_by("pk").values_list("pk", "state")),
            list(RegisterEntry.objects.order_by("pk").values_list("pk", "state")),
        )

    def have_read(self, document: Document) -> None:
        """No worker walks along."""
        Document.plain.filter(pk=document.pk).update(read_state=ReadState.READ)

    # -- papers come in, are drafted, sent and received

    def register_a_paper(self, who: int, what: int) -> bool:
        if Document.plain.count() >= MOST_PAPERS:
            return False
        by, before = choose(["clerk", "chief", "province_clerk"], who), self.last_entry()
        document = confirmed_paper(self.office, by=by, number=str(what + 1), subject=f"Văn bản {what}")
        services.register_and_start(
            document=document, unit=document.owner_unit, received_at=clock.now(), actor=actor_for(self.person(by))
        )
        return self.done("register", before, "documents.document.registered", "workflow.case.started")

    def draft_a_paper(self, who: int, what: int) -> bool:
        if Document.plain.count() >= MOST_PAPERS:
            return False
        by, before = choose(["chief", "aide", "clerk", "province_chief"], who), self.last_entry()
        unit = self.office.province if by.startswith("province") else self.office.top
        answers = answerable(self.person(by), unit).order_by("pk").first() if what % 2 else None
        case = services.draft_outgoing(
            unit=unit, doc_type=DocumentType.objects.get(abbreviation="KH"), subject=f"Kế hoạch {what}",
            stream=io.BytesIO(draft_pdf()), name="kh.pdf", secrecy="none", recipients=[], groups=["ALL_BELOW"],
            signer_post=office_posts(unit, [Role.LEADER])[0], source=answers, actor=actor_for(self.person(by)),
        )  # fmt: skip
        self.have_read(case.document)
        return self.done("draft", before, "documents.draft.created", "workflow.case.drafted")

    def add_a_version(self, who: int, what: int) -> bool:
        open_cases = OutgoingCase.plain.exclude(state=OutgoingCase.State.ISSUED).select_related("document", "drafter")
        cases = [case for case in open_cases.order_by("pk") if case.document.drafts.count() < MOST_VERSIONS]
        if not cases:
            return False
        case, before = choose(cases, what), self.last_entry()
        pdf, actor = io.BytesIO(draft_pdf()), actor_for(case.drafter)
        add_version(document=case.document, stream=pdf, name="kh.pdf", comment="Sửa", actor=actor)
        self.have_read(case.document)
        return self.done("version", before, "documents.draft.version_added")

    def send_a_paper(self, who: int, what: int) -> bool:
        """As conclusions are: a paper of the unit goes to units below, perhaps not for the first time."""
        sent = Document.plain.filter(state=Validity.IN_FORCE, owner_unit__in=[self.office.top, self.office.province])
        if not sent.exists():
            return False
        document, before = choose(sent.order_by("pk"), what), self.last_entry()
        unit = document.owner_unit
        clerk = self.person("province_clerk" if unit == self.office.province else "clerk")
        issue_dispatch(document=document, sender=unit, recipients=list(organs_below(unit)), actor=actor_for(clerk))
        return self.done("send", before, "exchange.dispatch.issued")

    def arrived(self) -> list[Delivery]:
        rows = Delivery.plain.filter(state=DeliveryState.DELIVERED).select_related("unit", "dispatch")
        return list(rows.order_by("pk"))

    def receive_a_paper(self, who: int, what: int) -> bool:
        if not (arrived := self.arrived()):
            return False
        delivery, before = choose(arrived, what), self.last_entry()
        keeper = actor_for(choose(self.keepers(delivery.unit), who))
        services.receive_delivery(delivery=delivery, received_at=clock.now(), actor=keeper)
        return self.done("receive", before, "exchange.delivery.moved")

    def refuse_a_paper(self, who: int, what: int) -> bool:
        if not (arrived := self.arrived()):
            return False
        delivery, before = choose(arrived, what), self.last_entry()
        refuse(delivery=delivery, reason=REASON, actor=actor_for(choose(self.keepers(delivery.unit), who)))
        return self.done("refuse", before, "exchange.delivery.moved")

    # -- work is done

    def open_items(self) -> list[WorkItem]:
        return list(WorkItem.objects.filter(state=OPEN).select_related("task", "unit", "document").order_by("pk"))

    def go_on(self, who: int, what: int) -> bool:
        """The usual action of some work."""
        return self.work(who, what, 0)

    def do_any_work(self, who: int, what: int) -> bool:
        return self.work(who, what, who // 7)

    def work(self, who: int, what: int, how: int) -> bool:
        if not (items := self.open_items()):
            return False
        item = choose(items, what)
        person = choose(self.holders(item), who)
        name = choose([action.name for action in present_item(item, person).actions], how)
        if name == "issue" and self.is_newer(item):
            return self.refused("issue of another version", AnotherVersion, lambda: self.complete(item, person, name))
        if name == "issue" and self.issued >= self.issues:
            return True
        self.issued += name == "issue"
        before = self.last_entry()
        self.complete(item, person, name, pick=who + what, receipt_key=ids.new_receipt_key())
        self.check_the_record(item, person, name)
        return self.done(f"{item.node}: {name}", before, "workflow.item.completed")

    def complete(
        self, item: WorkItem, person: User, name: str, *, pick: int = 0, behind: int = 0, receipt_key: Any = None
    ) -> None:
        facts = {
            "task_id": item.pk, "actor": actor_for(person), "action": name, "payload": self.payload(item, name, pick),
            "expected_version": process_of(item).version - behind, "receipt_key": receipt_key,
        }  # fmt: skip
        answer = services.complete(**facts)
        self.last, self.answer = facts, answer

    def is_newer(self, item: WorkItem) -> bool:
        case = OutgoingCase.plain.get(process__task=item.pk)
        return case.document.drafts.count() != case.approved_version

    def payload(self, item: WorkItem, name: str, pick: int) -> dict[str, Any]:
        return {"reason": REASON, "text": f"Nội dung {pick}", **self.facts(item, name, pick)}

    def facts(self, item: WorkItem, name: str, pick: int) -> dict[str, Any]:
        """What the form of the action offers to choose."""
        key = (item.node, name)
        if key == ("present", "present"):
            return {"leader_post": choose(office_posts(item.unit, [Role.LEADER]), pick)}
        if key == ("direct", "direct"):
            keys = [key for key, _words in assignees(item.unit)]
            lead, *others = keys[pick % len(keys) :] + keys[: pick % len(keys)]
            return {"lead": lead, "supporters": others[: pick % 3], "fyi": others[2 : 2 + pick % 2], "due_date": None}
        if key == ("work", "hand_on"):
            return {"post": choose(posts_below(assignment_of(item)), pick), "due_date": None}
        if key == ("draft", "submit"):
            return {"signer_post": choose([None, *office_posts(item.unit, [Role.LEADER])], pick)}
        if item.node in {"approve", "issue"}:
            return {"version": item.document.drafts.count(), "issued_on": clock.today()}
        return {}

    def check_the_record(self, item: WorkItem, person: User, name: str) -> None:
        """The chain names who did it and for whom; the item says the same."""
        entry = AuditEntry.objects.filter(act="workflow.item.completed").order_by("-pk")[0]
        fresh = WorkItem.objects.get(pk=item.pk)
        assert (entry.data["node"], entry.data["action"], entry.actor["user_id"]) == (item.node, name, person.pk)
        assert (fresh.state, fresh.completed_by_id) == (WorkItem.State.DONE, person.pk)
        assert (entry.on_behalf_of or {}).get("user_id") == fresh.completed_for_id
        assert holder_keys(person, clock.now())[item.holder] == fresh.completed_for_id

    # -- what must be refused

    def trespass(self, who: int, what: int) -> bool:
        items = [item for item in self.open_items() if self.strangers(item)]
        if not items:
            return False
        item = choose(items, what)
        stranger, name = choose(self.strangers(item), who), min(registry.actions_of(item.flow, item.node))
        return self.refused("somebody else's work", services.NotYourTurn, lambda: self.complete(item, stranger, name))

    def strangers(self, item: WorkItem) -> list[User]:
        return self.people(lambda one: item.holder not in holder_keys(one, clock.now()))

    def post_an_old_form(self, who: int, what: int) -> bool:
        if not (items := self.open_items()):
            return False
        item = choose(items, what)
        person, name = choose(self.holders(item), who), min(registry.actions_of(item.flow, item.node))
        return self.refused("an old form", StaleVersion, lambda: self.complete(item, person, name, behind=1))

    def come_too_late(self, who: int, what: int) -> bool:
        over = WorkItem.objects.exclude(state=OPEN).select_related("task", "unit", "document").order_by("pk")
        if not over:
            return False
        item = choose(over, what)
        person, name = choose(self.everybody(), who), min(registry.actions_of(item.flow, item.node))
        return self.refused("what is over", AlreadyDone, lambda: self.complete(item, person, name))

    def post_the_last_form_again(self, who: int, what: int) -> bool:
        if not self.last:
            return False
        before = self.state()

        assert services.complete(**self.last) == self.answer

        assert self.state() == before
        self.tally["again"] += 1
        return True

    # -- work is taken back, moved, done by others

    def strike_a_number_out(self, who: int, what: int) -> bool:
        entries = RegisterEntry.objects.select_related("register__unit", "document").order_by("pk")
        if not entries:
            return False
        entry, before = choose(entries, what), self.last_entry()
        keeper = actor_for(choose(self.keepers(entry.register.unit), who))
        try:
            void_entry(entry=entry, reason=REASON, actor=keeper)
        except (NumberInUse, IssueStands, AlreadyVoid):
            assert self.acts_since(before) == []
            return True
        return self.done("strike out", before, "documents.entry.voided")

    def jump(self, who: int, what: int) -> bool:
        running = DocumentProcess.objects.filter(is_open=True, unit=self.office.top).order_by("pk")
        if not running:
            return False
        process, before = choose(running, what), self.last_entry()
        step = choose([step for flow, step in sorted(registry._landings) if flow == process.flow_key], who)
        try:
            services.jump(process=process, node=step, reason=REASON, actor=actor_for(self.person("admin")))
        except NothingToLandOn:
            assert self.acts_since(before) == []
            return True
        return self.done("jump", before, "workflow.process.jumped")

    def name_a_deputy(self, who: int, what: int) -> bool:
        if Delegation.objects.filter(revoked_at=None).count() >= MOST_DEPUTIES:
            return False
        principal, before = choose(self.everybody(), who), self.last_entry()
        make_delegation(principal, choose(self.people(lambda one: one != principal), what))
        self.known = []
        return self.done("deputy", before, "organizations.delegation.given")

    def let_a_deputy_go(self, who: int, what: int) -> bool:
        given = Delegation.objects.filter(revoked_at=None).select_related("principal", "deputy").order_by("pk")
        if not given:
            return False
        row, before = choose(given, what), self.last_entry()
        revoke_delegation(delegation=row, at=clock.now(), actor=actor_for(row.principal))
        self.known = []
        return self.done("deputy gone", before, "organizations.delegation.revoked")
