"""Fill the office with the demo union, its people and the papers of its story."""

from typing import Any

from django.core.management.base import BaseCommand

from demo.office import build_office
from demo.papers import load_papers
from demo.people import PASSWORD
from search.services import index_pending


class Command(BaseCommand):
    help = "Fill the office with the demo union: 121 units, 30 people and their papers. May be run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        made = build_office()
        self.stdout.write(f"Đơn vị mới: {made.units}; người dùng mới: {made.people}.")
        self.stdout.flush()
        papers = load_papers(self._say)
        index_pending()
        self._say(f"Văn bản mới: {papers}.")
        self.stdout.write(f"Mật khẩu chung của bản trình diễn: {PASSWORD} (tên đăng nhập: docs/demo.md).")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
