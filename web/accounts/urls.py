"""The pages about people. Paths and form fields of signing in, up and out are Label Studio's."""

from __future__ import annotations

from core.permissions import PUBLIC, SIGNED_IN
from core.routing import page
from web.accounts import account, identities, organization, signing_in, space

_PERSON = "organization/people/<id:user_id>"

urlpatterns = [
    page("user/login", signing_in.login, "login", GET=PUBLIC, POST=PUBLIC),
    page("user/signup", signing_in.signup, "signup", GET=PUBLIC, POST=PUBLIC),
    page("user/join", signing_in.join, "join", GET=SIGNED_IN, POST=SIGNED_IN),
    page("user/reset", signing_in.forgotten, "forgotten", GET=PUBLIC, POST=PUBLIC),
    page("user/reset/<token>", signing_in.reset, "reset", GET=PUBLIC, POST=PUBLIC),
    page("user/oidc/start", identities.start, "openid-start", GET=PUBLIC),
    page("user/oidc/callback", identities.callback, "openid-callback", GET=PUBLIC),
    page("user/oidc/prove", identities.prove, "openid-prove", POST=PUBLIC),
    page("user/oidc/handover", identities.handover, "openid-handover", POST=PUBLIC),
    page("logout", signing_in.logout, "logout", GET=PUBLIC, POST=PUBLIC),
    page("user/account", account.profile, "account-page", GET=SIGNED_IN, POST=SIGNED_IN),
    page("user/account/avatar", account.avatar, "account-avatar", POST=SIGNED_IN),
    page("user/account/password", account.password, "account-password", GET=SIGNED_IN, POST=SIGNED_IN),
    page("user/account/identities", identities.mine, "account-identities", GET=SIGNED_IN, POST=SIGNED_IN),
    page("user/account/sessions", account.sessions, "account-sessions", GET=SIGNED_IN, POST=SIGNED_IN),
    page("user/account/tokens", account.tokens, "account-tokens", GET=SIGNED_IN, POST=SIGNED_IN),
    page("user/account/preferences", account.preferences, "account-preferences", GET=SIGNED_IN, POST=SIGNED_IN),
    page("organization", organization.people, "organization-page", GET="organization.view"),
    page(f"{_PERSON}/role", organization.change_role, "person-role", POST="people.change"),
    page(f"{_PERSON}/remove", organization.remove, "person-remove", GET="people.remove", POST="people.remove"),
    page(f"{_PERSON}/password-link", organization.password_link, "person-password-link", POST="people.change"),
    page("organization/requests/<id:request_id>", organization.answer_request, "access-request", POST="people.invite"),
    page("organization/invitations", organization.invite, "organization-invitations", GET="people.invite", POST="people.invite"),
    page("organization/invite-link/reset", organization.reset_link, "invite-link-reset", POST="people.invite"),
    page("organization/invitations/<id:invitation_id>/revoke", organization.revoke, "invitation-revoke", POST="people.invite"),
    page("organization/close-sign-up", organization.close_sign_up, "close-sign-up", POST="organization.change"),
    page("organization/policies", organization.policy, "organization-policies", GET="organization.change", POST="organization.change"),
    page("organization/permissions", organization.permissions, "organization-permissions", GET="organization.audit"),
    page("organization/usage", organization.usage, "organization-usage", GET="organization.usage"),
    page("organization/space", space.this_space, "organization-space", GET="space.manage", POST="space.manage"),
    page("organization/space/hub", space.hub_part, "organization-space-hub", GET="space.manage"),
    page("organization/space/runtime", space.at_the_hub, "organization-space-runtime", GET="space.manage"),
    page("organization/space/hardware", space.machines, "organization-space-hardware", GET="space.manage"),
    page("notices/later", space.later, "notices-later", POST=SIGNED_IN),
    page("organization/audit", organization.audit, "organization-audit", GET="organization.audit"),
]
