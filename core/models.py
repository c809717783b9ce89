from core.events.models import Event, EventCursor
from core.jobs.models import Job

__all__ = ["Event", "EventCursor", "Job"]
