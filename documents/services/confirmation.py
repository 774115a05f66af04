"""I2: a person says what the paper is. Nothing is official before; afterwards a change needs a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from core.symbols import normal_symbol, split_number
from core.vietnamese import clean
from documents import policies
from documents.models import Document, ExtractedField, Register, RegisterEntry, Validity
from documents.selectors import PROPOSED_AS
from documents.services.prints import renew_print
from live import publish

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from audit.models import Actor
    from organizations.models import User

FIELDS = (
    "doc_type", "number", "symbol", "issuer", "parent_organ", "issue_date", "place", "subject", "signer",
    "signer_title", "urgency", "due_date",
)  # fmt: skip
URGENCY_WORDS = {"khẩn": 1, "thượng khẩn": 2, "hỏa tốc": 3, "hỏa tốc hẹn giờ": 3}  # as marks say it
ISSUED_FACTS = {"number", "symbol", "issue_date"}


class StaleDocument(Exception):
    """Somebody changed the paper since it was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("The paper was changed since you opened it. Nothing was saved: reload the page and compare.")
        )


class NotConfirmable(Exception):
    """The paper is withdrawn, locked away or confirmed already."""

    def __init__(self, document: Document) -> None:
        super().__init__(
            _("This paper is “%(state)s” and cannot be confirmed.") % {"state": document.get_state_display()}
        )


class AlreadyOfficial(NotConfirmable):
    """A paper that stands in a book is no longer confirmed anew, but corrected, with a reason."""

    def __init__(self) -> None:
        Exception.__init__(
            self, _("This paper is confirmed and registered. Use “Correct the fields” and give a reason.")
        )


class IssuedFactsStand(Exception):
    """What was printed at issue is changed by another paper alone (18.3)."""

    def __init__(self) -> None:
        super().__init__(_("Number, symbol and date of an issued paper stand. Correct them by issuing another paper."))


class ReasonMissing(Exception):
    """A confirmed field is only changed with a reason."""

    def __init__(self) -> None:
        super().__init__(_("Give the reason for this change."))


@transaction.atomic
def confirm_fields(*, document: Document, values: Mapping[str, Any], actor: Actor, expected_version: int) -> Document:
    """
    Make the fields official.

    :param values: by column name of `FIELDS`; a missing one is empty; dates as dates, `doc_type` as its row
    :raises StaleDocument: if `version` is no longer `expected_version`
    :raises NotConfirmable: if the paper is a draft, withdrawn or locked away
    :raises AlreadyOfficial: once the paper stands in a book
    """
    person, actor = policies.require_registrar(actor, document.owner_unit)
    document = lock(document, expected_version)
    if document.state not in {Validity.UNCONFIRMED, Validity.IN_FORCE}:
        raise NotConfirmable(document)
    if document.is_confirmed and document.entries.filter(state=RegisterEntry.State.USED).exists():
        raise AlreadyOfficial
    now = clock.now()
    set_fields(document, values)
    document.state, document.confirmed_at, document.confirmed_by = Validity.IN_FORCE, now, person
    document.version += 1
    document.save()
    _keep_confirmed(document, values, person, now)
    renew_print(document=document)
    publish(f"document:{document.pk}")
    data = {"symbol": document.full_symbol, "corrected": _corrected(document)}
    record("documents.document.confirmed", target=document, actor=actor, data=data)
    return document


def lock(document: Document, expected_version: int | None = None) -> Document:
    """
    The paper's row, fresh and held until the act is over.

    :raises StaleDocument: if its version is another one
    """
    fresh = Document.plain.select_for_update(no_key=True).get(pk=document.pk)
    if expected_version is not None and fresh.version != expected_version:
        raise StaleDocument
    return fresh


def set_fields(document: Document, values: Mapping[str, Any]) -> None:
    """Write cleaned values into the paper's columns and derive its symbol's normal form."""
    for name in FIELDS:
        value = values.get(name)
        if isinstance(value, str):
            value = " ".join(clean(value).split())
        if value is None and name not in {"doc_type", "issue_date", "due_date"}:
            value = 0 if name == "urgency" else ""
        setattr(document, name, value)
    document.symbol_norm = normal_symbol(document.full_symbol) or ""


def _keep_confirmed(document: Document, values: Mapping[str, Any], person: User, now: datetime) -> None:
    read = dict(ExtractedField.plain.filter(document=document, name="urgency").values_list("name", "value"))
    for name in FIELDS:
        words = _urgency(values.get(name), read.get(name)) if name == "urgency" else _as_read(values.get(name))
        ExtractedField.plain.update_or_create(
            document=document,
            name=PROPOSED_AS.get(name, name),
            defaults={"confirmed_value": words, "confirmed_by": person, "confirmed_at": now},
        )


def _as_read(value: Any) -> str | None:
    """A confirmed value in the form in which one is proposed, so that the two can be compared."""
    if value is None or value == "":
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def _urgency(value: Any, read: Any) -> str | None:
    """The mark's own words where the degree is the one that was read, else its first name."""
    degree = int(value or 0)
    if isinstance(read, str) and URGENCY_WORDS.get(read.lower(), 0) == degree:
        return read
    return next((word.capitalize() for word, known in URGENCY_WORDS.items() if known == degree), None)


def _corrected(document: Document) -> list[str]:
    """Fields whose confirmed value differs from the proposed one: the measure of reading quality (domain.md 21)."""
    rows = ExtractedField.plain.filter(document=document, confirmed_at__isnull=False, value__isnull=False)
    return sorted(row.name for row in rows if isinstance(row.value, str) and row.value != row.confirmed_value)


@transaction.atomic
def correct_fields(
    *, document: Document, values: Mapping[str, Any], reason: str, actor: Actor, expected_version: int
) -> Document:
    """
    Change fields of a confirmed paper, with a reason; old and new values stand in the audit chain.

    :raises ReasonMissing: without a reason
    :raises NotConfirmable: if the paper is not confirmed, or not in force
    :raises IssuedFactsStand: for number, symbol or date of a paper that the unit issued itself
    """
    if not reason.strip():
        raise ReasonMissing
    person, actor = policies.require_registrar(actor, document.owner_unit)
    document = lock(document, expected_version)
    if document.state != Validity.IN_FORCE or not document.is_confirmed:
        raise NotConfirmable(document)
    before = {name: getattr(document, name) for name in FIELDS}
    set_fields(document, before | dict(values))
    changed = {
        name: [str(old or ""), str(getattr(document, name) or "")]
        for name, old in before.items()
        if old != getattr(document, name)
    }
    if ISSUED_FACTS & changed.keys() and is_issued_by_owner(document):
        raise IssuedFactsStand
    document.version += 1
    document.save()
    _keep_confirmed(document, {name: getattr(document, name) for name in FIELDS}, person, clock.now())
    renew_print(document=document)
    publish(f"document:{document.pk}")
    data = {"reason": clean(reason), "changed": changed}
    record("documents.document.corrected", target=document, actor=actor, data=data)
    return document


@transaction.atomic
def withdraw_upload(*, document: Document, reason: str, actor: Actor) -> None:
    """
    Take back an upload that nobody has confirmed: a wrong file, somebody else's paper. Its bytes stay.

    :raises NotConfirmable: once it is confirmed
    """
    if not reason.strip():
        raise ReasonMissing
    _person, actor = policies.require_registrar(actor, document.owner_unit)
    document = lock(document)
    if document.state != Validity.UNCONFIRMED:
        raise NotConfirmable(document)
    Document.plain.filter(pk=document.pk).update(state=Validity.WITHDRAWN, version=document.version + 1)
    publish(f"document:{document.pk}")
    record("documents.document.withdrawn", target=document, actor=actor, data={"reason": clean(reason)})


def is_issued_by_owner(document: Document) -> bool:
    """Whether the paper has its number from the book of issues of the unit that owns it."""
    issues = document.entries.filter(state=RegisterEntry.State.USED, register__direction=Register.Direction.OUT)
    return issues.exists()


def number_parts(number: str) -> tuple[int, str] | None:
    """Value and suffix of a number as printed, or None where it is none."""
    try:
        return split_number(number)
    except ValueError:
        return None
