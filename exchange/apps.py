"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Sending between units."""

    name = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the room into the shell and into the books."""
        import exchange.book  # noqa: F401  # registers its column
        from organizations.navigation import of_an_office
        from ui.navigation import NavItem, register

        register(
            NavItem(
                key="directives",
                label=_("Directives and tracking"),
                icon="diagram-3",
                url_name="exchange:directives",
                order=40,
                visible=of_an_office,
            )
        )
