"""The room as Django knows it."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Papers."""

    name = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the room's invariants and its entries in the shell."""
        import documents.checks
        import documents.crosschecks  # noqa: F401  # registers them
        from documents.seeds import seed_document_types
        from organizations.navigation import of_an_office, of_registrars, of_security_officers
        from ui.navigation import NavItem, register

        post_migrate.connect(seed_document_types, sender=self)

        register(
            NavItem(
                key="incoming",
                label=_("Incoming papers"),
                icon="box-arrow-in-down",
                url_name="documents:incoming",
                order=20,
            )
        )
        register(
            NavItem(key="outgoing", label=_("Outgoing papers"), icon="send", url_name="documents:outgoing", order=30)
        )
        register(
            NavItem(
                key="registers",
                label=_("Registers"),
                icon="journal-text",
                url_name="documents:register",
                order=50,
                visible=of_an_office,
            )
        )
        register(
            NavItem(
                key="intake",
                label=_("Take papers in"),
                icon="plus-lg",
                url_name="documents:intake",
                order=15,
                visible=of_registrars,
                section="top",
            )
        )
        register(
            NavItem(
                key="quarantine",
                label=_("Locked away files"),
                icon="shield-exclamation",
                url_name="documents:quarantine",
                order=90,
                visible=of_security_officers,
                section="foot",
            )
        )
