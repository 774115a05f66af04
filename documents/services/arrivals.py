"""I1 by a route where nobody stands at the page: each thing is taken once, or refused with its reason; nothing is lost."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit.models import Actor
from audit.services import record
from core import clock
from core.vietnamese import clean
from documents.models import Arrival, DocumentFile, Route, Validity
from documents.services.uploads import Received, attach, file_name, one_at_a_time, same_bytes, take_in, tell_received
from organizations.selectors import clerk_post, holders_of, registrars_of

if TYPE_CHECKING:
    from datetime import datetime

    from documents import store
    from documents.models import Mail
    from organizations.models import Unit, User

State = Arrival.State


class NobodyRegisters(Exception):
    """The unit has nobody who could take a paper in."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(
            _("The unit %(code)s has no registry clerk. Appoint one, then send it again.") % {"code": unit.code}
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """What came with a file: by which route and under which key, and what the sender said about it."""

    route: Route
    key: str
    name: str
    arrived_at: datetime = field(default_factory=clock.now)
    sender: str = ""
    subject: str = ""
    note: str = ""
    mail: Mail | None = None

    def facts(self) -> dict[str, object]:
        """The columns of an `Arrival`, as far as they fit."""
        return {
            "route": self.route, "key": self.key, "name": file_name(self.name), "arrived_at": self.arrived_at,
            "sender": _line(self.sender, 300), "subject": _line(self.subject, 1000), "note": _line(self.note, 1000),
            "mail": self.mail,
        }  # fmt: skip


def _line(text: str, longest: int) -> str:
    return " ".join(clean(text).split())[:longest]


def key_of(*parts: str) -> str:
    """A key of whatever names a thing, in the length of the column."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def find_arrival(route: Route, key: str) -> Arrival | None:
    """What became of a thing that came before."""
    return Arrival.objects.filter(route=route, key=key).select_related("document").first()


@transaction.atomic
def take_arrival(
    *, letter: Letter, kept: store.StoredFile, unit: Unit, beside: tuple[str, store.StoredFile] | None = None
) -> Arrival:
    """
    Make a paper of a file that came by a route, for the unit's clerk to confirm; the same key again is answered, not repeated.

    Bytes that the unit's office has already give the paper that has them. What lies in the folder again although its paper was
    withdrawn or handed over was put there by somebody: it is a new paper, and the arrival tells of that one.

    :param kept: the file's bytes, durable already
    :param beside: name and bytes of what it came in, such as the mail, kept with the paper as it came
    :raises NobodyRegisters: if the unit has no registrar
    """
    one_at_a_time(letter.key)
    known = find_arrival(letter.route, letter.key)
    if known and not _is_put_back(known):
        return known
    person = _responsible(unit)
    one_at_a_time(kept.sha256)
    earlier = same_bytes(kept.sha256, person).filter(owner_unit=unit).first()
    document = earlier or take_in(kept, letter.name, unit, person)
    if beside and not document.files.filter(sha256=beside[1].sha256).exists():
        attach(document=document, kept=beside[1], name=beside[0], kind=DocumentFile.Kind.ATTACHMENT)
    arrival = Arrival(
        pk=known.pk if known else None, unit=unit, document=document, state=State.TAKEN, sha256=kept.sha256, **letter.facts(),
    )  # fmt: skip
    arrival.save()
    received = Received(document, kept.sha256, earlier is not None)
    tell_received(received, kept, unit, Actor.system(letter.route.lower()), arrival=arrival.pk)
    return arrival


def _is_put_back(known: Arrival) -> bool:
    """A mailbox may number its mails anew by itself; a file comes back into the folder by somebody's hand."""
    if known.route != Route.FOLDER or known.document is None:
        return False
    is_gone = known.document.files.filter(sha256=known.sha256, removed_at__isnull=False).exists()
    return known.document.state == Validity.WITHDRAWN or is_gone


def _responsible(unit: Unit) -> User:
    """Whose paper it is until somebody confirms it: the unit's clerk, or whoever substitutes."""
    now, post = clock.now(), clerk_post(unit)
    person = next(iter(holders_of(post, now)), None) if post else None
    person = person or registrars_of(unit, now).first()
    if person is None:
        raise NobodyRegisters(unit)
    return person


@transaction.atomic
def refuse_arrival(*, letter: Letter, unit: Unit | None, reason: str, sha256: str = "") -> Arrival:
    """
    Put down that something was not taken in, and why; its file stays where the route leaves it.

    :param reason: a code of `documents.words`
    """
    one_at_a_time(letter.key)
    if known := find_arrival(letter.route, letter.key):
        return known
    arrival = Arrival.objects.create(unit=unit, state=State.REFUSED, reason=reason, sha256=sha256, **letter.facts())
    actor, data = Actor.system(letter.route.lower()), {"reason": reason, "unit": unit.code if unit else None}
    record("documents.arrival.refused", target=arrival, actor=actor, data=data)
    return arrival


def note_place(arrival: Arrival, place: str) -> None:
    """Where the route has put the thing, for whoever looks for it."""
    Arrival.objects.filter(pk=arrival.pk).update(place=place[:1000])
