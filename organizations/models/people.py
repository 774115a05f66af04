"""People hold posts for a time; work and rights belong to the posts (docs/adr/0003)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.vietnamese import name_sort_key


class Role(models.TextChoices):
    """What a post may do (domain.md 13)."""

    CLERK = "clerk", _("Registry clerk")
    OFFICE_CHIEF = "office_chief", _("Chief of office")
    LEADER = "leader", _("Leader")
    DEPT_HEAD = "dept_head", _("Head of department")
    SPECIALIST = "specialist", _("Specialist")
    SECRETARY = "secretary", _("Meeting secretary")
    CHAIR = "chair", _("Meeting chair")
    ARCHIVIST = "archivist", _("Archivist")
    ASSISTANT = "assistant", _("Leader's assistant")
    UNIT_ADMIN = "unit_admin", _("Unit administrator")
    SYS_ADMIN = "sys_admin", _("System administrator")
    SECURITY_OFFICER = "security_officer", _("Security officer")


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """A new account; without a password nobody can sign in with it."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account of a person. Accounts are closed, never deleted."""

    username_validator: ClassVar[UnicodeUsernameValidator] = UnicodeUsernameValidator()

    username = models.CharField(_("User name"), max_length=60, unique=True, validators=[username_validator])
    full_name = models.CharField(_("Full name"), max_length=150)
    name_key = models.BinaryField(editable=False, default=b"")
    email = models.EmailField(_("E-mail"), blank=True)
    language = models.CharField(_("Language"), max_length=5, choices=settings.LANGUAGES, default="vi")
    is_active = models.BooleanField(_("Open account"), default=True)
    date_joined = models.DateTimeField(default=clock.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = name_sort_key(self.full_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.rpartition(" ")[2]


class Post(models.Model):
    """A seat in a unit, with the roles that come with it."""

    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(_("Title"), max_length=150)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name=_("Roles"), default=list)
    order = models.PositiveSmallIntegerField(_("Order"), default=100)
    is_closed = models.BooleanField(_("Closed"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "title"], name="one_post_per_title")]

    def __str__(self) -> str:
        return self.title


class Appointment(models.Model):
    """Who holds a post, from a day (inclusive) to a day (exclusive; empty: still)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    valid_from = models.DateField(_("From"), default=clock.today)
    valid_to = models.DateField(_("Until"), null=True, blank=True)
    is_primary = models.BooleanField(_("Main post"), default=True)
    is_acting = models.BooleanField(_("Acting"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="appointment_dates_in_order"
            ),
            models.UniqueConstraint(
                fields=["user", "post"], condition=Q(valid_to__isnull=True), name="one_open_appointment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.post}"


class Delegation(models.Model):
    """One person acts for another in a window of time: routing and reading, never signing (domain.md 13)."""

    principal = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_held")
    valid_from = models.DateTimeField(_("From"))
    valid_to = models.DateTimeField(_("Until"))
    revoked_at = models.DateTimeField(null=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="delegation_has_an_end"),
            models.CheckConstraint(condition=~Q(principal=F("deputy")), name="nobody_is_their_own_deputy"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} / {self.principal}"
