"""Web archives: WARC and ARC files, as crawlers write them, on a disk or at any address that fsspec takes.

    listing    what a person named → the archives that are meant, and how each is packed
    places     where they lie, and their bytes from an offset on
    records    bytes → records; lines, members and scroll help
    responses  record → page
    source     a range of an archive as a source of the pipeline

A record that cannot be read costs itself, and is dropped with its offset; what brings no page is counted, with a reason
out of `documents.Skip`.
"""

from __future__ import annotations

from ingest.sources.warc.listing import Named, is_list, named_archives, packing_of
from ingest.sources.warc.places import Stand, look_at
from ingest.sources.warc.source import Counts, Stretch, WarcSource

__all__ = [
    "Counts",
    "Named",
    "Stand",
    "Stretch",
    "WarcSource",
    "is_list",
    "look_at",
    "named_archives",
    "packing_of",
]
