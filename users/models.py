from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """An account. `email` is kept in lower case and is what people sign in with; `username` is only shown."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(max_length=254, unique=True)
    username = models.CharField(max_length=256, blank=True, default="")
    first_name = models.CharField(max_length=256, blank=True, default="")
    last_name = models.CharField(max_length=256, blank=True, default="")
    phone = models.CharField(max_length=256, blank=True, default="")
    avatar = models.CharField(max_length=64, blank=True, default="")  # a file name in MEDIA_ROOT/avatars
    allow_newsletters = models.BooleanField(null=True, default=None)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    last_activity = models.DateTimeField(null=True)
    custom_hotkeys = models.JSONField(default=dict, blank=True)
    preferences = models.JSONField(default=dict, blank=True)
    # Raised when every token of the user must die at once; access tokens carry it.
    token_version = models.PositiveIntegerField(default=1)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_lower")]

    def __str__(self) -> str:
        return self.email

    @property
    def name(self) -> str:
        """How the person is called: full name, else the part of the e-mail before the @."""
        return f"{self.first_name} {self.last_name}".strip() or self.email.partition("@")[0]

    @property
    def initials(self) -> str:
        if self.first_name and self.last_name:
            return (self.first_name[0] + self.last_name[0]).upper()
        return (self.first_name or self.email.partition("@")[0])[:2].upper()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)


class Session(models.Model):
    """A signed-in browser. The cookie holds the key, the table only its SHA-256: who reads the table cannot sign in with it."""

    id = models.BigAutoField(primary_key=True)
    key_digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    data = models.TextField(default="{}")
    address = models.CharField(max_length=45, blank=True, default="")
    agent = models.CharField(max_length=256, blank=True, default="")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # When the row is worthless whatever the organization's policy says; `end_expired_sessions` deletes by it.
    expires_at = models.DateTimeField()


class ApiToken(models.Model):
    """A credential for programs.

    legacy: 40 hex digits; `lookup` is their SHA-256, `encrypted` themselves (the API returns them). One per user.
    personal: a refresh token; `lookup` is its `jti`, nothing else of it is kept.
    """

    class Kind(models.TextChoices):
        LEGACY = "legacy"
        PERSONAL = "personal"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=100, blank=True, default="")
    lookup = models.CharField(max_length=64, unique=True)
    encrypted = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(kind="legacy", revoked_at=None),
                name="legacy_token_once",
            )
        ]


class SignInAttempts(models.Model):
    """Failed sign-ins in a row, per account and per (account, address). `key` is a digest, so that no typed address is kept."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField()


class PasswordLink(models.Model):
    """A link that lets its holder choose a new password, once. Only the token's digest is kept."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="password_links")
    token_digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Identity(models.Model):
    """A person's account at an OpenID Connect issuer, by which they sign in. `subject` never changes there; `username` is only shown."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities", db_index=False)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    username = models.CharField(max_length=255, blank=True, default="")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["user", "issuer"], name="identity_one_per_issuer"),
        ]


class Handover(models.Model):
    """A code that carries a sign-in from a window to the frame that opened it, whose cookies are apart: once, within a minute."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    code_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
