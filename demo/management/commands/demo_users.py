"""Who is who in the demo office, and who may see the directive 05/CT-TLĐ."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from demo.listing import demo_users


class Command(BaseCommand):
    help = "List the people of the demo office: user name, unit, tier, roles, and whether they see 05/CT-TLĐ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as a JSON array")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = demo_users()
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            eye = "thấy 05/CT-TLĐ" if row["sees_directive"] else ""
            self.stdout.write(f"{row['user']:26}{row['name']:24}{row['unit']:14}{' '.join(row['roles']):36}{eye}")
