"""Who may do what to a paper (domain.md 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import clock
from organizations.models import Role
from organizations.policies import OFFICE, can_register, in_capacity, person_of, require, require_clerk, seats_with

if TYPE_CHECKING:
    from audit.models import Actor
    from documents.models import Document
    from organizations.models import Unit, User

DRAFTERS = (Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER, Role.DEPT_HEAD, Role.SPECIALIST, Role.ASSISTANT)


def require_registrar(actor: Actor, unit: Unit) -> tuple[User, Actor]:
    """Registering, confirming, numbering and voiding is the clerk's, in the clerk's absence the chief of office's."""
    return require_clerk(actor, unit)


def require_leader(actor: Actor, unit: Unit) -> tuple[User, Actor]:
    """
    What the head of a unit decides about its papers.

    :raises NotAllowed: for anybody else
    """
    person = person_of(actor)
    seats = seats_with(person, Role.LEADER, unit, clock.now())
    require("documents.register.open", bool(seats), _("Only a leader of this unit may do this."))
    return person, in_capacity(actor, [seat.principal for seat in seats])


def require_drafter(actor: Actor, unit: Unit) -> tuple[User, Actor]:
    """
    Drafting is open to all who work in the unit.

    :raises NotAllowed: for anybody else
    """
    person = person_of(actor)
    seats = seats_with(person, DRAFTERS, unit, clock.now())
    require("documents.draft.write", bool(seats), _("You do not work in this unit."))
    return person, in_capacity(actor, [seat.principal for seat in seats])


def require_relator(actor: Actor, source: Document, target: Document) -> Actor:
    """
    What a paper replaces is said by the office that holds it, of a paper that the person may see.

    :raises NotAllowed: for anybody else, and for a paper that is not theirs to see
    """
    person, actor = require_registrar(actor, source.owner_unit)
    is_seen = type(target).objects.visible_to(person).filter(pk=target.pk).exists()
    require("documents.document.relate", is_seen, _("Only the registry clerk of this unit may do this."))
    return actor


def require_security_officer(actor: Actor, unit: Unit) -> tuple[User, Actor]:
    """
    What was locked away is the business of the unit's security officer, or of whoever acts for that person.

    :raises NotAllowed: for anybody else
    """
    person = person_of(actor)
    seats = seats_with(person, Role.SECURITY_OFFICER, unit, clock.now())
    require("documents.quarantine", bool(seats), _("Only the security officer of this unit may do this."))
    return person, in_capacity(actor, [seat.principal for seat in seats])


def may_draft(user: User, unit: Unit) -> bool:
    """Whether the pages of the unit's drafts are for this person."""
    return bool(seats_with(user, DRAFTERS, unit, clock.now()))


def may_confirm(user: User, document: Document) -> bool:
    """Whether the confirm page is for this person."""
    return can_register(user, document.owner_unit, clock.now())


def may_tag(user: User, document: Document) -> bool:
    """Whether the paper's tags are for this person to change: whoever sits in the office of its owner unit."""
    return bool(seats_with(user, OFFICE, document.owner_unit, clock.now()))


def require_tagger(actor: Actor, document: Document) -> Actor:
    """
    Tags are the business of the office that owns the paper, as far as it may see it.

    :raises NotAllowed: for anybody else
    """
    person = person_of(actor)
    seats = seats_with(person, OFFICE, document.owner_unit, clock.now())
    sees = bool(seats) and type(document).objects.visible_to(person).filter(pk=document.pk).exists()
    require("documents.tag", sees, _("Only the office of the unit that owns this paper may change its tags."))
    return in_capacity(actor, [seat.principal for seat in seats])
