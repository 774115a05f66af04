"""The room as Django knows it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The memory of acts."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the chain among the invariants."""
        from audit.checks import register_check  # models are ready only now
        from audit.services import verify_chain

        register_check("I4", "the audit chain verifies")(verify_chain)
