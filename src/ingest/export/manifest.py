"""The manifest of an export: made of what was written, and checked against what is there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from ingest.errors import ConfigurationError, ExportError, SourceNotFoundError
from ingest.wire.exporting import ExportVerification, VerifiedFile

__all__ = ["verify"]

_LARGEST = 50_000_000  # bytes of a manifest; one of ours has some thousands
_CHUNK = 1 << 20


def verify(path: Path) -> ExportVerification:
    """Compare the files of an export with its manifest.

    Args:
        path: The manifest; the files are in its folder.

    Raises:
        SourceNotFoundError: There is no such file.
        ConfigurationError: It is not a manifest.
        ExportError: A file is there, but cannot be read.
    """
    with _readable(path):
        if path.stat().st_size > _LARGEST:
            raise _no_manifest(path, "it is too large")
        written = path.read_bytes()
    files = tuple(_compared(path.parent, name, sha256, path) for name, sha256 in _listed(path, written))
    return ExportVerification(
        path=str(path),
        sha256=hashlib.sha256(written).hexdigest(),
        is_same=all(each.state == "same" for each in files),
        files=files,
    )


def _listed(path: Path, written: bytes) -> list[tuple[str, str]]:
    """Name and SHA-256 of each file."""
    try:
        read: Any = json.loads(written)
        version = read["manifest"]
        listed = [(str(each["file"]), str(each["sha256"])) for each in read["files"]]
    except (ValueError, RecursionError, TypeError, KeyError):
        raise _no_manifest(path, "it is not of its form") from None
    if version != 1:
        raise ConfigurationError(f"{path} was written by a newer release", remedy="upgrade ingest")
    return listed


def _compared(folder: Path, name: str, sha256: str, manifest: Path) -> VerifiedFile:
    if name != Path(name).name or name in {"", ".", ".."} or "\0" in name:
        raise _no_manifest(manifest, f"{name!r} is not the name of a file beside it")
    state: Literal["same", "changed", "missing"]
    digest = hashlib.sha256()
    try:
        with _readable(folder / name), (folder / name).open("rb") as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
        state = "same" if digest.hexdigest() == sha256 else "changed"
    except SourceNotFoundError:
        state = "missing"
    return VerifiedFile(file=name, state=state)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise SourceNotFoundError(
            f"there is no file {path}", remedy="name the manifest that 'ingest export' wrote beside its files"
        ) from None
    except OSError as refused:
        raise ExportError(f"{path} cannot be read: {refused.strerror or refused}") from None


def _no_manifest(path: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path} is not the manifest of an export: {why}",
        remedy="name the file that 'ingest export' wrote beside its files, manifest.json or ….manifest.json",
    )
