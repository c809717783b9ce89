"""What the operations on organizations and their people take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    BOOLEAN,
    ID,
    INTEGER,
    NOTHING,
    PAGING,
    TEXT,
    TIME,
    Operation,
    array,
    component,
    describe,
    may,
    must,
    null,
    obj,
    one_of,
    page,
    ref,
)
from organizations.serializers import (
    InvitationSerializer,
    NewPersonSerializer,
    OrganizationSerializer,
    SessionPolicySerializer,
    TokenPolicySerializer,
)
from users.serializers import ProfileSerializer, TokenSerializer

USER = ref("User")
ROLE = one_of("OW", "AD", "MA", "RE", "AN", "DI")
PROJECTS = null(array(obj(id=ID, title=TEXT)))
ME = component("Me", {"allOf": [USER, obj(permissions=array(TEXT), role=null(TEXT))]})
ORGANIZATION = component("Organization", obj(id=ID, title=TEXT, contact_info=null(TEXT), created_at=TIME))
DETAILS = component(
    "OrganizationDetails",
    {"allOf": [ORGANIZATION, obj(token=null(TEXT), updated_at=TIME, created_by=null(ID), users=array(ID))]},
)
MEMBERSHIP = component(
    "Membership",
    obj(id=ID, organization=ID, role=ROLE, user=USER, created_projects=PROJECTS, contributed_to_projects=PROJECTS),
)
MEMBER = component(
    "Member",
    obj(
        user=ID,
        organization=ID,
        role=ROLE,
        contributed_projects_count=INTEGER,
        annotations_count=INTEGER,
        created_at=TIME,
        created_projects=PROJECTS,
        contributed_to_projects=PROJECTS,
    ),
)
INVITE = obj(token=TEXT, invite_url=TEXT)
INVITATION = component("Invitation", obj(id=ID, email=TEXT, role=TEXT, created_by=null(ID), created_at=TIME, expires_at=TIME, uses=INTEGER))
TOKEN_POLICY = obj(api_tokens_enabled=BOOLEAN, legacy_api_tokens_enabled=BOOLEAN, api_token_ttl_days=INTEGER)
SESSION_POLICY = obj(max_session_age=INTEGER, max_time_between_activity=INTEGER, created_at=TIME, updated_at=TIME)
NEW_ROLE = must("role", role=TEXT)

describe(
    "users",
    GET=Operation("The people of the organization", array(USER)),
    POST=Operation("Add a person", {"allOf": [USER, may(invite_url=TEXT)]}, status=201, body=NewPersonSerializer),
)
describe("user", GET=Operation("One person", USER), PATCH=Operation("Change a profile", USER, body=ProfileSerializer), DELETE=NOTHING)
describe("user-password-link", POST=Operation("A link to choose a new password", obj(token=TEXT, reset_url=TEXT), status=201))
describe("whoami", GET=Operation("Oneself, with what one may do", ME))
describe("current-user", GET=Operation("Oneself", ME), PATCH=Operation("Change one's profile", ME, body=ProfileSerializer))
describe(
    "tokens",
    GET=Operation("One's personal tokens, without their signatures", array(ref("PersonalToken"))),
    POST=Operation("A new personal token, shown this once", ref("PersonalToken"), status=201, body=TokenSerializer),
)
describe("organizations", GET=Operation("One's organizations", array(ORGANIZATION)), POST=Operation("Refused", DETAILS, status=201))
describe(
    "organization",
    GET=Operation("An organization", DETAILS),
    PATCH=Operation("Change it", DETAILS, body=OrganizationSerializer),
    PUT=Operation("Change it", DETAILS, body=OrganizationSerializer),
)
describe(
    "memberships",
    GET=Operation(
        "A page of members",
        page(MEMBERSHIP),
        query={
            **PAGING,
            "contributed_to_projects": BOOLEAN,
            "active": BOOLEAN,
            "is_deleted": BOOLEAN,
            "role": TEXT,
            "search": TEXT,
            "ordering": TEXT,
        },
    ),
    PATCH=Operation("Change a member's role", MEMBERSHIP, body=must("user_id", "role", user_id=INTEGER, role=TEXT)),
)
describe("membership", GET=Operation("A member", MEMBER), PATCH=Operation("Change the role", MEMBER, body=NEW_ROLE), DELETE=NOTHING)
describe("roles", GET=Operation("The roles there are", array(obj(role=TEXT, code=TEXT, may_give=BOOLEAN))))
describe("invite", GET=Operation("The organization's invite link", INVITE))
describe("invite-reset", POST=Operation("A new invite link; the former dies", INVITE, status=201))
describe(
    "invitations",
    GET=Operation("Invitations that are open", array(INVITATION)),
    POST=Operation("Invite somebody", {"allOf": [INVITATION, INVITE]}, status=201, body=InvitationSerializer),
)
describe("invitation", DELETE=NOTHING)
describe(
    "token-policy",
    GET=Operation("Which tokens are allowed", TOKEN_POLICY),
    POST=Operation("Say which tokens are allowed", TOKEN_POLICY, body=TokenPolicySerializer),
)
describe(
    "session-policy",
    GET=Operation("How long sessions live", SESSION_POLICY),
    PATCH=Operation("Say how long sessions live", SESSION_POLICY, body=SessionPolicySerializer),
)
