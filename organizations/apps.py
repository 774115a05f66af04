"""The room as Django knows it."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """People, units, posts."""

    name = "organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the room into the shell."""
        from core import clock  # models are ready only now
        from organizations.accounts import remember_accounts
        from organizations.policies import administers_anything
        from ui.navigation import NavItem, register

        remember_accounts()

        def is_admin(request: HttpRequest) -> bool:
            return request.user.is_authenticated and administers_anything(request.user, clock.now())

        register(
            NavItem(
                key="admin",
                label=_("Administration"),
                icon="gear",
                url_name="organizations:units",
                order=90,
                visible=is_admin,
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
