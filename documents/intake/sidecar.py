"""What a JSON file beside a scan says about it: `quyet-dinh.pdf` and `quyet-dinh.pdf.json` (docs/operations.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date, parse_datetime

from core import clock
from core.vietnamese import fold

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 64 << 10
NOT_SECRET = {"", "none", "khong", "khong mat", "thuong", "0"}
ARRIVED = ("arrived_at", "arrived_on", "arrival_date")


class SidecarBroken(Exception):
    """It is no JSON object of texts, or its date is none."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """Everything may be missing; `secrecy` is whatever was written."""

    unit: str = ""
    secrecy: str = ""
    sender: str = ""
    subject: str = ""
    note: str = ""
    arrived_at: datetime | None = None

    @property
    def is_secret(self) -> bool:
        """Any degree, however it is spelled: what is not plainly none is one."""
        return " ".join(fold(self.secrecy).split()) not in NOT_SECRET


def read_sidecar(path: Path) -> Sidecar:
    """
    Read it, or the empty one where there is none.

    :raises SidecarBroken: for anything else
    """
    if not path.exists():
        return Sidecar()
    try:
        with path.open("rb") as stream:
            facts = json.loads(stream.read(MOST_BYTES + 1).decode("utf-8-sig"))
    except (ValueError, RecursionError) as broken:
        raise SidecarBroken from broken
    if not isinstance(facts, dict):
        raise SidecarBroken
    texts = {name: _text(facts, name) for name in ("unit", "secrecy", "sender", "subject", "note")}
    arrived = next((text for name in ARRIVED if (text := _text(facts, name))), "")
    return Sidecar(**texts, arrived_at=_moment(arrived) if arrived else None)


def _text(facts: dict[str, Any], name: str) -> str:
    value = facts.get(name)
    if value is None:
        return ""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise SidecarBroken
    return str(value).strip()


def _moment(text: str) -> datetime:
    """2026-11-26, 26/11/2026 or with a time; without a zone it is the office's."""
    day, slash, year = text.partition(" ")[0].rpartition("/")
    text = f"{year}-{'-'.join(reversed(day.split('/')))}{text[len(day) + 1 + len(year) :]}" if slash else text
    try:
        moment = parse_datetime(text)
        day_alone = None if moment else parse_date(text)
    except ValueError as broken:
        raise SidecarBroken from broken
    if moment is None and day_alone is None:
        raise SidecarBroken
    moment = moment or datetime.combine(day_alone, datetime.min.time())  # type: ignore[arg-type]  # one of them is there
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.OFFICE_ZONE)
