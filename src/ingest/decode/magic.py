"""Binary formats, told by their first bytes."""

from __future__ import annotations

import re

__all__ = ["sniff"]

# Prefix → name. Only formats that turn up in folders of news, and those whose first bytes could pass for text.
_PREFIXES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"II*\x00", "TIFF image"),
    (b"MM\x00*", "TIFF image"),
    (b"8BPS\x00", "Photoshop image"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"%PDF-", "PDF document"),
    (b"%!PS", "PostScript document"),
    (b"{\\rtf", "RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office document"),
    (b"\x1f\x8b", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard archive"),
    (b"!<arch>\n", "ar archive"),
    (b"\x7fELF", "ELF program"),
    (b"MZ\x90\x00", "Windows program"),
    (b"\xca\xfe\xba\xbe", "Java class"),
    (b"\x00asm", "WebAssembly module"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"PAR1", "Parquet file"),
    (b"\x80\x04\x95", "Python pickle"),
    (b"ID3", "MP3 audio"),
    (b"OggS", "Ogg media"),
    (b"fLaC", "FLAC audio"),
    (b"FLV\x01", "Flash video"),
    (b"\x1aE\xdf\xa3", "Matroska video"),
    (b"\x00\x00\x01\xba", "MPEG video"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"OTTO\x00", "font"),
    (b"\x00\x01\x00\x00\x00", "font"),
)
_ISO_MEDIA = {b"avif": "AVIF image", b"heic": "HEIC image", b"M4A ": "M4A audio"}
_ZIPPED = (
    (b"mimetypeapplication/epub", "EPUB book"),
    (b"mimetypeapplication/vnd.oasis", "OpenDocument file"),
    (b"word/", "Word document"),
    (b"xl/", "Excel workbook"),
    (b"ppt/", "PowerPoint presentation"),
)
_SHAPES = (
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "WebP image"),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), "WAV audio"),
    (re.compile(rb"RIFF.{4}AVI ", re.DOTALL), "AVI video"),
    (re.compile(rb"BM.{4}\x00{4}", re.DOTALL), "BMP image"),
    (re.compile(rb".{257}ustar", re.DOTALL), "tar archive"),
    # As UTF-16, this would be a text that starts with a presentation form of Arabic or an unassigned character.
    (re.compile(rb"\xff[\xfb\xf3\xf2\xfa]"), "MP3 audio"),
)
_BZIP2_BLOCK = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
# What no text in an 8-bit or UTF-8 encoding holds; ESC stays out, since ISO-2022 and terminals use it.
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"
_SAMPLE = 65_536


def sniff(content: bytes) -> str | None:
    """Name the binary format that `content` is in.

    Args:
        content: The whole file, or at least its first kilobytes.

    Returns:
        A name for people ("PNG image", "PDF document", "binary data"), or None if it may be text in some encoding;
        UTF-16 and UTF-32 are text, with or without a byte order mark.
    """
    for prefix, name in _PREFIXES:
        if content.startswith(prefix):
            return None if name == "bzip2 archive" and not _BZIP2_BLOCK.match(content) else name
    return _container(content) or _noise(content[:_SAMPLE])


def _container(content: bytes) -> str | None:
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        listed = content[:_SAMPLE]
        return next((name for mark, name in _ZIPPED if mark in listed), "ZIP archive")
    if content[4:8] == b"ftyp":
        return _ISO_MEDIA.get(content[8:12], "MP4 video")
    for shape, name in _SHAPES:
        if shape.match(content):
            return name
    return None


def _noise(sample: bytes) -> str | None:
    """Tell by the density of control characters, whatever the format."""
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    # One in thirty: more than any text that was merely damaged, less than any compressed or compiled file, where they
    # are one in ten. Two are forgiven, so that a short text with a stray NUL is still one.
    if controls - 2 <= len(sample) / 30:
        return None
    from ingest.decode.encodings import wide_encoding  # noqa: PLC0415 - the two modules ask each other

    return None if wide_encoding(sample) else "binary data"
