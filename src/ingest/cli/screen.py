"""Where output goes: results to standard output, everything said on the way to standard error.

On a terminal, blocks are rendered through rich; in a pipe as plain lines without colour, box or ellipsis. Either way
text is neutralised first and never read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from ingest.errors import IngestError
from ingest.report.blocks import Block, Entry, Gap, Grid, Heading, Line, Part, Tone, neutral

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

__all__ = ["OutputClosedError", "OutputError", "Screen"]

_STYLES = {
    Tone.PLAIN: "",
    Tone.STRONG: "bold",
    Tone.FAINT: "dim",
    Tone.GOOD: "green",
    Tone.NOTICE: "cyan",
    Tone.BAD: "red",
}


class OutputClosedError(Exception):
    """Whoever read the output has had enough. No OSError, which click would take for its own to handle."""


class OutputError(IngestError):
    """Standard output takes no more: the disk behind it is full, or gone."""

    def __init__(self, refused: OSError) -> None:
        super().__init__(f"the output cannot be written: {refused.strerror or refused}")


class Screen:
    """The two streams of a command, and how to write to them."""

    def __init__(
        self, out: TextIO, err: TextIO, *, quiet: bool = False, colour: bool = True, width: int | None = None
    ) -> None:
        """Keep the streams.

        Args:
            out: For results.
            err: For progress, notes and errors.
            quiet: Whether notes are left out.
            colour: Whether a terminal is shown colours.
            width: Columns of the terminal; None: as wide as it is. Given a width, `out` is treated as a terminal.
        """
        self._out = out
        self._err = err
        self._quiet = quiet
        self._colour = colour
        self._width = width

    @property
    def is_terminal(self) -> bool:
        """Whether results go to a person's terminal."""
        return self._width is not None or self._out.isatty()

    @property
    def shows_progress(self) -> bool:
        """Whether progress may be drawn in place."""
        return not self._quiet and self._err.isatty()

    def show(self, blocks: Iterable[Block]) -> None:
        """Write blocks to standard output."""
        if self.is_terminal:
            console = self.console(self._out)
            with _refusals():
                for block in blocks:
                    console.print(_rendered(block), soft_wrap=False)
        else:
            self._write("".join(f"{text}\n" for block in blocks for text in _plain(block)))

    def text(self, body: str) -> None:
        """Write a long text as it is, but for controls."""
        self._write(neutral(body, lines=True) + "\n")

    def data(self, json: str) -> None:
        """Write one JSON document, or a line of JSON lines, at once."""
        self._write(json + "\n")

    def binary(self, content: bytes) -> None:
        """Write bytes as they are, for whoever reads the pipe."""
        with _refusals():
            self._out.flush()
            self._out.buffer.write(content)
            self._out.buffer.flush()

    def raw(self, text: str) -> None:
        """Write a piece of a document whose form the caller answers for; a terminal is spared its controls."""
        self._write(neutral(text.replace("\r\n", "\n"), lines=True) if self.is_terminal else text)

    def _write(self, text: str) -> None:
        with _refusals():
            self._out.write(_encodable(text, self._out))
            self._out.flush()

    def note(self, text: str) -> None:
        """Say something on the way, on standard error, unless asked to be quiet."""
        if not self._quiet:
            self.complain(text)

    def complain(self, text: str) -> None:
        """Say something on standard error that must be said."""
        self._err.write(_encodable(neutral(text, lines=True), self._err) + "\n")
        self._err.flush()

    def console(self, stream: TextIO | None = None) -> Console:
        """A rich console on a stream, standard error unless told."""
        from rich.console import Console  # noqa: PLC0415 - rich is for terminals; a pipe does without it

        return Console(
            file=stream or self._err,
            width=self._width,
            force_terminal=True if self._width is not None else None,
            no_color=not self._colour,
            markup=False,
            highlight=False,
            emoji=False,
        )


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell a reader who has had enough from an output that cannot be written."""
    try:
        yield
    except BrokenPipeError:
        raise OutputClosedError from None
    except OSError as refused:
        raise OutputError(refused) from None


def _encodable(text: str, stream: TextIO) -> str:
    """The text as the stream's encoding can write it."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _plain(block: Block) -> Iterator[str]:
    match block:
        case Gap():
            yield ""
        case Heading(text, beside):
            yield neutral(f"{text}  {beside}".rstrip())
        case Line(parts, indent):
            yield " " * indent + _joined(parts)
        case Entry(label, lines, width):
            for number, line in enumerate(lines):
                name = neutral(label.text) if number == 0 else ""
                yield (name.ljust(width) + " " * line.indent + _joined(line.parts)).rstrip()
        case Grid(rows=rows):
            for row in rows:
                yield "\t".join(neutral(cell.text) for cell in row)


def _joined(parts: tuple[Part, ...]) -> str:
    return "".join(neutral(part.text) for part in parts)


def _rendered(block: Block) -> RenderableType:
    from rich.padding import Padding  # noqa: PLC0415 - only a terminal needs rich

    match block:
        case Gap():
            return ""
        case Heading(text, beside):
            return _styled((Part(text, Tone.STRONG), Part(f"  {beside}" if beside else "", Tone.FAINT)))
        case Line(parts, indent):
            return Padding(_styled(parts), (0, 0, 0, indent))
        case Entry():
            return _entry(block)
        case Grid():
            return _grid(block)


def _entry(entry: Entry) -> RenderableType:
    from rich.console import Group  # noqa: PLC0415 - only a terminal needs rich
    from rich.padding import Padding  # noqa: PLC0415 - likewise
    from rich.table import Table  # noqa: PLC0415 - likewise

    table = Table.grid(expand=True)
    table.add_column(width=entry.width, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    body = Group(*(Padding(_styled(line.parts), (0, 0, 0, line.indent)) for line in entry.lines))
    table.add_row(_styled((entry.label,)), body)
    return table


def _grid(grid: Grid) -> RenderableType:
    from rich.table import Table  # noqa: PLC0415 - only a terminal needs rich

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=False)
    for column, name in enumerate(grid.header):
        flexible = column == grid.flexible
        table.add_column(neutral(name), no_wrap=not flexible, overflow="fold", ratio=1 if flexible else None)
    for row in grid.rows:
        table.add_row(*(_styled((cell,)) for cell in row))
    return table


def _styled(parts: tuple[Part, ...]) -> Text:
    from rich.text import Text  # noqa: PLC0415 - only a terminal needs rich

    return Text.assemble(*((neutral(part.text), _STYLES[part.tone]) for part in parts))
