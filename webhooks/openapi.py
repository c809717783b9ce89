"""What the operations on webhooks take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    BOOLEAN,
    ID,
    INTEGER,
    NOTHING,
    NUMBER,
    TEXT,
    TIME,
    Operation,
    array,
    component,
    describe,
    mapping,
    null,
    obj,
    one_of,
)
from webhooks.serializers import WebhookSerializer

WEBHOOK = component(
    "Webhook",
    obj(
        id=ID,
        organization=ID,
        project=null(ID),
        url=TEXT,
        send_payload=BOOLEAN,
        send_for_all_actions=BOOLEAN,
        headers=mapping(TEXT),
        is_active=BOOLEAN,
        actions=array(TEXT),
        created_at=TIME,
        updated_at=TIME,
        consecutive_failures=INTEGER,
        secret=(TEXT,),
    ),
)
DELIVERY = component(
    "Delivery",
    obj(
        id=ID,
        webhook=ID,
        event=INTEGER,
        action=TEXT,
        project=null(INTEGER),
        task=null(INTEGER),
        replay_of=null(INTEGER),
        status=one_of("waiting", "delivered", "failed"),
        status_code=null(INTEGER),
        attempts=INTEGER,
        error=TEXT,
        duration=null(NUMBER),
        created_at=TIME,
        next_attempt_at=null(TIME),
        finished_at=null(TIME),
    ),
)

describe(
    "webhooks",
    GET=Operation("Webhooks", array(WEBHOOK), query={"project": TEXT}),
    POST=Operation("Make a webhook", WEBHOOK, status=201, body=WebhookSerializer),
)
describe("webhooks-info", GET=Operation("What webhooks tell about", mapping(obj(key=TEXT)), query={"organization-only": BOOLEAN}))
describe(
    "webhook",
    GET=Operation("A webhook", WEBHOOK),
    PATCH=Operation("Change a webhook", WEBHOOK, body=WebhookSerializer),
    PUT=Operation("Change a webhook", WEBHOOK, body=WebhookSerializer),
    DELETE=NOTHING,
)
describe(
    "webhook-deliveries",
    GET=Operation("What was sent", obj(results=array(DELIVERY), next=null(INTEGER)), query={"page": INTEGER, "page_size": INTEGER}),
)
describe("webhook-replay", POST=Operation("Send it again", DELIVERY, status=201))
