"""Who may do what to a paper (domain.md 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import clock
from organizations.models import Role, User
from organizations.policies import can_register, has_role, require, require_clerk

if TYPE_CHECKING:
    from audit.models import Actor
    from documents.models import Document
    from organizations.models import Unit

DRAFTERS = (Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER, Role.DEPT_HEAD, Role.SPECIALIST, Role.ASSISTANT)


def person_of(actor: Actor) -> User:
    """The account behind an actor."""
    return User.objects.get(pk=actor.user_id or 0)


def require_registrar(actor: Actor, unit: Unit) -> User:
    """Registering, confirming, numbering and voiding is the clerk's, in the clerk's absence the chief of office's."""
    return require_clerk(actor, unit)


def require_leader(actor: Actor, unit: Unit) -> User:
    """
    What the head of a unit decides about its papers.

    :raises NotAllowed: for anybody else
    """
    person = person_of(actor)
    allowed = has_role(person, Role.LEADER, unit, clock.now())
    require("documents.register.open", allowed, _("Only a leader of this unit may do this."))
    return person


def require_drafter(actor: Actor, unit: Unit) -> User:
    """
    Drafting is open to all who work in the unit.

    :raises NotAllowed: for anybody else
    """
    person = person_of(actor)
    require("documents.draft.write", has_role(person, DRAFTERS, unit, clock.now()), _("You do not work in this unit."))
    return person


def may_confirm(user: User, document: Document) -> bool:
    """Whether the confirm page is for this person."""
    return can_register(user, document.owner_unit, clock.now())
