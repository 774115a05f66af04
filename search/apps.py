"""The room as Django knows it."""

from django.apps import AppConfig
from django.core.checks import register as register_check
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """The archive's index."""

    name = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the room's invariant and its entry in the shell."""
        import search.checks  # noqa: F401  # registers it
        from search.disks import check_disk
        from search.pages.abbreviations import of_editors
        from search.pages.base import of_sys_admins
        from search.readings import seed_abbreviations
        from ui.navigation import NavItem, register

        register_check(check_disk)
        post_migrate.connect(seed_abbreviations, sender=self)
        register(NavItem(key="search", label=_("Search"), icon="search", url_name="search:page", order=70, dock=True))
        register(
            NavItem(
                key="search-index", label=_("Search index"), icon="shield-check", url_name="search:health", order=92,
                visible=of_sys_admins, section="foot",
            )
        )  # fmt: skip
        register(
            NavItem(
                key="abbreviations", label=_("Abbreviations"), icon="body-text", url_name="search:readings", order=91,
                visible=of_editors, section="foot",
            )
        )  # fmt: skip
