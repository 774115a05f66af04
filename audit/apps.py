"""The room as Django knows it."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """The memory of acts."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the chain among the invariants, and seal it whenever the tables have changed."""
        from audit.checks import register_check  # models are ready only now
        from audit.rights import seal_after_migrating, warn_if_open
        from audit.services import verify_chain

        register_check("I4", "the audit chain verifies")(verify_chain)
        post_migrate.connect(seal_after_migrating, sender=self, dispatch_uid="audit.seal")
        checks.register(warn_if_open, checks.Tags.database)
