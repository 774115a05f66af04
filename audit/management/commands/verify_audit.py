from audit.management.commands.verify import Command as Verify


class Command(Verify):
    help = "Verify the whole audit chain; exit 1 if any entry was changed, removed or inserted."
    only = "I4"
