"""Proving that nothing of what was said has changed: every hash is computed anew from the columns."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import JSONField, Value

from audit.canonical import FIRST_PREV, around_number, entry_hash, moment
from audit.checks import CheckResult
from audit.models import AuditEntry, AuditHead, AuditLink

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 2000
MOST_VIOLATIONS = 100


def entries_in_order() -> Iterator[AuditEntry]:
    """Every chained entry in chain order, by a cursor of the server that hands over few rows at a time."""
    rows = AuditEntry.objects.select_related("link").prefetch_related("touches").filter(link__n__isnull=False)
    return rows.order_by("link__n").iterator(chunk_size=BATCH)


@contextmanager
def one_snapshot() -> Iterator[None]:
    """All reads see one moment of the database, while others go on writing."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def verify_chain() -> CheckResult:
    """Find any changed, missing or inserted entry, and a head that is not the chain's end."""
    with one_snapshot():
        violations: list[str] = []
        count, n, prev = 0, 0, FIRST_PREV
        for entry in entries_in_order():
            count += 1
            if len(violations) < MOST_VIOLATIONS:
                violations += _faults(entry, expected_n=n + 1, expected_prev=prev)
            n, prev = entry.link.n or 0, entry.link.hash or ""
        violations += _head_faults(n, prev) + _loose_ends(count)
    return CheckResult(checked=count, violations=violations)


def _faults(entry: AuditEntry, *, expected_n: int, expected_prev: str) -> list[str]:
    link, faults = entry.link, []
    number = link.n or 0
    if number != expected_n:
        faults.append(f"entries {expected_n} to {number - 1} are missing")
    if link.prev != expected_prev:
        faults.append(f"entry {number} does not follow the entry before it")
    facts = {
        "act": entry.act, "actor": entry.actor, "at": moment(entry.at), "data": entry.data,
        "on_behalf_of": entry.on_behalf_of, "target": entry.target,
    }  # fmt: skip
    head, tail = around_number(facts)
    if not _is_sealed(entry, f"{head}{number}{tail}"):
        faults.append(f"entry {number} was changed after it was written")
    elif (head, tail) != (entry.head, entry.tail):
        faults.append(f"entry {number} has a stored text that differs from its columns")
    if sorted(touch.target for touch in entry.touches.all()) != sorted(_sealed_touches(entry.data)):
        faults.append(f"entry {number} is filed under other rows than it names")
    return faults


def _is_sealed(entry: AuditEntry, payload: str) -> bool:
    try:
        expected = entry_hash(entry.link.prev or "", entry.salt, payload)
    except ValueError:  # no hex
        return False
    # The same bytes in capitals would still be another column.
    return entry.link.hash == expected and entry.salt == entry.salt.lower()


def _sealed_touches(data: Any) -> list[str]:
    names = data.get("touches", []) if isinstance(data, dict) else []
    return [str(name) for name in names] if isinstance(names, list) else []


def _head_faults(n: int, last: str) -> list[str]:
    heads = list(AuditHead.objects.order_by("id").values_list("id", "n", "hash"))
    if not heads and n == 0:
        return []
    if heads != [(1, n, last)]:
        return [f"the chain ends at {n}, its head says {', '.join(str(head[1]) for head in heads) or 'nothing'}"]
    return []


def _loose_ends(count: int) -> list[str]:
    faults = []
    if loose := AuditEntry.objects.exclude(link__n__isnull=False).count():
        faults.append(f"{loose} entries stand outside the chain")
    if loose := AuditLink.objects.count() - count:
        faults.append(f"{loose} links lead to no entry")
    if odd := AuditEntry.objects.filter(on_behalf_of=Value(None, JSONField())).count():
        faults.append(f"{odd} entries have an empty principal where none was written")
    return faults


def exported(entry: AuditEntry) -> dict[str, Any]:
    """An entry with its link as `manage.py export_audit` writes it."""
    link = entry.link
    return {
        "n": link.n, "at": moment(entry.at), "act": entry.act, "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of, "target": entry.target, "data": entry.data,
        "salt": entry.salt, "prev": link.prev, "hash": link.hash,
    }  # fmt: skip
