from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.actor import Actor
from core.rawjson import RawJSONField
from core.secrets import decrypt
from projects.models import Project

PASSWORD_PURPOSE = "model password"  # noqa: S105 (says what it is for)


class MLBackendQuerySet(models.QuerySet["MLBackend"]):
    def visible_to(self, actor: Actor) -> MLBackendQuerySet:
        """The models connected to projects that the actor sees."""
        return self.filter(project__in=Project.objects.visible_to(actor).values("pk"))


class MLBackend(models.Model):
    """A model server (Label Studio's "ML backend") that is connected to a project."""

    class State(models.TextChoices):
        CONNECTED = "CO", "Connected"
        DISCONNECTED = "DI", "Disconnected"
        ERROR = "ER", "Error"
        TRAINING = "TR", "Training"
        PREDICTING = "PR", "Predicting"

    class AuthMethod(models.TextChoices):
        NONE = "NONE", "No authentication"
        BASIC = "BASIC_AUTH", "Basic authentication"

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="ml_backends")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    title = models.CharField(max_length=200, default="default")
    description = models.TextField(blank=True, default="")
    url = models.URLField(max_length=2048)
    auth_method = models.CharField(max_length=16, choices=AuthMethod.choices, default=AuthMethod.NONE)
    basic_auth_user = models.CharField(max_length=200, blank=True, default="")
    basic_auth_pass = models.TextField(blank=True, default="")  # encrypted
    extra_params = RawJSONField(null=True)
    timeout = models.FloatField(null=True)  # seconds for predictions; empty: the setting
    is_interactive = models.BooleanField(default=False)
    auto_update = models.BooleanField(default=True)
    model_version = models.TextField(blank=True, default="")  # what the model said last; with auto_update off: what it is told to use
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Where the model finds us: the address under which it was connected, unless LABEL_STUDIO_HOST says another.
    hostname = models.CharField(max_length=2048, blank=True, default="")
    # What happens in the project is told to `<url>/webhook` by this webhook; empty when somebody deleted it.
    webhook = models.ForeignKey("webhooks.Webhook", null=True, on_delete=models.SET_NULL, related_name="+")

    state = models.CharField(max_length=2, choices=State.choices, default=State.CONNECTED)
    state_since = models.DateTimeField(default=timezone.now)
    error_message = models.TextField(blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(default=timezone.now, db_index=True)  # moved on by whoever takes the check
    patience_until = models.DateTimeField(default=timezone.now)  # until then nobody waits for it: it was slow or dead a moment ago
    trained_at_count = models.BigIntegerField(default=0)  # the project's annotations when the last training was started

    objects = MLBackendQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def password(self) -> str:
        """Raises `SecretUnreadable`."""
        return decrypt(self.basic_auth_pass, PASSWORD_PURPOSE) if self.basic_auth_pass else ""

    def signing_secret(self) -> str:
        """What every request to the model is signed with: its webhook's secret; "" when somebody deleted that. Raises `SecretUnreadable`."""
        return self.webhook.signing_secret() if self.webhook is not None else ""


class MLToken(models.Model):
    """What a model signs its requests to us with: good for one project, for reading and for predictions, until it expires."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="ml_tokens")
    backend = models.ForeignKey(MLBackend, null=True, on_delete=models.CASCADE, related_name="tokens")  # empty while it is being connected
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")  # who connected the model
    digest = models.CharField(max_length=64, unique=True)
    encrypted = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class Demand(models.Model):
    """Somebody opened a task for which the model has said nothing yet. The worker asks it, and the row goes."""

    id = models.BigAutoField(primary_key=True)
    backend = models.ForeignKey(MLBackend, on_delete=models.CASCADE, related_name="demands", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    task_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()  # moved on by whoever takes it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["backend", "task_id"], name="ml_demand_once")]
        indexes = [models.Index(fields=["due_at"], name="ml_demand_due")]
