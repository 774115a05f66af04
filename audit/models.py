"""
The memory of acts: append-only, chained by hashes in the order of commits.

The application writes an `AuditEntry`; the database alone numbers and chains it, in `AuditLink`, when the transaction
commits (docs/adr/0002). Two tables, since Django names every column when it inserts: in one table the application would
need the right to write numbers and hashes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import models
from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, named as on the day: the entry stays true when the person, post or unit changes."""

    user_id: int | None
    name: str
    post_id: int | None = None
    post: str = ""
    unit_id: int | None = None
    unit: str = ""
    on_behalf_of_id: int | None = None
    on_behalf_of: str = ""
    channel: str = "web"

    @classmethod
    def system(cls, name: str) -> Actor:
        """The office itself, such as its reader of scans."""
        return cls(user_id=None, name=name, channel="job")

    def for_principal(self, user_id: int, name: str) -> Actor:
        """The same person acting for somebody else."""
        return replace(self, on_behalf_of_id=user_id, on_behalf_of=name)

    def snapshot(self) -> dict[str, Any]:
        """What an entry keeps of the actor; the principal has a member of its own."""
        facts = asdict(self)
        for name in ("on_behalf_of_id", "on_behalf_of"):
            del facts[name]
        return facts

    def principal(self) -> dict[str, Any] | None:
        """Whom the actor acts for, or None."""
        return {"user_id": self.on_behalf_of_id, "name": self.on_behalf_of} if self.on_behalf_of_id else None


class AuditEntry(models.Model):
    """
    One act, as said by the application.

    `head` and `tail` are the canonical JSON around the number, which only the commit knows: the payload that is hashed is
    head + number + tail. `verify_chain` compares them with the columns.
    """

    act = models.CharField(max_length=100)
    actor = models.JSONField()
    on_behalf_of = models.JSONField(null=True)
    target = models.CharField(max_length=100)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)
    head = models.TextField()
    tail = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["target", "id"], name="audit_by_target")]
        constraints = [
            models.CheckConstraint(condition=Q(salt__regex=r"^[0-9a-f]{32}$"), name="audit_salt_is_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.target}"

    @property
    def n(self) -> int | None:
        """The place in the chain; None until the commit."""
        return self.link.n if hasattr(self, "link") else None

    @property
    def hash(self) -> str:
        """The hex digest; empty until the commit."""
        return (self.link.hash or "") if hasattr(self, "link") else ""


class AuditTouch(models.Model):
    """
    A further row that an act changes the sight of, so that its history and the index find the act.

    An index of the names that the entry itself keeps, sealed, in `data["touches"]`.
    """

    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="touches")
    target = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["target", "entry"], name="audit_by_touch")]

    def __str__(self) -> str:
        return self.target


class AuditLink(models.Model):
    """Number and hash of an entry; written by the database alone, at commit."""

    entry = models.OneToOneField(
        AuditEntry, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="link"
    )
    n = models.BigIntegerField(unique=True, null=True)
    prev = models.CharField(max_length=64, null=True)  # noqa: DJ001  # empty until the commit
    hash = models.CharField(max_length=64, null=True)  # noqa: DJ001  # likewise

    def __str__(self) -> str:
        return str(self.n)


class AuditHead(models.Model):
    """The end of the chain: one row."""

    n = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.n)


class Receipt(models.Model):
    """The answer to a form that was posted, so that the same form posted twice is one act."""

    key = models.UUIDField()
    user_id = models.BigIntegerField()  # no foreign key: this room knows nobody
    answer = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="one_answer_per_form_and_person")]

    def __str__(self) -> str:
        return str(self.key)
