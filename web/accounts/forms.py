"""The forms of the account and organization pages. The rules are the operations'; a refusal's sentences go beside the fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.permissions import ROLE_NAMES, Role
from users.passwords import LONGEST

_SHOWN_AS: dict[type[forms.Widget], str] = {
    forms.CheckboxInput: "",
    forms.Select: "select",
    forms.ClearableFileInput: "input input-file",
    forms.NumberInput: "input input-number",
}


class Form(forms.Form):
    """A form with the house's classes, and a way to show what an operation refused."""

    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            style = _SHOWN_AS.get(type(field.widget), "input")
            if style:
                field.widget.attrs.setdefault("class", style)

    def offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def refuse(self, refused: Refused) -> None:
        """Put the sentences of a refusal beside the fields they name; those of other fields above the form."""
        if refused.fields is None:
            self.add_error(None, str(refused.detail))
            return
        for name, texts in refused.fields.items():
            for text in texts if isinstance(texts, list) else [texts]:
                self.add_error(name if name in self.fields else None, str(text))


def _password(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **options,
    )


class SignInForm(Form):
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = _password(_("Password"), "current-password")
    persist_session = forms.BooleanField(label=_("Stay signed in"), required=False)

    def ask_for_password(self) -> None:
        """The address is there; the cursor goes to what has to be typed again."""
        self.fields["email"].widget.attrs.pop("autofocus", None)
        self.fields["password"].widget.attrs["autofocus"] = True


class ConnectForm(Form):
    password = _password(_("Password"), "current-password")


class SignUpForm(Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = _password(_("Password"), "new-password", help_text=_("At least 8 characters."))
    first_name = forms.CharField(
        label=_("First name"), max_length=256, required=False, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=256, required=False, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    allow_newsletters = forms.NullBooleanField(required=False, widget=forms.HiddenInput)


class EmailForm(Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )


class NewPasswordForm(Form):
    new_password = _password(_("New password"), "new-password", help_text=_("At least 8 characters."))


class ChangePasswordForm(NewPasswordForm):
    field_order = ("old_password", "new_password")
    old_password = _password(_("Current password"), "current-password")


class ProfileForm(Form):
    first_name = forms.CharField(
        label=_("First name"), max_length=256, required=False, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=256, required=False, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=256, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"})
    )


class AvatarForm(Form):
    avatar = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, GIF or WebP, at most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/gif,image/webp"}),
    )


class TokenForm(Form):
    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("What is it for?"))
    expires_in_days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days")), ("365", _("1 year")), ("", _("As long as allowed"))],
        initial="90",
    )


def role_choices(roles: list[Role]) -> list[tuple[str, Any]]:
    return [(role.value, ROLE_NAMES[role]) for role in roles]


class RoleForm(Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, roles: list[Role], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("role", role_choices(roles))


class InviteForm(RoleForm):
    field_order = ("email", "role", "days")
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("With an address the link is for that person, once. Without one, for whoever has it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[("1", _("1 day")), ("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days"))],
        initial="7",
    )


class OrganizationForm(Form):
    title = forms.CharField(label=_("Name"), max_length=1000)
    contact_info = forms.EmailField(
        label=_("Contact"), max_length=254, required=False, help_text=_("An e-mail address that people can ask for help.")
    )


class SignUpPolicyForm(Form):
    signup_open = forms.BooleanField(label=_("Anybody who reaches this server can sign up"), required=False)
    signup_role = forms.ChoiceField(label=_("Role of who signs up, or comes by the organization's link"))

    def __init__(self, roles: list[Role], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("signup_role", role_choices(roles))


class TokenPolicyForm(Form):
    api_tokens_enabled = forms.BooleanField(label=_("Personal tokens"), required=False)
    api_token_ttl_days = forms.IntegerField(
        label=_("They live at most, in days"), min_value=1, max_value=73_000, help_text=_("73000 is two hundred years: never.")
    )
    legacy_api_tokens_enabled = forms.BooleanField(
        label=_("Legacy tokens"), required=False, help_text=_("One per person, never expires. Older scripts need it.")
    )


class SessionPolicyForm(Form):
    max_session_age = forms.IntegerField(
        label=_("Sign in again after, in minutes"), min_value=1, max_value=527_040, help_text=_("A day has 1440.")
    )
    max_time_between_activity = forms.IntegerField(label=_("Without activity already after, in minutes"), min_value=1, max_value=527_040)
