"""Trained models: a folder each, named by a hash of what is in it, and a file that says which is in force.

    MODELS_DIR/topics/VERSION/model.json   what `scoring.parse` reads
                              card.json    figures and provenance (`ingest schema topic-model`)
                              textcat/     the spaCy pipeline, where it is one
    MODELS_DIR/topics/in-force             a version; absent or empty: the model of the package

A model is written beside its place and moved there whole; so is the name of the one in force. Whoever is interrupted
leaves what was in force in force.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from ingest.errors import ModelError
from ingest.topics.scoring import Model, parse

__all__ = ["SHIPPED_NAME", "cards", "in_force", "keep", "load", "use"]

SHIPPED_NAME = "shipped"  # stands for the model of the package where a version is asked for
_VERSION = re.compile(r"[0-9a-f]{12}")
_MODEL, _CARD, _IN_FORCE = "model.json", "card.json", "in-force"


def in_force(models_dir: str) -> str:
    """The version of the trained model in force; empty where it is the package's.

    Raises:
        ModelError: The file that says so cannot be read, or names something else.
    """
    path = _home(models_dir) / _IN_FORCE
    try:
        version = path.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as refused:
        raise ModelError(f"{path} cannot be read: {refused}", remedy=_REMEDY) from None
    if version and not _VERSION.fullmatch(version):
        raise ModelError(f"{path} names {version[:40]!r}, which is no version of a model", remedy=_REMEDY)
    return version


_REMEDY = "'ingest models use VERSION' writes it anew; 'ingest models use shipped' goes back to the package's model"


def load(models_dir: str, version: str) -> Model:
    """Read a trained model.

    Raises:
        ModelError: It is not there, or is not whole.
    """
    folder = _home(models_dir) / version
    try:
        source = (folder / _MODEL).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as refused:
        raise ModelError(f"the model {version} cannot be read from {folder}: {refused}", remedy=_REMEDY) from None
    model = parse(source, where=str(folder / _MODEL), folder=folder)
    if model.version != version:
        raise ModelError(f"{folder / _MODEL} was changed: its content has the version {model.version}", remedy=_REMEDY)
    return model


def keep(models_dir: str, document: str, card: str, *, write: Callable[[Path], None] | None = None) -> str:
    """Keep a model, without putting it in force.

    Args:
        models_dir: The folder of models.
        document: What `scoring.dump` made.
        card: Its figures and provenance, JSON.
        write: Writes whatever else it has into the folder that it is given.

    Returns:
        Its version. A model that is there already is kept as it is, with its card.

    Raises:
        ModelError: It cannot be written.
    """
    version = parse(document, where="the new model").version
    home = _home(models_dir)
    if (home / version).is_dir():
        return version
    try:
        home.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
        try:
            (beside / _MODEL).write_text(document, encoding="utf-8")
            (beside / _CARD).write_text(card, encoding="utf-8")
            if write is not None:
                write(beside)
            beside.chmod(0o755)
            beside.rename(home / version)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as refused:
        if (home / version).is_dir():  # somebody else was faster with the same model
            return version
        raise ModelError(f"the model cannot be kept in {home}: {refused}", remedy=_SETTING) from None
    return version


_SETTING = "the setting `models_dir` says where models are kept"


def use(models_dir: str, version: str) -> None:
    """Put a kept model in force, or with an empty version that of the package.

    Raises:
        ModelError: It is not there or not whole, or the folder cannot be written.
    """
    if version:
        load(models_dir, version)
    home = _home(models_dir)
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".in-force-", dir=home)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{version}\n")
        Path(name).chmod(0o644)
        Path(name).replace(home / _IN_FORCE)
    except OSError as refused:
        raise ModelError(f"{home} cannot be written: {refused}", remedy=_SETTING) from None


def cards(models_dir: str) -> dict[str, str]:
    """The cards of all kept models, JSON, by version, the oldest first; a model without one has an empty card."""
    home = _home(models_dir)
    if not home.is_dir():
        return {}
    folders = [each for each in home.iterdir() if _VERSION.fullmatch(each.name) and (each / _MODEL).is_file()]
    folders.sort(key=lambda each: ((each / _MODEL).stat().st_mtime, each.name))
    return {each.name: _text(each / _CARD) for each in folders}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _home(models_dir: str) -> Path:
    return Path(models_dir) / "topics"
