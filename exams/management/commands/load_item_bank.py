from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from common.errors import DomainError
from exams.actions.practice import set_up_practice
from exams.actions.starter import load_item_bank


class Command(BaseCommand):
    help = "Load the starter blueprints, exams and reviewed items. A second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--writer", required=True, help="E-mail address of the item writer.")
        parser.add_argument("--reviewer", required=True, help="E-mail address of the item reviewer, another person.")
        parser.add_argument("--administrator", required=True, help="E-mail address of the administrator.")

    def handle(self, *args: Any, **options: Any) -> None:
        people = {name: self._person(options[name]) for name in ("writer", "reviewer", "administrator")}
        try:
            report = load_item_bank(written_by=people["writer"], approved_by=people["reviewer"], by=people["administrator"])
            set_up_practice(written_by=people["writer"], approved_by=people["reviewer"], by=people["administrator"])
        except DomainError as refusal:
            raise CommandError(str(refusal.text)) from refusal
        self.stdout.write(f"item bank: {report}")

    def _person(self, email: str) -> User:
        try:
            return User.objects.get(email__iexact=email)
        except User.DoesNotExist as error:
            raise CommandError(f"No account has the address {email}.") from error
