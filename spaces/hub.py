"""The Hugging Face Hub through its own client, with its refusals turned into sentences that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.errors import Refused

if TYPE_CHECKING:
    from huggingface_hub import HfApi


def hub(token: str = "") -> HfApi:
    """The client; without a token with HF_TOKEN, else with the one that `hf auth login` left. HF_ENDPOINT names another Hub."""
    from huggingface_hub import HfApi

    return HfApi(token=token or None, library_name="labelspace")


@contextmanager
def told(space: str = "") -> Iterator[None]:
    """Raises Refused, in one sentence, for what the Hub refuses inside of this block; `space` is what it is asked about."""
    from httpx2 import HTTPError
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError

    try:
        yield
    except LocalTokenNotFoundError:
        raise Refused(_no_token(), 401) from None
    except HFValidationError:
        raise Refused(_("%(space)s is no name of a Space: write owner/name.") % {"space": space}, 400) from None
    except HfHubHTTPError as error:
        raise _sentence(error.response.status_code if error.response is not None else 0, space, str(error.server_message or "")) from None
    except HTTPError:
        raise Refused(_("Hugging Face cannot be reached from here. Try again in a minute."), 400) from None


def _sentence(status: int, space: str, said: str) -> Refused:
    if status == 402:
        text = _(
            "Hugging Face asks for payment: a Docker Space needs a PRO account or a Team or Enterprise organization, and paid hardware a "
            "payment method (https://huggingface.co/settings/billing)."
        )
    elif status in (401, 404):
        # The Hub says "not found" for what a token may not see.
        text = _(
            "%(space)s is not there, or this token may not do this. Managing a Space needs a User Access Token with write access "
            "(https://huggingface.co/settings/tokens): the token of `hf auth login` cannot restart Spaces or change hardware."
        ) % {"space": space or _("What was asked for")}
    elif status == 403:
        text = _("This token may not do this to %(space)s: it needs write access (https://huggingface.co/settings/tokens).") % {
            "space": space
        }
    elif status == 409:
        text = _("%(space)s is there already.") % {"space": space}
    elif status == 429:
        text = _("Hugging Face is asked too often. Try again in five minutes.")
    elif status >= 500 or not status:
        text = _("Hugging Face has trouble of its own (%(status)s). Try again in a minute.") % {"status": status}
    else:
        text = _("Hugging Face refused: %(said)s") % {"said": said.strip().splitlines()[0][:300] if said.strip() else status}
    return Refused(text, status if 400 <= status < 500 else 400)


def _no_token() -> str:
    return _("There is no token for Hugging Face: set HF_TOKEN, or sign in with `hf auth login`.")
