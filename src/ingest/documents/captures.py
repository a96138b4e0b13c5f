"""Web archives: the forms that they come in, and why a record of one brings no page."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["WEB_ARCHIVE_ENDINGS", "Packing", "RangeState", "Skip"]

WEB_ARCHIVE_ENDINGS = (".warc", ".warc.gz", ".arc", ".arc.gz")
"""How names of web archives end, in lower case."""


class Packing(StrEnum):
    """How a web archive is packed; decides where it can be taken up."""

    RECORDS = "records"  # each record is a gzip member of its own: it can be read from any record on
    WHOLE = "whole"  # gzip over the whole file: it can only be read from its beginning
    PLAIN = "plain"  # not packed


class RangeState(StrEnum):
    """How a range of a web archive stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # it could not be read; the next run tries again


class Skip(StrEnum):
    """Why a record of a web archive brings no page, though nothing is wrong with it; a closed set."""

    WARCINFO = "warcinfo"  # what the archive says of itself
    REQUEST = "request"
    METADATA = "metadata"
    REVISIT = "revisit"  # the same bytes as an earlier capture
    RESOURCE = "resource"
    CONVERSION = "conversion"
    OTHER_RECORD = "other_record"  # any other type
    NOT_HTTP = "not_http"  # an answer of DNS, FTP, …
    BAD_URL = "bad_url"  # no address of the web, one with a user name in it, or longer than any that is used
    REDIRECT = "redirect"
    HTTP_STATUS = "http_status"  # any other answer that brings no page
    NOT_HTML = "not_html"
    EMPTY = "empty"
    TOO_LARGE = "too_large"  # above `Settings.max_bytes`, before or after unpacking
    CUT = "cut"  # the crawler says that the connection broke off in the middle
