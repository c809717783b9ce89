"""The next message of a conversation (the Chat tag), from the endpoint that the administrator has set."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid, not_found
from core.outbound import allowing, fetch
from core.rawjson import JSONRefused, dump_json, read_json
from ml.operations.asking import LONGEST, a_place
from projects.queries import config_of
from tasks.models import Task

MOST_MESSAGES = 200
MOST_CHARACTERS = 200_000
MOST_BYTES = 4 << 20


def next_message(actor: Actor, task_id: int, name: str, messages: Any) -> dict[str, Any]:
    """What the model that the Chat `name` of the task's set-up names (`llm`) says after `messages`; nothing is stored.

    CHAT_URL is asked as OpenAI's chat completions are. Raises 404 for a task that the actor does not see, 400 for messages that are none and a Chat
    without a model, 429 while too many wait, 424 when the endpoint gives no answer. Without an endpoint the answer is `{errors}`.
    """
    task = Task.objects.visible_to(actor).select_related("project").only("project").filter(pk=task_id).first()
    if task is None:
        raise not_found()
    chat = config_of(task.project).objects.get(name)
    model = chat.node.attributes.get("llm", "").strip() if chat is not None and chat.tag == "Chat" else ""
    if not model:
        raise invalid(name=_("The set-up has no Chat of this name with a model (llm)."))
    said = _checked(messages)
    if not settings.CHAT_URL:
        return {"errors": [_("No model answers here yet: write both sides yourself. The administrator can name one with CHAT_URL.")]}
    with a_place() as free:
        if not free:
            raise Refused(_("The model is busy with others. Try again in a moment."), 429)
        return {"role": "assistant", "content": _asked(model, said)}


def _checked(messages: Any) -> list[dict[str, str]]:
    if not isinstance(messages, list) or not 0 < len(messages) <= MOST_MESSAGES:
        raise invalid(messages=_("Give 1 to %(most)d messages.") % {"most": MOST_MESSAGES})
    found = []
    for message in messages:
        role, content = (message.get("role"), message.get("content")) if isinstance(message, dict) else (None, None)
        if not isinstance(role, str) or not isinstance(content, str):
            raise invalid(messages=_("Each message has a role and a content."))
        found.append({"role": role, "content": content})
    if sum(len(message["content"]) for message in found) > MOST_CHARACTERS:
        raise invalid(messages=_("The conversation is too long for a model."))
    return found


def _asked(model: str, messages: list[dict[str, str]]) -> str:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if settings.CHAT_API_KEY:
        headers["Authorization"] = f"Bearer {settings.CHAT_API_KEY}"
    body = dump_json({"model": model, "messages": messages})
    timeout = min(settings.ML_TIMEOUT_PREDICT, LONGEST)
    # The operator of this machine has named the address, so it may be an internal one.
    with allowing(urlsplit(settings.CHAT_URL).netloc.rpartition("@")[2]):
        try:
            with fetch(
                settings.CHAT_URL, method="POST", headers=headers, body=body, timeout=timeout, max_bytes=MOST_BYTES, within=timeout
            ) as answer:
                status, content = answer.status, answer.read()
        except Refused:
            raise Refused(_("The model does not answer. Try again, or write the answer yourself."), 424) from None
    if status != 200:
        raise Refused(_("The model's server answered %(status)d. Try again, or write the answer yourself.") % {"status": status}, 424)
    try:
        words = read_json(content)["choices"][0]["message"]["content"]
    except (JSONRefused, KeyError, IndexError, TypeError):
        words = None
    if not isinstance(words, str) or not words.strip():
        raise Refused(_("The model's server gave no message. Try again, or write the answer yourself."), 424)
    return words
