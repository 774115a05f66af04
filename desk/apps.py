"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """What a person sees first."""

    name = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the inbox into the shell, with the number of what waits."""
        from desk.badges import arrivals, open_work  # models are ready only now
        from organizations.navigation import of_an_office
        from ui.navigation import NavItem, register, register_bell

        register(
            NavItem(
                key="inbox", label=_("Inbox"), icon="inbox", url_name="desk:inbox", order=10, badge=open_work, dock=True
            )
        )
        register(
            NavItem(
                key="waiting",
                label=_("To be received"),
                icon="envelope",
                url_name="exchange:waiting",
                order=15,
                badge=arrivals,
                visible=of_an_office,
            )
        )
        register_bell(open_work)
