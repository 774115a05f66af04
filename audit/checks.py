"""A registry of invariants: each room adds its own, `manage.py verify` runs them all (docs/operations.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How many things were looked at, and what was found wrong, as sentences for an operator."""

    checked: int
    violations: list[str] = field(default_factory=list)


Check = Callable[[], CheckResult]
_checks: dict[str, tuple[str, Check]] = {}


def register_check(check_id: str, title: str) -> Callable[[Check], Check]:
    """Add an invariant under its id, such as I3."""

    def keep(check: Check) -> Check:
        _checks[check_id] = (title, check)
        return check

    return keep


def title_of(check_id: str) -> str:
    """What an invariant says, for the operator's report."""
    return _checks[check_id][0]


def run_checks(only: str | None = None) -> dict[str, Any]:
    """Run all invariants, or one, and report as `verify --json` prints."""
    checks = []
    for check_id, (_title, check) in sorted(_checks.items()):
        if only in (None, check_id):
            result = check()
            ok = not result.violations
            checks.append({"id": check_id, "ok": ok, "checked": result.checked, "violations": result.violations})
    return {"ok": all(check["ok"] for check in checks), "checks": checks}
