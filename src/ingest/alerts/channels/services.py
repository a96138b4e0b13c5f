"""Services that Apprise knows: Slack, Teams, Telegram, Discord and many more, each by an address with its tokens."""

from __future__ import annotations

import logging
import re
import threading

from ingest.alerts import secrets
from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.channels.configured import AppriseEntry
from ingest.alerts.message import Message, render
from ingest.alerts.notice import Notice

__all__ = ["Services", "form_for"]

_CODE = re.compile(r"\berror=(\d{3})\b")


class Services:
    """Sends title and body in the form that the service takes."""

    def __init__(self, name: str, entry: AppriseEntry, *, reader: secrets.Reader = secrets.read) -> None:
        self.name = name
        self._entry = entry
        self._reader = reader

    def close(self) -> None:
        """It holds nothing open."""

    def deliver(self, notice: Notice) -> Delivered | Undelivered:
        """Send it. Apprise says yes or no; of a no, the status that it logs is all that is known."""
        try:
            url = self._reader(self._entry.url)
        except secrets.SecretError as lost:
            return Undelivered(detail=f"{lost}.", permanent=lost.is_permanent)
        import apprise  # noqa: PLC0415 - it takes a quarter of a second to import

        logging.getLogger("apprise").addFilter(_HEARD)
        logging.getLogger("urllib3.connectionpool").setLevel(logging.WARNING)  # below that it logs paths with tokens
        _HEARD.forget()
        try:
            service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
            if service is None:
                return Undelivered(detail=f"{self._entry.url} holds no address that Apprise takes.", permanent=True)
            form = self._entry.format or form_for(url, service.notify_format.value)
            message = render(notice)
            if len(_body(message, form)) > service.body_maxlen:
                form = "text"  # a message in parts is cut anywhere, which no markup survives
            service.overflow_mode = apprise.OverflowMode.SPLIT
            sender = apprise.Apprise()
            sender.add(service)
            sent = sender.notify(
                title=_title(message), body=_body(message, form), body_format=apprise.NotifyFormat(form)
            )
        except Exception as failed:  # noqa: BLE001 - over a hundred plugins raise what they like, and their words may hold tokens
            return Undelivered(detail=f"Apprise failed ({type(failed).__name__}).")
        if sent:
            return Delivered()
        known = f" (status {code})" if (code := _HEARD.code()) else "; Apprise does not say why"
        return Undelivered(detail=f"The service did not take it{known}. Check the address in {self._entry.url}.")


class _Codes(logging.Filter):
    """Lets nothing out that Apprise logs, which holds addresses with tokens; keeps each thread's last status."""

    def __init__(self) -> None:
        super().__init__()
        self._last = threading.local()

    def forget(self) -> None:
        """Begin anew in this thread."""
        self._last.code = None

    def code(self) -> str | None:
        """The last status of this thread."""
        found: str | None = getattr(self._last, "code", None)
        return found

    def filter(self, record: logging.LogRecord) -> bool:
        """Look for a status, and keep the record to ourselves."""
        if record.levelno >= logging.WARNING and (found := _CODE.search(record.getMessage())):
            self._last.code = found.group(1)
        return False


_HEARD = _Codes()


def form_for(url: str, own: str) -> str:
    """The form in which a service is told: `text`, `markdown` or `html`.

    Args:
        url: Its address.
        own: What Apprise says that it takes.
    """
    # Slack's markup is not Markdown: what is escaped for the one shows its backslashes in the other.
    return "text" if url.lower().startswith(("slack:", "https://hooks.slack.com")) else own


def _title(message: Message) -> str:
    return message.subject.translate({ord("<"): "‹", ord(">"): "›"}).replace("@", "@\u200b")


def _body(message: Message, form: str) -> str:
    if form == "html":
        return message.html.replace("@", "@\u200b")  # addresses hold none, see `web_address`
    return message.markdown if form == "markdown" else message.chat
