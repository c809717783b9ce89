"""What every page's template uses: the front end's files, icons, numbers and times in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.rawjson import dump_json
from web.assets import asset, entry

register = template.Library()


@register.simple_tag(takes_context=True)
def assets(context: Context, name: str) -> SafeString:
    """The tags that load an entry: styles first, then what the script imports, then the script. Nothing is named twice on a page."""
    files = entry(name)
    there: set[str] = context["request"].__dict__.setdefault("_assets", set())

    def fresh(addresses: tuple[str, ...]) -> list[tuple[str]]:
        new = [address for address in addresses if address not in there]
        there.update(new)
        return [(address,) for address in new]

    return format_html(
        "{}{}{}",
        format_html_join("", '<link rel="stylesheet" href="{}">', fresh(files.styles)),
        format_html_join("", '<link rel="modulepreload" href="{}">', fresh(files.imports)),
        format_html_join("", '<script type="module" src="{}"></script>', fresh((files.script,))),
    )


# What could end the script element or begin a comment in it, as JSON may also write it.
_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def island_json(element_id: str, value: Any) -> SafeString:
    """Data for a script of ours: Django's `json_script`, but stored JSON (`core.rawjson.fragment`) goes out unparsed."""
    text = SafeString(dump_json(value).decode().translate(_IN_SCRIPT))
    return format_html('<script type="application/json" id="{}">{}</script>', element_id, text)


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """An icon of the sprite. It is decoration: the control's text says what it does."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false"><use href="{1}#{2}"/></svg>',
        size,
        asset("src/pages/icons.svg"),
        name,
    )


@register.filter
def percent(part: Any, whole: Any) -> int:
    """Whole percents, rounded down, so that 100 means all of it."""
    return int(part) * 100 // int(whole) if whole else 0


@register.filter
def ago(moment: datetime | None) -> str:
    """A time in words: "just now", "5 min ago", "3 h ago", "yesterday", "12 days ago", then the date."""
    if moment is None:
        return ""
    seconds = max(0, int((timezone.now() - moment).total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 1:
        return _("just now")
    if hours < 1:
        return ngettext("%(count)d min ago", "%(count)d min ago", minutes) % {"count": minutes}
    if days < 1:
        return ngettext("%(count)d h ago", "%(count)d h ago", hours) % {"count": hours}
    if days == 1:
        return _("yesterday")
    if days < 30:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return f"{moment:%Y-%m-%d}"


@register.filter
def count(number: Any) -> str:
    """A number with thousands marked: 12,345."""
    return f"{int(number or 0):,}"


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's query string with some values changed."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        values[name] = str(value)
    return str(values.urlencode())
