from typing import Any

from django.core.management.base import BaseCommand

from workflow.services import rebuild_items


class Command(BaseCommand):
    help = "Make the work items of all inboxes anew from their tasks, where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã sửa {rebuild_items()} việc.")
