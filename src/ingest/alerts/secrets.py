"""Where secrets of channels come from: the environment, or Prefect secret blocks; read only where they are used."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import ClassVar

from ingest.mask import mask

__all__ = [
    "REMEDY",
    "Reader",
    "SecretError",
    "SecretMissingError",
    "SecretUnreachableError",
    "hidden",
    "is_reference",
    "missing",
    "read",
]

Reader = Callable[[str], str]
"""From a reference to the secret; raises `SecretError`."""

REMEDY = 'write "env:NAME" to read it from the environment, or "prefect:BLOCK" for a Prefect secret block'
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|prefect:[a-z0-9][a-z0-9-]*")
_LEAST_HIDDEN = 4  # characters; hiding shorter ones would only blot out words


class SecretError(Exception):
    """A secret cannot be had.

    Attributes:
        is_permanent: Whether it stays so until somebody does something about it.
    """

    is_permanent: ClassVar[bool] = False


class SecretMissingError(SecretError):
    """There is no such variable or block; the message says which, and what to do."""

    is_permanent = True


class SecretUnreachableError(SecretError):
    """Prefect's server did not say what the block holds; it may later."""


def is_reference(text: str) -> bool:
    """Whether a text says where a secret is, and is none itself."""
    return _REFERENCE.fullmatch(text) is not None


def read(reference: str) -> str:
    """Read a secret.

    Args:
        reference: `env:NAME` or `prefect:BLOCK`.

    Raises:
        SecretMissingError: There is none, or it is empty.
        SecretUnreachableError: Prefect's server cannot be asked.
    """
    kind, _, name = reference.partition(":")
    value = os.environ.get(name, "") if kind == "env" else _block(name)
    if not value.strip():
        where = f"the variable {name} is not set" if kind == "env" else f"the Prefect secret block {name!r} is empty"
        raise SecretMissingError(f"{where}; set it where alerts are sent from")
    return value.strip()


def missing(references: Iterable[str]) -> tuple[str, ...]:
    """Those of the environment that are not set; Prefect is not asked."""
    return tuple(each for each in references if each.startswith("env:") and not os.environ.get(each[4:], "").strip())


def _block(name: str) -> str:
    from prefect.blocks.system import Secret  # noqa: PLC0415 - Prefect takes a second to import

    try:
        loaded = Secret.load(name)
        value = loaded.get() if isinstance(loaded, Secret) else None
    except ValueError:
        raise SecretMissingError(
            f"there is no Prefect secret block {name!r}; make it where PREFECT_API_URL leads"
        ) from None
    except Exception as away:  # noqa: BLE001 - a server that is away is told in many ways, and none may end a delivery
        raise SecretUnreachableError(f"Prefect did not give the block {name!r} ({type(away).__name__})") from None
    return value if isinstance(value, str) else ""


def hidden(text: str, secrets: Iterable[str]) -> str:
    """A text in which each of these secrets, and what `mask` knows to be one, is replaced by `***`."""
    for secret in sorted((each for each in secrets if len(each) >= _LEAST_HIDDEN), key=len, reverse=True):
        text = text.replace(secret, "***")
    return mask(text)
