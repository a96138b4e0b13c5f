"""Which taxonomy and which model the topics stage works with.

Entry points settle it once a run; it is small, so that it travels to any worker, which loads what it names once a
process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ingest.topics import models, taxonomy
from ingest.topics.scoring import Model, parse
from ingest.topics.taxonomy import Taxonomy

__all__ = ["SHIPPED", "Choice", "choose", "shipped_model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A taxonomy and a model.

    Attributes:
        further: Path of a taxonomy file that adds to the package's; empty: none.
        models_dir: Folder of trained models.
        version: Of the trained model; empty: the one that ships with the package.
    """

    further: str = ""
    models_dir: str = ""
    version: str = ""

    def taxonomy(self) -> Taxonomy:
        """The taxonomy; read once a process.

        Raises:
            ConfigurationError: The file is not right.
        """
        return taxonomy.load(self.further)

    def model(self) -> Model:
        """The model; read once a process.

        Raises:
            ModelError: It cannot be read.
        """
        return _trained(self.models_dir, self.version) if self.version else shipped_model()

    def versions(self) -> Mapping[str, str]:
        """What a run records of it."""
        return {"topics": self.model().version, "taxonomy": self.taxonomy().version}


SHIPPED = Choice()
"""The taxonomy and the model of the package."""


def choose(*, further: str, models_dir: str) -> Choice:
    """Settle what is in force now.

    Args:
        further: The setting `taxonomy`.
        models_dir: The setting of that name.

    Raises:
        ConfigurationError: The taxonomy file is not right.
        ModelError: The model in force cannot be read.
    """
    choice = Choice(further=further, models_dir=models_dir, version=models.in_force(models_dir))
    choice.versions()  # so that what is wrong with them is said before the first article
    return choice


@cache
def shipped_model() -> Model:
    """The model that ships with the package."""
    source = (resources.files("ingest") / "knowledge" / "topics" / "model.json").read_text(encoding="utf-8")
    return parse(source, where="the package's model")


@cache
def _trained(models_dir: str, version: str) -> Model:
    return models.load(models_dir, version)
