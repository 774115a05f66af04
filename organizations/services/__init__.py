"""Everything that changes who is who; each act stands in the audit chain."""

from organizations.services.actors import actor_for, switch_post
from organizations.services.people import (
    appoint,
    change_language,
    close_account,
    create_post,
    create_user,
    delegate,
    end_appointment,
    revoke_delegation,
    set_password,
)
from organizations.services.units import close_unit, create_unit, move_unit, rename_unit

__all__ = [
    "actor_for",
    "appoint",
    "change_language",
    "close_account",
    "close_unit",
    "create_post",
    "create_unit",
    "create_user",
    "delegate",
    "end_appointment",
    "move_unit",
    "rename_unit",
    "revoke_delegation",
    "set_password",
    "switch_post",
]
