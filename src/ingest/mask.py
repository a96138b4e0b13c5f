"""Secrets do not leave the process: passwords and keys in addresses are masked before anything is shown."""

from __future__ import annotations

import re

__all__ = ["mask", "mask_user"]

# `scheme://user:password@host`; greedy, because a password may itself hold an '@'.
_USERINFO = re.compile(r"(://[^:/?#@\s]*):[^\s]*@")
_USER = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*://)[^/?#]*@")
_PARAMETER = re.compile(
    r"(?i)([?&;\s](?:password|passwd|sslpassword|token|secret|api_?key|access_?key|signature)=)[^&;\s]+"
)


def mask(text: str) -> str:
    """Replace passwords and keys of the addresses in a text with `***`.

    Args:
        text: An address, or a message that may hold some.

    Returns:
        The text with the password of each `scheme://user:password@host`, and the value of each parameter that is named
        like a secret, replaced.
    """
    return _PARAMETER.sub(r"\1***", _USERINFO.sub(r"\1:***@", text))


def mask_user(url: str) -> str:
    """Replace the user name of an address, password included, with `***`: so it may be kept, and can not be used."""
    return _USER.sub(r"\1***@", url)
