"""`ingest schema`: the contract of what commands print."""

from __future__ import annotations

from pathlib import Path

import click

from ingest.cli.session import Session, command, pass_session

__all__ = ["schema"]


@command("schema", examples="ingest schema\ningest schema article\ningest schema --write schemas")
@click.argument("name", required=False)
@click.option("--write", "folder", type=click.Path(path_type=Path), help="Write all of them into this folder.")
@pass_session
def schema(session: Session, name: str | None, *, folder: Path | None) -> None:
    """Print the JSON Schema (2020-12) of what a command prints; without NAME, list the schemas."""
    from ingest import schemas  # noqa: PLC0415 - generating them loads pydantic

    screen = session.screen()
    if folder is not None:
        _write(folder)
        screen.note(f"Wrote {len(schemas.NAMES)} schemas to {folder}.")
    elif name is None:
        for known in schemas.NAMES:
            screen.data(known)
    elif name not in schemas.NAMES:
        raise click.UsageError(f"there is no schema {name!r}; there are {', '.join(schemas.NAMES)}")
    else:
        screen.data(schemas.text(name).rstrip("\n"))


def _write(folder: Path) -> None:
    from ingest import schemas  # noqa: PLC0415 - generating them loads pydantic

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in schemas.NAMES:
            (folder / f"{name}.json").write_text(schemas.text(name), encoding="utf-8")
    except OSError as refused:
        raise click.ClickException(f"{folder} cannot be written: {refused.strerror}") from None
