"""What this machine is given as its credentials on Azure: a managed identity, a workload identity, or the AZURE_* variables of an application."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Any


@lru_cache(1)
def credential() -> Any:
    """A token credential of azure-identity. It asks nobody before a token is needed, and never a developer's own tools."""
    from azure.identity import ChainedTokenCredential, EnvironmentCredential, ManagedIdentityCredential, WorkloadIdentityCredential

    chain: list[Any] = [EnvironmentCredential()]
    with suppress(ValueError):  # its variables are not set
        chain.append(WorkloadIdentityCredential())
    return ChainedTokenCredential(*chain, ManagedIdentityCredential())
