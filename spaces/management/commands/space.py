from __future__ import annotations

import argparse
import webbrowser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

ENDED = 7200  # seconds that a build and a start may take


class Command(BaseCommand):
    help = "Make and manage Spaces on Hugging Face. The token is HF_TOKEN, else that of `hf auth login`; --token names another."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--token", default="", help="token of Hugging Face with write access")
        what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
        for name, text in [
            ("deploy", "make or update a Space of this Labelspace: repository, secrets, bucket, files; then wait for it"),
            ("create", "make an empty Docker Space"),
        ]:
            one = what.add_parser(name, help=text)
            one.add_argument("space", metavar="SPACE", help="owner/name, or a name of your own")
            _new_space_flags(one)
            if name == "deploy":
                one.add_argument(
                    "--owner", default="", metavar="EMAIL", help="also make an account with a password for this e-mail address"
                )
                one.add_argument("--data-token", default="", metavar="TOKEN", help="the token that the Space gets as HF_TOKEN; else yours")
                one.add_argument("--no-bucket", action="store_true", help="no bucket for copies: the Space keeps its data elsewhere")
                one.add_argument("--no-wait", action="store_true", help="do not wait until it serves")
        one = what.add_parser("duplicate", help="make a copy of somebody's Space")
        one.add_argument("source", metavar="FROM")
        one.add_argument("space", metavar="TO", nargs="?", default="")
        _new_space_flags(one)
        for name, text in [
            ("status", "stage, hardware, sleep time, volumes"),
            ("pause", "stop it until its owner restarts it"),
            ("open", "open its page in the browser"),
        ]:
            what.add_parser(name, help=text).add_argument("space", metavar="SPACE", nargs="?", default="")
        one = what.add_parser("restart", help="start it again")
        one.add_argument("space", metavar="SPACE", nargs="?", default="")
        one.add_argument("--factory", action="store_true", help="build it again from nothing")
        one = what.add_parser("logs", help="what it prints")
        one.add_argument("space", metavar="SPACE", nargs="?", default="")
        one.add_argument("--build", action="store_true", help="what its build printed")
        one.add_argument("--follow", action="store_true", help="go on until it ends")
        for name, text in [("secrets", "names of secrets; set and delete them"), ("variables", "variables; set and delete them")]:
            one = what.add_parser(name, help=text)
            one.add_argument("space", metavar="SPACE")
            one.add_argument("--set", metavar="NAME=VALUE", nargs="+", default=[], dest="entries")
            one.add_argument("--delete", metavar="NAME", nargs="+", default=[])
        one = what.add_parser("hardware", help="what there is and costs, or ask for one")
        one.add_argument("space", metavar="SPACE")
        one.add_argument("flavor", metavar="HARDWARE", nargs="?", default="")
        one.add_argument("--sleep", type=int, metavar="SECONDS", help="sleep after so long without visitors")
        one = what.add_parser("sleep", help="sleep after so many seconds without visitors (paid hardware only); -1: never")
        one.add_argument("space", metavar="SPACE")
        one.add_argument("seconds", metavar="SECONDS", type=int)
        one = what.add_parser("volumes", help="buckets and repositories mounted in it")
        one.add_argument("space", metavar="SPACE")
        one.add_argument("--set", metavar=VOLUME, nargs="+", default=[], dest="entries", help="these and no others")
        one.add_argument("--clear", action="store_true", help="none")

    def handle(self, *args: Any, **options: Any) -> None:
        from spaces.deploying import full_name
        from spaces.hub import hub, told

        api = hub(options["token"])
        what = options["what"]
        if what == "deploy":
            self._deploy(api, options)
            return
        space = self._named(options)
        if what in ("create", "duplicate"):
            self._make(api, space, options)
            return
        space = full_name(api, space)
        with told(space):
            getattr(self, f"_{what}")(api, space, options)

    def _named(self, options: dict[str, Any]) -> str:
        from django.conf import settings

        found = options["space"] or settings.ENVIRONMENT.space.id
        if not found and options["what"] != "duplicate":
            raise CommandError(_("Say which Space: owner/name."))
        return str(found)

    def _deploy(self, api: Any, options: dict[str, Any]) -> None:
        from spaces.deploying import BROKEN, address, deploy
        from spaces.hub import told

        plan = _plan(options)
        plan.token = options["data_token"] or _own_token(api)
        plan.owner, plan.bucket = options["owner"], not options["no_bucket"]
        space, password = deploy(api, plan, self._say)
        if password:
            self._say(_("Account: %(email)s, password %(password)s (shown this once)") % {"email": plan.owner, "password": password})
        if not options["no_wait"]:
            with told(space):
                runtime = api.wait_for_space(space, timeout=ENDED)
                if runtime.stage in BROKEN:
                    for line in api.fetch_space_logs(space, build=runtime.stage == "BUILD_ERROR"):
                        self.stdout.write(line.rstrip("\n"))
                    raise CommandError(_("The Space is %(stage)s.") % {"stage": runtime.stage})
        self._say(address(space))

    def _make(self, api: Any, space: str, options: dict[str, Any]) -> None:
        from spaces.deploying import address, create, full_name
        from spaces.hub import told

        plan = _plan(options)
        if options["what"] == "create":
            space = full_name(api, space)
            with told(space):
                create(api, space, plan)
        else:
            with told(options["source"]):
                made = api.duplicate_repo(
                    options["source"],
                    full_name(api, options["space"]) if options["space"] else None,
                    repo_type="space",
                    visibility=plan.visibility,
                    space_hardware=plan.hardware or None,
                    space_sleep_time=plan.sleep,
                    space_secrets=[{"key": key, "value": value} for key, value in plan.secrets.items()] or None,
                    space_variables=[{"key": key, "value": value} for key, value in plan.variables.items()] or None,
                    space_volumes=plan.volumes or None,
                )
            space = made.repo_id
        self._say(address(space))

    def _status(self, api: Any, space: str, options: dict[str, Any]) -> None:
        self._show(api.get_space_runtime(space))

    def _pause(self, api: Any, space: str, options: dict[str, Any]) -> None:
        self._show(api.pause_space(space))

    def _restart(self, api: Any, space: str, options: dict[str, Any]) -> None:
        self._show(api.restart_space(space, factory_reboot=options["factory"]))

    def _sleep(self, api: Any, space: str, options: dict[str, Any]) -> None:
        runtime = api.get_space_runtime(space)
        if (runtime.requested_hardware or runtime.hardware) in (None, "cpu-basic"):
            raise CommandError(_("cpu-basic always sleeps after 48 hours without visitors: a sleep time needs paid hardware."))
        self._show(api.set_space_sleep_time(space, options["seconds"]))

    def _logs(self, api: Any, space: str, options: dict[str, Any]) -> None:
        for line in api.fetch_space_logs(space, build=options["build"], follow=options["follow"]):
            self.stdout.write(line.rstrip("\n"))

    def _open(self, api: Any, space: str, options: dict[str, Any]) -> None:
        from spaces.deploying import address

        self._say(address(space))
        webbrowser.open(address(space))

    def _secrets(self, api: Any, space: str, options: dict[str, Any]) -> None:
        for key, value in _pairs(options["entries"]).items():
            api.add_space_secret(space, key, value)
        for key in options["delete"]:
            api.delete_space_secret(space, key)
        for key in sorted(api.get_space_secrets(space)):
            self._say(key)

    def _variables(self, api: Any, space: str, options: dict[str, Any]) -> None:
        for key, value in _pairs(options["entries"]).items():
            api.add_space_variable(space, key, value)
        for key in options["delete"]:
            api.delete_space_variable(space, key)
        for key, variable in sorted(api.get_space_variables(space).items()):
            self._say(f"{key}={variable.value}")

    def _hardware(self, api: Any, space: str, options: dict[str, Any]) -> None:
        if options["flavor"]:
            self._show(api.request_space_hardware(space, options["flavor"], sleep_time=options["sleep"]))
            return
        for one in api.list_spaces_hardware():
            price = f"${one.unit_cost_usd * 60:.2f}/h" if one.unit_cost_usd else _("free")
            self._say(f"{one.name:<16} {price:<10} {one.cpu}, {one.ram}")

    def _volumes(self, api: Any, space: str, options: dict[str, Any]) -> None:
        if options["clear"]:
            api.delete_space_volumes(space)
        elif options["entries"]:
            api.set_space_volumes(space, [_volume(text) for text in options["entries"]])
        for one in api.get_space_runtime(space).volumes or []:
            self._say(f"{one.type}:{one.source}:{one.mount_path}{':ro' if one.read_only else ''}")

    def _show(self, runtime: Any) -> None:
        self._say(_("Stage: %(stage)s") % {"stage": runtime.stage})
        wanted = runtime.requested_hardware
        text = runtime.hardware or "-"
        self._say(_("Hardware: %(hardware)s") % {"hardware": text if wanted in (None, runtime.hardware) else f"{text} → {wanted}"})
        if runtime.sleep_time:
            self._say(_("Sleeps after: %(seconds)s s") % {"seconds": runtime.sleep_time})
        for one in runtime.volumes or []:
            self._say(_("Volume: %(source)s at %(path)s") % {"source": one.source, "path": one.mount_path})

    def _say(self, text: str) -> None:
        self.stdout.write(text)


VOLUME = "TYPE:SOURCE:PATH[:ro]"


def _new_space_flags(parser: argparse.ArgumentParser) -> None:
    seen = parser.add_mutually_exclusive_group()
    for visibility in ("private", "protected", "public"):
        seen.add_argument(f"--{visibility}", dest="visibility", action="store_const", const=visibility, default="private")
    parser.add_argument("--hardware", default="", help="see `space hardware`")
    parser.add_argument("--sleep", type=int, metavar="SECONDS", help="sleep after so long without visitors")
    parser.add_argument("--secret", metavar="NAME=VALUE", action="append", default=[])
    parser.add_argument("--variable", metavar="NAME=VALUE", action="append", default=[])
    parser.add_argument("--volume", metavar=VOLUME, action="append", default=[])


def _plan(options: dict[str, Any]) -> Any:
    from spaces.deploying import Plan

    return Plan(
        name=options["space"],
        visibility=options["visibility"],
        hardware=options["hardware"],
        sleep=options["sleep"],
        secrets=_pairs(options["secret"]),
        variables=_pairs(options["variable"]),
        volumes=[_volume(text) for text in options["volume"]],
    )


def _pairs(texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise CommandError(_("Write NAME=VALUE, not %(text)s.") % {"text": text.partition("=")[0]})
        found[name] = value
    return found


def _volume(text: str) -> Any:
    from core.errors import Refused
    from spaces.operations import volume_of

    try:
        return volume_of(text)
    except Refused as refused:
        raise CommandError(refused.sentence) from None


def _own_token(api: Any) -> str:
    """The token that this machine uses, if a Space may have it: one of `hf auth login` ends, and could not restart the Space."""
    from huggingface_hub import get_token

    found = str(api.token or get_token() or "")
    return "" if found.startswith("hf_oauth_") else found
