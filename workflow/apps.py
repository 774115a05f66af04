"""The room as Django knows it."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """The conductor."""

    name = "workflow"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the flows with their handlers, the flow audit and the room's invariant."""
        import workflow.book
        import workflow.checks
        import workflow.engine.checks
        import workflow.flows.incoming_v1
        import workflow.flows.outgoing_v1
        import workflow.services  # noqa: F401
