import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from audit.models import Actor
from core import clock
from organizations.models import Role, Unit
from organizations.services import appoint, create_post, create_unit, create_user


class Command(BaseCommand):
    help = (
        "Make the first office of an empty site: its top unit and an administrator who sets up all the rest by screens."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--code", required=True, help="short code of the unit, such as TLD")
        parser.add_argument("--unit-name", required=True, help="full name of the unit")
        parser.add_argument("--symbol", default="", help="organ symbol in numbers, such as TLĐ")
        parser.add_argument("--place", default="", help="place of issue, such as Hà Nội")
        parser.add_argument("--tier", type=int, choices=(1, 2, 3, 4), default=1)
        parser.add_argument(
            "--kind", choices=[kind for kind in Unit.Kind.values if kind != "DEPARTMENT"], default="CONFEDERATION"
        )
        parser.add_argument("--user", required=True, help="user name of the administrator")
        parser.add_argument("--full-name", default="", help="full name of the administrator")
        parser.add_argument("--password", help="asked for when left out")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Unit.objects.exists():
            raise CommandError("This site has units already: set up further ones on the administration pages.")
        password = options["password"] or getpass.getpass("Password of the administrator: ")
        actor = Actor.system("init_site")
        unit = create_unit(
            code=options["code"], name=options["unit_name"], kind=options["kind"], tier=options["tier"],
            symbol=options["symbol"], place=options["place"], actor=actor,
        )  # fmt: skip
        full_name = options["full_name"] or options["user"]
        try:
            user = create_user(username=options["user"], full_name=full_name, password=password, actor=actor)
        except ValidationError as weak:
            raise CommandError(f"Choose another password: {' '.join(weak.messages)}") from weak
        post = create_post(unit=unit, title="Quản trị hệ thống", roles=[Role.SYS_ADMIN, Role.UNIT_ADMIN], actor=actor)
        appoint(user=user, post=post, valid_from=clock.today(), actor=actor)
        self.stdout.write(f"{unit.name}: {user.username} can sign in and set up units, posts and people.")
