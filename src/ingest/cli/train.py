"""`ingest train`: models from labelled articles."""

from __future__ import annotations

import click

from ingest.cli.session import Group
from ingest.cli.train_agreements import agreements

__all__ = ["train"]


@click.group("train", cls=Group)
def train() -> None:
    """Train a model on what people said."""


train.add_command(agreements)
