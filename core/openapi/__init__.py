"""The description of the API (OpenAPI 3.1): made from the table of routes and what the rooms say of each operation in their `openapi.py`."""
