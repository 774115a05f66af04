"""The table of abbreviations, as the office's administrators keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from core.vietnamese import clean, place_tones
from organizations.models import Unit, User
from organizations.policies import administered_paths, require
from search.abbreviations import LONGEST, USUAL
from search.analysis import canonical, folded_words
from search.models import AbbreviationEntry

if TYPE_CHECKING:
    from datetime import datetime

    from audit.models import Actor

MOST_ENTRIES = 1_000


class WrongReading(Exception):
    """Nothing was changed; the message says what to do next. `field` names the fact at fault."""

    field: ClassVar[str] = "short"


class WrongLongForm(WrongReading):
    """The long form is at fault."""

    field = "long"


def may_edit(user: User, at: datetime) -> bool:
    """The table is everybody's, so it is for those who administer the whole office: no deputy, no administrator of a part."""
    return any(len(path) <= Unit.steplen for path in administered_paths(user, at))


def seed_abbreviations(**kwargs: object) -> None:
    """Fill an empty table; runs after every migration, and never touches one that an office has."""
    if not AbbreviationEntry.objects.exists():
        AbbreviationEntry.objects.bulk_create(
            AbbreviationEntry(short=one.short, long=one.long, is_sure=one.is_sure) for one in USUAL
        )


@transaction.atomic
def add_entry(*, short: str, long: str, is_sure: bool, actor: Actor) -> AbbreviationEntry:
    """
    One more reading; the same letters may have several.

    :raises WrongReading: if it is none, or known already
    """
    _require_editor(actor)
    short, long = _checked(short, long)
    if AbbreviationEntry.objects.count() >= MOST_ENTRIES:
        raise WrongReading(_("The table is full. Remove an abbreviation first."))
    entry = AbbreviationEntry.objects.create(short=short, long=long, is_sure=is_sure)
    record("search.abbreviation.added", target=entry, actor=actor, data=_facts(entry))
    return entry


@transaction.atomic
def change_entry(*, entry: AbbreviationEntry, short: str, long: str, is_sure: bool, actor: Actor) -> None:
    """:raises WrongReading: if it is none, or known already"""
    _require_editor(actor)
    before = _facts(entry)
    entry.short, entry.long = _checked(short, long, besides=entry.pk)
    entry.is_sure = is_sure
    entry.save()
    record("search.abbreviation.changed", target=entry, actor=actor, data={"before": before, "after": _facts(entry)})


@transaction.atomic
def remove_entry(*, entry: AbbreviationEntry, actor: Actor) -> None:
    """Search reads it so no more."""
    _require_editor(actor)
    facts, pk = _facts(entry), entry.pk
    entry.delete()
    entry.pk = pk  # the chain names it
    record("search.abbreviation.removed", target=entry, actor=actor, data=facts)


def _facts(entry: AbbreviationEntry) -> dict[str, str | bool]:
    return {"short": entry.short, "long": entry.long, "is_sure": entry.is_sure}


def _checked(short: str, long: str, besides: int = 0) -> tuple[str, str]:
    short, long = (" ".join(place_tones(clean(text)).split()) for text in (short, long))
    if len(folded_words(short)) != 1:
        raise WrongReading(_("An abbreviation is one word of letters and digits, such as LĐLĐ."))
    if not 1 <= len(folded_words(long)) <= LONGEST or folded_words(long) == folded_words(short):
        raise WrongLongForm(_("Write the abbreviation out in words, such as liên đoàn lao động."))
    known = AbbreviationEntry.objects.exclude(pk=besides).values_list("short", "long")
    if (canonical(short), canonical(long)) in {(canonical(one), canonical(other)) for one, other in known}:
        raise WrongReading(_("The table has this reading already."))
    return short, long


def _require_editor(actor: Actor) -> None:
    """
    Commands act for the office itself.

    :raises NotAllowed: for everybody but administrators of the whole office
    """
    if actor.user_id is not None:
        allowed = may_edit(User.objects.get(pk=actor.user_id), clock.now())
        words = _("Only an administrator of the whole office may change the table of abbreviations.")
        require("search.abbreviation.edit", allowed, words)
