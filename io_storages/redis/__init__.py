"""Keys of a Redis database, each holding a task or an annotation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from io_storages.kinds import BLOB_URLS, DELETE, ON_GONE, REGEX, Field, Kind
from io_storages.redis.connector import RedisKeys

KIND = Kind(
    "redis",
    "Redis",
    (
        Field("path", _("Key prefix"), help=_("Keys that begin with this and a slash.")),
        REGEX,
        BLOB_URLS,
        ON_GONE,
        DELETE,
        Field("host", _("Host"), default="localhost", pattern=r"[A-Za-z0-9._:-]{0,253}"),
        Field("port", _("Port"), default="6379", pattern=r"[0-9]{0,5}"),
        Field("password", _("Password"), secret=True),
        Field("db", _("Database"), "integer", 1),
    ),
    RedisKeys,
)
