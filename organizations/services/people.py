"""People and their accounts, and who acts for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from core.vietnamese import clean
from organizations.models import Delegation, User
from organizations.policies import forget_holdings, require_admin_of_person
from organizations.services.refused import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from audit.models import Actor


class UsernameTaken(Refused):
    """A user name is one person's for ever: closed accounts keep theirs."""

    field = "username"

    def __init__(self) -> None:
        super().__init__(_("This user name is taken: choose another one."))


class OwnAccount(Refused):
    """Nobody locks themselves out."""

    def __init__(self) -> None:
        super().__init__(_("Your own account can be closed only by another administrator."))


class WrongDelegation(Refused):
    """Nobody can act for this person in this way."""

    field = "deputy"


class LateDelegation(WrongDelegation):
    """A delegation that is over before it begins."""

    field = "valid_to"


@transaction.atomic
def create_user(
    *, username: str, full_name: str, password: str | None, actor: Actor, email: str = "", language: str = "vi"
) -> User:
    """
    Open an account.

    :raises UsernameTaken: also if the account of that name is closed
    :raises ValidationError: if the password is too weak
    """
    require_admin_of_person(actor, None)
    username, full_name = clean(username).strip(), clean(full_name).strip()
    if User.objects.filter(username=username).exists():
        raise UsernameTaken
    if password is not None:
        validate_password(password, User(username=username, full_name=full_name))
    user = User.objects.create_user(username, password, full_name=full_name, email=email, language=language)
    record("organizations.user.created", target=user, actor=actor, data={"username": user.username})
    return user


@transaction.atomic
def set_password(*, user: User, password: str, actor: Actor) -> None:
    """
    Give an account a new password; its open sessions end, since they are bound to the old one.

    :raises ValidationError: if the password is too weak
    """
    require_admin_of_person(actor, user)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record("organizations.user.password_set", target=user, actor=actor)


@transaction.atomic
def close_account(*, user: User, actor: Actor) -> None:
    """
    Close an account: it holds nothing from now on and its sessions end at once. Rows are never deleted.

    :raises OwnAccount: if it is the actor's
    """
    if actor.user_id == user.pk:
        raise OwnAccount
    require_admin_of_person(actor, user)
    user.is_active = False
    # Sessions are bound to the password: an account that is opened again begins with a new one and without them.
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    forget_holdings(user)
    record("organizations.user.closed", target=user, actor=actor)


@transaction.atomic
def reopen_account(*, user: User, password: str, actor: Actor) -> None:
    """
    Open a closed account again with a new password; the person holds what the dates of their posts say.

    :raises ValidationError: if the password is too weak
    """
    require_admin_of_person(actor, user)
    validate_password(password, user)
    user.is_active = True
    user.set_password(password)
    user.save(update_fields=["is_active", "password"])
    forget_holdings(user)
    record("organizations.user.reopened", target=user, actor=actor)


@transaction.atomic
def change_language(*, user: User, language: str, actor: Actor) -> None:
    """Remember the language of a person's pages."""
    User.objects.filter(pk=user.pk).update(language=language)
    record("organizations.user.language_changed", target=user, actor=actor, data={"language": language})


@transaction.atomic
def delegate(
    *, principal: User, deputy: User, valid_from: datetime, valid_to: datetime, actor: Actor, reason: str = ""
) -> Delegation:
    """
    Let `deputy` act for `principal` in a window of time: routing and reading, never signing.

    Principals name their deputies themselves; for somebody who suddenly cannot, their administrator does.

    :raises LateDelegation: if the window ends before it begins or is already over
    :raises WrongDelegation: to oneself, or between closed accounts
    """
    _require_principal(actor, principal)
    if valid_to <= max(valid_from, clock.now()):
        raise LateDelegation(_("The end must lie after the beginning and in the future."))
    if principal.pk == deputy.pk:
        raise WrongDelegation(_("Nobody is their own deputy: choose another person."))
    if not (principal.is_active and deputy.is_active):
        raise WrongDelegation(_("This account is closed: choose another person."))
    row = Delegation.objects.create(
        principal=principal, deputy=deputy, valid_from=valid_from, valid_to=valid_to, reason=clean(reason).strip()
    )
    forget_holdings(deputy)
    data = {"deputy": deputy.pk, "from": valid_from, "until": valid_to}
    record("organizations.delegation.given", target=principal, actor=actor, data=data, touches=[row])
    return row


@transaction.atomic
def revoke_delegation(*, delegation: Delegation, at: datetime, actor: Actor) -> None:
    """
    End a delegation at a moment; the deputy holds nothing by it from then on.

    :raises WrongDelegation: if it was revoked before
    """
    _require_principal(actor, delegation.principal)
    if not Delegation.objects.filter(pk=delegation.pk, revoked_at__isnull=True).update(revoked_at=at):
        raise WrongDelegation(_("This delegation was revoked before. Nothing was changed."))
    forget_holdings(delegation.deputy)
    data = {"deputy": delegation.deputy_id}
    record(
        "organizations.delegation.revoked", target=delegation.principal, actor=actor, data=data, touches=[delegation]
    )


def _require_principal(actor: Actor, principal: User) -> None:
    if actor.user_id != principal.pk:
        require_admin_of_person(actor, principal)
