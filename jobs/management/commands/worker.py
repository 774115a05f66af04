import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs.workers import work


class Command(BaseCommand):
    help = "Run the jobs of some queues until asked to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queues", nargs="*", default=["default"])
        parser.add_argument(
            "--concurrency", type=int, default=os.cpu_count() or 1, help="jobs at once; default: one per core"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        work(options["queues"], concurrency=options["concurrency"])
