"""What is known of the models that there are: the package's and the trained ones."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

from pydantic import TypeAdapter, ValidationError

from ingest.errors import NotFoundError
from ingest.topics import models
from ingest.topics.choice import shipped_model
from ingest.wire import TopicModel

__all__ = ["chosen", "known"]


def known(models_dir: str) -> tuple[TopicModel, ...]:
    """Every model, the package's first, then the trained ones, the oldest first.

    Raises:
        ModelError: The file that says which is in force cannot be read.
    """
    in_force = models.in_force(models_dir)
    shipped = (resources.files("ingest") / "knowledge" / "topics" / "card.json").read_text(encoding="utf-8")
    own = replace(_read(shipped, shipped_model().version), is_shipped=True, is_in_force=not in_force)
    trained = [
        replace(_read(card, version), is_in_force=version == in_force)
        for version, card in models.cards(models_dir).items()
    ]
    return (own, *trained)


def chosen(models_dir: str, given: str) -> TopicModel:
    """The model that somebody means.

    Args:
        models_dir: The folder of models.
        given: A version, the beginning of one, or `shipped`.

    Raises:
        NotFoundError: None begins so, or several do.
    """
    found = known(models_dir)
    fits = [
        each
        for each in found
        if (each.is_shipped and given == models.SHIPPED_NAME) or (given and each.version.startswith(given))
    ]
    exact = [each for each in fits if each.version == given]
    if len(fits) == 1 or exact:
        return (exact or fits)[0]
    if fits:
        some = ", ".join(each.version for each in fits)
        raise NotFoundError(
            f"several models have a version that begins with {given!r}: {some}", remedy="give more of it"
        )
    raise NotFoundError(f"there is no model with the version {given!r}", remedy="`ingest models` lists those there are")


def _read(card: str, version: str) -> TopicModel:
    """A model's card; of one that is missing or broken, the version alone."""
    try:
        read = TypeAdapter(TopicModel).validate_json(card)
        return replace(read, version=version, is_shipped=False, is_in_force=False)
    except ValidationError:
        return TopicModel(
            version=version,
            kind="unknown",
            is_in_force=False,
            is_shipped=False,
            made_at=None,
            code_version=None,
            taxonomy=None,
            articles=0,
            corrections=0,
            labels=(),
            data_sha256=None,
            contenders=(),
            figures=None,
        )
