"""The acts that a person may do on a paper now, with their forms, as the page of the paper shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, ids
from documents.services.drafting import latest_version
from organizations.models import User
from organizations.policies import holder_keys
from workflow.forms import FORMS, ActForm
from workflow.models import Assignment
from workflow.policies import may_hand_on
from workflow.selectors import assignment_of, case_of_item, open_items, process_of
from workflow.services.outgoing import DeputyCannotSign

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from django.utils.functional import _StrPromise

    from documents.models import Document
    from workflow.models import WorkItem

# The first action of a task is its usual one and gives the button its words; each says what happens by it.
ACTIONS: dict[str, tuple[str, ...]] = {
    "present": ("present",),
    "direct": ("direct", "return"),
    "work": ("report", "hand_on", "return"),
    "finish": ("finish", "return"),
    "draft": ("submit",),
    "approve": ("approve", "return"),
    "issue": ("issue", "return"),
}
BUTTONS: dict[tuple[str, str], _StrPromise] = {
    ("present", "present"): gettext_lazy("Present to the leader"),
    ("present", "return"): gettext_lazy("Return to the sender"),
    ("direct", "direct"): gettext_lazy("Direct and forward"),
    ("direct", "return"): gettext_lazy("Return to the clerk"),
    ("work", "report"): gettext_lazy("Report the result"),
    ("work", "hand_on"): gettext_lazy("Hand on within the unit"),
    ("work", "acknowledge"): gettext_lazy("I have read it"),
    ("work", "return"): gettext_lazy("Return to the leader"),
    ("finish", "finish"): gettext_lazy("Finish the case"),
    ("finish", "return"): gettext_lazy("Ask for more"),
    ("draft", "submit"): gettext_lazy("Submit to the signer"),
    ("approve", "approve"): gettext_lazy("Approve and forward to the clerk"),
    ("approve", "return"): gettext_lazy("Return to the drafter"),
    ("issue", "issue"): gettext_lazy("Number and issue"),
    ("issue", "return"): gettext_lazy("Return to the drafter"),
}
NEXT: dict[tuple[str, str], _StrPromise] = {
    ("present", "present"): gettext_lazy("Next: the leader finds the paper in the inbox."),
    ("direct", "direct"): gettext_lazy(
        "Next: those named get the work with its deadline; the sending unit sees “Assigned”."
    ),
    ("work", "report"): gettext_lazy("Next: the leader sees the result; the sending unit sees “In progress”."),
    ("work", "hand_on"): gettext_lazy("Next: this post finds the work in its inbox; its report is your unit's report."),
    ("work", "acknowledge"): gettext_lazy("Next: this notice leaves your inbox."),
    ("finish", "finish"): gettext_lazy("Next: the case is over; the sending unit sees “Done” by itself."),
    ("draft", "submit"): gettext_lazy("Next: the signer sees this version."),
    ("approve", "approve"): gettext_lazy("Next: the clerk numbers and issues exactly this version."),
    ("issue", "issue"): gettext_lazy(
        "Next: number and date are written into the paper and every recipient gets it at once."
    ),
}
KEYS = {"return": "Alt+2", "hand_on": "Alt+3"}  # ux.md 2; the usual action has Alt+1


@dataclass(frozen=True, slots=True)
class Action:
    """One button with its form."""

    name: str
    label: str
    next_words: str
    form: ActForm
    key: str
    is_primary: bool
    is_return: bool


@dataclass(frozen=True, slots=True)
class Blocked:
    """What somebody may look for here and cannot do, with the reason."""

    label: str
    why: str


@dataclass(frozen=True, slots=True)
class OpenAct:
    """One task that waits for the person: its actions, the version to post and a receipt."""

    task_id: int
    node: str
    title: str
    note: str
    sent_by: str
    version: int
    receipt_key: UUID
    actions: list[Action]
    blocked: list[Blocked]
    draft_id: int | None
    answers_id: int | None


def acts_for(document: Document, person: User, at: datetime) -> list[OpenAct]:
    """Every task on the paper that waits for the person now."""
    return [present_item(item, person) for item in open_items(document, person, at)]


def present_item(item: WorkItem, person: User, bound: tuple[str, Any] | None = None) -> OpenAct:
    """One task with its forms; `bound` gives back what was typed for one action."""
    process = process_of(item)
    blocked = dict(_blocked(item, person))
    names = tuple(name for name in _names(item, person) if name not in blocked)
    draft = latest_version(process.document).version if process.flow_key == "outgoing" else None
    return OpenAct(
        task_id=item.pk, node=item.node, title=str(BUTTONS[(item.node, names[0])]), note=item.note, sent_by=item.sent_by,
        version=process.version, receipt_key=ids.new_receipt_key(),
        actions=[_action(item, name, person, draft, bound, is_primary=name == names[0]) for name in names],
        blocked=[Blocked(str(BUTTONS[(item.node, name)]), why) for name, why in blocked.items()],
        draft_id=item.document_id if item.node == "draft" else None,
        answers_id=assignment_of(item).case_id if (item.node, item.role) == ("work", Assignment.Role.LEAD) else None,
    )  # fmt: skip


def _names(item: WorkItem, person: User) -> tuple[str, ...]:
    """What the person may do with the task, the usual thing first."""
    if item.role == Assignment.Role.FYI:
        return ("acknowledge",)
    names = ACTIONS[item.node]
    if "hand_on" in names and not may_hand_on(assignment_of(item), person):
        names = tuple(name for name in names if name != "hand_on")
    return names


def _blocked(item: WorkItem, person: User) -> Iterator[tuple[str, str]]:
    if item.node == "present" and case_of_item(item).delivery_id is None:  # type: ignore[union-attr]
        yield (
            "return",
            _(
                "Your unit entered this paper by hand: no unit of this office sent it, so there is nobody to return it to. "
                "If it was entered by mistake, strike its number out in the book."
            ),
        )
    if item.node == "approve" and (principal := holder_keys(person, clock.now()).get(item.holder)):
        yield "approve", str(DeputyCannotSign(str(User.objects.get(pk=principal))))


def _action(
    item: WorkItem, name: str, person: User, draft: int | None, bound: tuple[str, Any] | None, *, is_primary: bool
) -> Action:
    key = (item.node, name)
    data = bound[1] if bound and bound[0] == name else None
    form = FORMS[key](data, item=item, person=person, initial={"draft_version": draft}, prefix=name)
    letter = KEYS.get(name, "Alt+1")
    return Action(name, str(BUTTONS[key]), str(NEXT.get(key, "")), form, letter, is_primary, name == "return")


def count_words(count: int) -> str:
    """What the page says after an act."""
    if count == 0:
        return _("Done. Nothing else waits for you.")
    return _("Done. %(count)s more wait for you.") % {"count": count}
