"""Who may direct work within a unit (domain.md 13: re-assign inside the department), and who may answer a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import clock
from documents.models import Document
from organizations.models import Post, Role, Unit
from organizations.policies import has_role, require
from organizations.selectors import office_posts
from workflow.models import Assignment, IncomingCase

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

DIRECTING = (Role.LEADER, Role.DEPT_HEAD, Role.OFFICE_CHIEF)
WORKING = (Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER, Role.DEPT_HEAD, Role.SPECIALIST, Role.ASSISTANT, Role.SECRETARY)


def answerable(person: User, unit: Unit) -> QuerySet[IncomingCase]:
    """The cases of the unit whose papers the person may see: what they write may answer them."""
    seen = Document.objects.visible_to(person).values("pk")
    return IncomingCase.objects.visible_to(person).filter(unit=unit, document__in=seen)


def posts_below(assignment: Assignment) -> QuerySet[Post]:
    """The posts to which the unit that was given the work may hand it on; not the post that holds it."""
    return office_posts(_unit_of(assignment), WORKING).exclude(pk=assignment.post_id or 0)


def may_hand_on(assignment: Assignment, person: User) -> bool:
    """Whether a person directs the unit that was given the work; what is for information is nobody's to hand on."""
    if assignment.role == Assignment.Role.FYI:
        return False
    return has_role(person, DIRECTING, _unit_of(assignment), clock.now())


def require_hand_on(assignment: Assignment, post: Post, person: User) -> None:
    """:raises NotAllowed: for anybody who does not direct the unit, or for a post of another unit"""
    allowed = may_hand_on(assignment, person) and posts_below(assignment).filter(pk=post.pk).exists()
    require("workflow.assignment.hand_on", allowed, _("Only the head of the unit hands its work on, within the unit."))


def _unit_of(assignment: Assignment) -> Unit:
    unit = assignment.unit or (assignment.post.unit if assignment.post else None)
    assert unit is not None  # noqa: S101  # a check constraint of the table
    return unit
