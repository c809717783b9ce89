from core.permissions import SIGNED_IN
from core.routing import route
from organizations import api

_ONE = "api/organizations/<id:organization_id>"

urlpatterns = [
    route("api/users", api.users, "users", GET="organization.view", POST="people.invite"),
    # One's own profile or, as an administrator, another's: organizations/operations/members.py looks.
    route("api/users/<id:user_id>", api.user, "user", GET="organization.view", PATCH="organization.view", DELETE="people.remove"),
    route("api/users/<id:user_id>/password-link", api.password_link, "user-password-link", POST="people.change"),
    route("api/current-user/whoami", api.whoami, "whoami", GET=SIGNED_IN),
    route("api/current-user", api.current_user, "current-user", GET=SIGNED_IN, PATCH=SIGNED_IN),
    route("api/token", api.tokens, "tokens", GET=SIGNED_IN, POST="organization.view"),
    route("api/organizations", api.organizations, "organizations", GET=SIGNED_IN, POST=SIGNED_IN),
    route(_ONE, api.organization, "organization", GET="organization.view", PATCH="organization.change", PUT="organization.change"),
    route(f"{_ONE}/memberships", api.memberships, "memberships", GET="organization.view", PATCH="people.change"),
    route(
        f"{_ONE}/memberships/<id:user_id>",
        api.membership,
        "membership",
        GET="organization.view",
        PATCH="people.change",
        DELETE="people.remove",
    ),
    route("api/roles", api.roles, "roles", GET="organization.view"),
    route("api/invite", api.invite, "invite", GET="people.invite"),
    route("api/invite/reset-token", api.invite_reset, "invite-reset", POST="people.invite"),
    route("api/invitations", api.invitation_list, "invitations", GET="people.invite", POST="people.invite"),
    route("api/invitations/<id:invitation_id>", api.invitation, "invitation", DELETE="people.invite"),
    route("api/jwt/settings", api.token_policy, "token-policy", GET="organization.view", POST="tokens.policy"),
    route("api/session-policy", api.session_policy, "session-policy", GET="organization.view", PATCH="tokens.policy"),
]
