"""What changes accounts (`accounts`), API tokens (`api_tokens`) and the count of failed sign-ins (`attempts`)."""
