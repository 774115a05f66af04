"""Saying an act, and proving that nothing of what was said has changed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import connection

from audit.canonical import FIRST_PREV, around_number, canonical, entry_hash, moment
from audit.checks import CheckResult
from audit.models import Actor, AuditEntry, AuditHead, AuditTouch
from core import clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.db.models import Model

BATCH = 2000
MOST_VIOLATIONS = 100


class OutsideTransaction(Exception):
    """An act and its entry must commit together or not at all."""


def name_of(target: Model) -> str:
    """How the chain names a row: documents.document:12"""
    return f"{target._meta.label_lower}:{target.pk}"  # noqa: SLF001  # Django's public way to the label


def record(
    act: str,
    *,
    target: Model,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    touches: Sequence[Model] = (),
) -> AuditEntry:
    """
    State an act. It is numbered and chained when the surrounding transaction commits. A service's last statement.

    :param act: dotted, room.noun.verb: `documents.document.registered`
    :param data: facts as JSON; no contents of papers
    :param touches: further rows whose content or readers this act changes
    :raises OutsideTransaction: if there is none
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(act)
    at = clock.now()
    facts: dict[str, Any] = {
        "act": act, "actor": actor.snapshot(), "on_behalf_of": actor.principal(),
        "target": name_of(target), "data": dict(data or {}),
    }  # fmt: skip
    head, tail = around_number(facts | {"at": moment(at)})
    entry = AuditEntry.objects.create(**facts, at=at, salt=secrets.token_hex(16), head=head, tail=tail)
    AuditTouch.objects.bulk_create(AuditTouch(entry=entry, target=name_of(row)) for row in touches)
    return entry


def exported(entry: AuditEntry) -> dict[str, Any]:
    """An entry with its link as `manage.py export_audit` writes it."""
    link = entry.link
    return {
        "n": link.n, "at": moment(entry.at), "act": entry.act, "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of, "target": entry.target, "data": entry.data,
        "salt": entry.salt, "prev": link.prev, "hash": link.hash,
    }  # fmt: skip


def entries_in_order() -> Iterator[AuditEntry]:
    """Every chained entry in chain order, by a cursor that holds few rows at a time."""
    rows = AuditEntry.objects.select_related("link").filter(link__n__isnull=False).order_by("link__n")
    return rows.iterator(chunk_size=BATCH)


def verify_chain() -> CheckResult:
    """Find any changed, missing or inserted entry: every hash is computed anew from the columns."""
    violations: list[str] = []
    prev, n = FIRST_PREV, 0
    for entry in entries_in_order():
        n += 1
        if len(violations) < MOST_VIOLATIONS:
            violations += _faults(entry, expected_n=n, expected_prev=prev)
        prev, n = entry.link.hash or "", entry.link.n or n
    violations += _loose_ends(n, prev)
    return CheckResult(checked=n, violations=violations)


def _faults(entry: AuditEntry, *, expected_n: int, expected_prev: str) -> list[str]:
    link = entry.link
    facts = {
        "act": entry.act, "actor": entry.actor, "at": moment(entry.at), "data": entry.data,
        "on_behalf_of": entry.on_behalf_of, "target": entry.target, "n": link.n,
    }  # fmt: skip
    faults = []
    if link.n != expected_n:
        faults.append(f"entries {expected_n} to {(link.n or 0) - 1} are missing")
    if link.prev != expected_prev:
        faults.append(f"entry {link.n} does not follow the entry before it")
    if entry_hash(link.prev or FIRST_PREV, entry.salt, canonical(facts)) != link.hash:
        faults.append(f"entry {link.n} was changed after it was written")
    if around_number(facts) != (entry.head, entry.tail):
        faults.append(f"entry {link.n} has columns that differ from its sealed text")
    return faults


def _loose_ends(n: int, last: str) -> list[str]:
    faults = []
    head = AuditHead.objects.get()
    if (head.n, head.hash) != (n, last):
        faults.append(f"the chain ends at {n}, its head says {head.n}")
    if loose := AuditEntry.objects.filter(link__n__isnull=True).count():
        faults.append(f"{loose} entries stand outside the chain")
    return faults
