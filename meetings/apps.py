"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Briefings across units."""

    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the room into the shell."""
        from ui.navigation import NavItem, register  # the shell is ready only now

        register(
            NavItem(key="meetings", label=_("Meetings"), icon="people", url_name="meetings:list", order=60, dock=True)
        )
