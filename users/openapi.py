"""What the operations on one's own account take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    BOOLEAN,
    ID,
    NOTHING,
    OBJECT,
    TEXT,
    TIME,
    Operation,
    component,
    describe,
    may,
    must,
    null,
    obj,
    one_of,
)

USER = component(
    "User",
    obj(
        id=ID,
        first_name=TEXT,
        last_name=TEXT,
        username=TEXT,
        email=TEXT,
        last_activity=null(TIME),
        custom_hotkeys=OBJECT,
        avatar=null(TEXT),
        initials=TEXT,
        phone=TEXT,
        active_organization=null(ID),
        active_organization_meta=obj(title=TEXT, email=TEXT),
        allow_newsletters=null(BOOLEAN),
        date_joined=TIME,
    ),
)
USER_SIMPLE = component("UserSimple", obj(id=ID, first_name=TEXT, last_name=TEXT, email=TEXT, avatar=null(TEXT)))
TOKEN = component("PersonalToken", obj(id=ID, token=TEXT, name=TEXT, created_at=TIME, expires_at=null(TIME), last_used_at=null(TIME)))
REFRESH = must("refresh", refresh=TEXT)
HOTKEYS = obj(custom_hotkeys=OBJECT)
TOUR = obj(
    user=ID, name=TEXT, state=one_of("ready", "completed", "skipped"), interaction_data=OBJECT, awaiting=BOOLEAN, steps={"type": "array"}
)

describe("token-refresh", POST=Operation("An access token for a personal token", obj(access=TEXT), body=REFRESH))
describe("token-blacklist", POST=Operation("Revoke a personal token", status=204, body=REFRESH))
describe("token-rotate", POST=Operation("A new personal token for an old one", obj(refresh=TEXT), body=REFRESH))
describe("token", DELETE=NOTHING)
describe("legacy-token", GET=Operation("One's token", obj(token=TEXT)))
describe("legacy-token-reset", POST=Operation("A new token in its place", obj(token=TEXT), status=201))
describe(
    "hotkeys",
    GET=Operation("One's hotkeys", HOTKEYS),
    PATCH=Operation("Replace one's hotkeys", HOTKEYS, body=must("custom_hotkeys", custom_hotkeys=OBJECT)),
)
describe("preferences", GET=Operation("One's preferences", OBJECT), PATCH=Operation("Merge preferences; null removes", OBJECT, body=OBJECT))
describe(
    "product-tour",
    GET=Operation("How far one has come with a tour", TOUR, query={"name": TEXT}),
    PATCH=Operation(
        "Keep how far one has come",
        TOUR,
        query={"name": TEXT},
        body=may(state=one_of("ready", "completed", "skipped"), interaction_data=OBJECT),
    ),
)
describe(
    "user-avatar",
    POST=Operation("One's picture", obj(detail=TEXT, avatar=null(TEXT)), upload=True),
    DELETE=NOTHING,
)
