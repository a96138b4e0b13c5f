"""Bytes to text, once, at one boundary.

    BOM ── or UTF-16/32 without one ── or UTF-8 ── or the most plausible of many readings ──> clean text

A label (a `<meta>` tag, an XML declaration, an HTTP header) is evidence, not an order: pages are labelled wrongly often
enough. A reading is believed for what it looks like (`plausibility`), and a label tips the balance where several
readings look alike.
"""

from __future__ import annotations

from ingest.decode.cleaning import clean
from ingest.decode.encodings import decode
from ingest.decode.magic import sniff

__all__ = ["clean", "decode", "sniff"]
