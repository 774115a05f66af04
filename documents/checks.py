"""I1 to I3 and I8: bytes behind every row, numbers without gaps, no job without a worker."""

from __future__ import annotations

from audit.checks import CheckResult, register_check
from audit.models import AuditEntry
from documents import store
from documents.models import Document, DocumentFile, Register, RegisterEntry
from jobs.health import orphans

REASON = "invariants look at every paper"


@register_check("I1", "every acknowledged upload exists")
def uploads_exist() -> CheckResult:
    """Each act of receiving names a paper that is there."""
    acts = AuditEntry.objects.filter(act="documents.document.received").values_list("target", flat=True)
    ids = {int(target.partition(":")[2]) for target in acts.iterator()}
    present = set(Document.objects.system(REASON).filter(pk__in=ids).values_list("pk", flat=True))
    missing = sorted(ids - present)
    return CheckResult(len(ids), [f"document {pk} was received and is gone" for pk in missing])


@register_check("I2", "every file exists and has its hash")
def files_have_their_hash() -> CheckResult:
    """Re-hashes every file that a row names; what a security officer handed over is gone, its act in the chain (domain.md 7)."""
    violations, checked = [], 0
    rows = DocumentFile.objects.system(REASON).filter(removed_at__isnull=True).order_by("sha256").distinct("sha256")
    for file in rows.values_list("sha256", "size").iterator():
        checked += 1
        path = store.path_of(file[0])
        if not path.exists():
            violations.append(f"bytes {file[0]} are missing")
        elif path.stat().st_size != file[1] or store.hash_of(path) != file[0]:
            violations.append(f"bytes {file[0]} have changed")
    return CheckResult(checked, violations)


@register_check("I3", "numbers run from 1 without gaps or doubles")
def numbers_run() -> CheckResult:
    """Each book holds 1 to n; what is void says why."""
    violations, checked = [], 0
    for register in Register.objects.order_by("id"):
        numbers = list(register.entries.order_by("number_int").values_list("number_int", flat=True))
        checked += len(numbers)
        if sorted(set(numbers)) != list(range(1, len(set(numbers)) + 1)):
            violations.append(f"register {register.pk} has a gap")
        if len(set(numbers)) != len(numbers):
            violations.append(f"register {register.pk} has a number twice")
        if register.next_number != len(set(numbers)) + 1:
            violations.append(f"register {register.pk} would go on with {register.next_number}")
    voids = RegisterEntry.objects.filter(state=RegisterEntry.State.VOID, void_reason="").count()
    return CheckResult(checked, violations + ([f"{voids} void numbers give no reason"] if voids else []))


@register_check("I8", "no job runs without a live worker")
def jobs_have_workers() -> CheckResult:
    """Jobs wait, run under a worker, or have ended."""
    lost = orphans()
    return CheckResult(len(lost), [f"job {job} runs without a worker" for job in lost])
