from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.models import Project
from tasks.recount import recount


class Command(BaseCommand):
    help = "Counts tasks, annotations and labels anew and compares them with the counters that are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="put right what is wrong")
        parser.add_argument("--project", type=int, metavar="ID", help="only this project")

    def handle(self, *args: Any, **options: Any) -> None:
        projects = Project.objects.filter(deleted_at=None).order_by("pk")
        if options["project"] is not None:
            projects = projects.filter(pk=options["project"])
            if not projects.exists():
                raise CommandError(f"There is no project {options['project']}.")
        wrong = 0
        for project in projects.iterator():
            differences = recount(project, fix=options["fix"])
            if differences:
                wrong += 1
                self.stdout.write(f"Project {project.pk} ({project.title}): {differences}")
        if not wrong:
            self.stdout.write("All counters are right.")
        elif options["fix"]:
            self.stdout.write(f"Put right in {wrong} projects.")
        else:
            raise CommandError(f"Counters are wrong in {wrong} projects; run again with --fix.")
