"""Saying an act."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import connection

from audit.canonical import around_number, moment, normal
from audit.models import Actor, AuditEntry, AuditTouch
from audit.verification import verify_chain
from core import clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model

__all__ = ["Actor", "OutsideTransaction", "name_of", "record", "verify_chain"]


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
    :param data: facts as JSON; no contents of papers. The names of `touches` are sealed with them
    :param touches: further rows whose content or readers this act changes
    :raises OutsideTransaction: if there is none
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(act)
    name, at = name_of(target), clock.now()
    touched = [other for other in dict.fromkeys(map(name_of, touches)) if other != name]
    facts: dict[str, Any] = normal({
        "act": act, "actor": actor.snapshot(), "on_behalf_of": actor.principal(), "target": name,
        "data": {**(data or {}), **({"touches": touched} if touched else {})},
    })  # fmt: skip
    head, tail = around_number(facts | {"at": moment(at)})
    entry = AuditEntry.objects.create(**facts, at=at, salt=secrets.token_hex(16), head=head, tail=tail)
    AuditTouch.objects.bulk_create(AuditTouch(entry=entry, target=other) for other in touched)
    return entry
