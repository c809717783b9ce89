from core.events.models import Event
from core.jobs.models import Job

__all__ = ["Event", "Job"]
