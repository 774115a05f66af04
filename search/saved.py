"""Searches that people keep under a name: to open again, and to hear of new papers that match."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from audit.services import record
from organizations.models import User
from organizations.policies import require
from search.asked import Asked
from search.backends.base import BackendUnavailable
from search.engine import backend
from search.models import SavedHit, SavedSearch
from search.models.saved import LONGEST_QUERY, LONGEST_REST
from search.whole import whole

if TYPE_CHECKING:
    from datetime import datetime

    from audit.models import Actor

MOST_SAVED = 50
MOST_MATCHES = 10_000  # of a search that one wants to hear of


class SavedRefused(Exception):
    """Nothing was kept; the message says what to do next. `field` names the fact at fault."""

    field: ClassVar[str | None] = None


class NameTaken(SavedRefused):
    """One name, one search."""

    field = "name"


class TooMuch(SavedRefused):
    """More than can be kept."""


class AlertTooBroad(SavedRefused):
    """Nearly everything matches: every day would bring a heap."""

    field = "is_alert"


class AlertNotNow(SavedRefused):
    """What matches already cannot be told now, so neither could what is new."""

    field = "is_alert"


def asked_of(saved: SavedSearch) -> Asked:
    """The search itself."""
    return Asked.read(QueryDict(address_of(saved)))


def address_of(saved: SavedSearch) -> str:
    """What stands behind the question mark of the search page."""
    words = urlencode({"q": saved.query}) if saved.query else ""
    return "&".join(filter(None, [words, saved.parameters]))


@transaction.atomic
def save_search(*, asked: Asked, name: str, is_alert: bool, owner: User, at: datetime, actor: Actor) -> SavedSearch:
    """
    Keep a search of one's own.

    :raises NameTaken: if another one of theirs is called so
    :raises TooMuch: if they keep very many, or this one is very long
    :raises AlertTooBroad, AlertNotNow: see `set_alert`
    """
    _require_own(owner, actor)
    _one_after_another(owner)
    own = SavedSearch.objects.visible_to(owner)
    if own.count() >= MOST_SAVED:
        raise TooMuch(_("You keep %(count)s searches already. Delete one first.") % {"count": MOST_SAVED})
    if own.filter(name=name).exists():
        raise NameTaken(_("Another search of yours is called so. Choose another name."))
    rest = urlencode([(key, value) for key, value in asked.pairs() if key != "q"])
    if len(asked.text) > LONGEST_QUERY or len(rest) > LONGEST_REST:
        raise TooMuch(_("This search is too long to be kept. Use fewer words or filters."))
    saved = SavedSearch.plain.create(owner=owner, name=name, query=asked.text, parameters=rest, created_at=at)
    if is_alert:
        _listen(saved, at)
        saved.save(update_fields=["is_alert", "looked_upto"])
    record("search.saved.created", target=saved, actor=actor, data={"query": asked.address(), "is_alert": is_alert})
    return saved


@transaction.atomic
def rename_search(*, saved: SavedSearch, name: str, actor: Actor) -> None:
    """:raises NameTaken: if another one of theirs is called so"""
    _require_own(saved.owner, actor)
    _one_after_another(saved.owner)
    if SavedSearch.objects.visible_to(saved.owner).filter(name=name).exclude(pk=saved.pk).exists():
        raise NameTaken(_("Another search of yours is called so. Choose another name."))
    saved.name = name
    saved.save(update_fields=["name"])
    record("search.saved.renamed", target=saved, actor=actor)


@transaction.atomic
def delete_search(*, saved: SavedSearch, actor: Actor) -> None:
    """Forget the search and what was heard by it."""
    _require_own(saved.owner, actor)
    pk = saved.pk
    saved.delete()
    saved.pk = pk  # the chain names it
    record("search.saved.deleted", target=saved, actor=actor)


@transaction.atomic
def set_alert(*, saved: SavedSearch, is_alert: bool, at: datetime, actor: Actor) -> None:
    """
    Hear of new papers that match from now on, or no more.

    What matches already is known and never told as new, however often it changes.

    :raises AlertTooBroad: if more match than one can want to hear of
    :raises AlertNotNow: while the engine does not answer
    """
    _require_own(saved.owner, actor)
    # Two clicks at once, or a click while the indexer looks: each would tell of the same papers.
    list(SavedSearch.plain.select_for_update(no_key=True).filter(pk=saved.pk))
    SavedHit.plain.filter(saved=saved).delete()
    saved.is_alert = False
    if is_alert:
        _listen(saved, at)
    saved.save(update_fields=["is_alert", "looked_upto"])
    record("search.saved.alert_set", target=saved, actor=actor, data={"is_alert": is_alert})


def _listen(saved: SavedSearch, at: datetime) -> None:
    try:
        place = backend().served()  # before looking: what comes meanwhile is looked at again
    except BackendUnavailable:
        place = None
    known = whole(asked_of(saved), saved.owner, at, MOST_MATCHES)
    if place is None or known.degraded:
        raise AlertNotNow(
            _("Full search is paused, so new papers cannot be told from old ones. Try again in some minutes.")
        )
    if known.is_cut:
        words = _("More than %(count)s papers match. Add words or filters, then you can hear of new ones.")
        raise AlertTooBroad(words % {"count": f"{MOST_MATCHES:,}".replace(",", ".")})
    rows = [SavedHit(saved=saved, document_id=pk, at=at, is_new=False, is_mailed=True) for pk in known.ids]
    SavedHit.plain.bulk_create(rows, batch_size=2_000)
    saved.is_alert, saved.looked_upto = True, place


def mark_seen(*, saved: SavedSearch) -> None:
    """Its owner has looked."""
    SavedHit.plain.filter(saved=saved, is_new=True).update(is_new=False)


def _one_after_another(owner: User) -> None:
    """Two forms of one person at once: names and their number are looked at in turn."""
    list(User.objects.select_for_update(no_key=True).filter(pk=owner.pk))


def _require_own(owner: User, actor: Actor) -> None:
    """:raises NotAllowed: for everybody but the owner"""
    require("search.saved.change", actor.user_id == owner.pk, _("This search is somebody else's."))
