"""Everything that changes who is who; each act stands in the audit chain."""

from organizations.services.actors import actor_for, switch_post, system_actor
from organizations.services.people import (
    change_language,
    close_account,
    create_user,
    delegate,
    reopen_account,
    revoke_delegation,
    set_password,
)
from organizations.services.posts import appoint, change_post, close_post, create_post, end_appointment
from organizations.services.refused import Refused
from organizations.services.units import change_unit, close_unit, create_unit, move_unit, rename_unit

__all__ = [
    "Refused",
    "actor_for",
    "appoint",
    "change_language",
    "change_post",
    "change_unit",
    "close_account",
    "close_post",
    "close_unit",
    "create_post",
    "create_unit",
    "create_user",
    "delegate",
    "end_appointment",
    "move_unit",
    "rename_unit",
    "reopen_account",
    "revoke_delegation",
    "set_password",
    "switch_post",
    "system_actor",
]
