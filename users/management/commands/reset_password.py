from __future__ import annotations

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from users.models import User
from users.operations.accounts import make_password_link, set_password_by_link


class Command(BaseCommand):
    help = "Give an account another password. It is signed out everywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help="the account's e-mail address; asked for when not given")
        parser.add_argument("--password", help="the new password; asked for when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            email = options["username"] or input("E-mail address: ")
            user = User.objects.filter(email=email.strip().lower()).first()
            if user is None:
                raise CommandError(f"There is no account {email}.")
            set_password_by_link(make_password_link(None, user), options["password"] or getpass("New password: "))
        except EOFError:
            raise CommandError("Say --username and --password where nobody can be asked.") from None
        self.stdout.write(f"The password of {user.email} was changed.")
