from tests.fixtures_accounts import later

__all__ = ["later"]
