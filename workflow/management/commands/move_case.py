from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organizations.models import User
from organizations.policies import NotAllowed
from organizations.services import actor_for
from workflow.engine.hold import Busy
from workflow.engine.models import DocumentProcess
from workflow.engine.registry import UnknownAction
from workflow.engine.repair import NotRunning
from workflow.services import jump
from workflow.services.landings import NothingToLandOn
from workflow.services.repair import ReasonMissing

STEPS = ("present", "direct", "work", "finish", "draft", "approve", "issue")
REFUSALS = (ReasonMissing, NotAllowed, NotRunning, NothingToLandOn, Busy)


class Command(BaseCommand):
    help = "Put a case that is stuck on another of its steps; an administrator's repair, remembered with its reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("document", type=int, help="number of the paper, as in its address")
        parser.add_argument("--unit", required=True, metavar="CODE", help="the unit whose case it is")
        parser.add_argument("--to", required=True, choices=STEPS)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--as", dest="user", required=True, metavar="USER", help="an administrator of the unit")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["user"]).first()
        if person is None:
            raise CommandError(f"Không có người dùng {options['user']}.")
        where = {"document": options["document"], "unit__code": options["unit"], "is_open": True}
        process = DocumentProcess.objects.filter(**where).order_by("pk").last()
        if process is None:
            raise CommandError("Đơn vị này không có việc nào đang mở với văn bản đó.")
        try:
            jump(process=process, node=options["to"], reason=options["reason"], actor=actor_for(person))
        except UnknownAction:
            raise CommandError("Quy trình của văn bản này không có bước đó.") from None
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Đã chuyển về bước “{options['to']}”.")
