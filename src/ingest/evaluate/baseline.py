"""What plain trafilatura makes of a page, to compare with."""

from __future__ import annotations

import warnings

__all__ = ["read"]


def read(content: bytes) -> str:
    """The page's text by trafilatura's defaults; empty where it finds none or fails."""
    with warnings.catch_warnings():
        # its downloader, which is never used, tries for SOCKS proxies at import and warns that there are none
        warnings.filterwarnings("ignore", message="SOCKS support")
        import trafilatura  # noqa: PLC0415 - half a second, and only where the baseline is asked for
    try:
        return trafilatura.extract(content) or ""
    except Exception:  # noqa: BLE001 - a baseline that fails has read nothing
        return ""
