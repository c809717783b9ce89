"""`/api/tasks…`, `/api/annotations…`, `/api/drafts…`, `/api/predictions…` and the label stream: thin views, see tasks/urls.py for who may call what."""
