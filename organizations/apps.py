"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """People, units, posts."""

    name = "organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the room into the shell."""
        from organizations.accounts import remember_accounts  # models are ready only now
        from organizations.navigation import of_administrators
        from ui.navigation import NavItem, register

        remember_accounts()

        register(
            NavItem(
                key="admin",
                label=_("Administration"),
                icon="gear",
                url_name="organizations:units",
                order=90,
                visible=of_administrators,
                section="foot",
            )
        )
        register(
            NavItem(
                key="delegations",
                label=_("Acting for others"),
                icon="person-check",
                url_name="organizations:delegations",
                order=80,
            )
        )
