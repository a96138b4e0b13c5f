"""Mail through a server of SMTP: text and HTML, with a `Message-ID` that is the same at each attempt."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime

from ingest.alerts import secrets
from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.channels.configured import MailEntry
from ingest.alerts.message import render
from ingest.alerts.notice import Notice

__all__ = ["Mail", "compose"]

_SECONDS = 20.0  # for each step


class Mail:
    """Sends one mail to all its recipients, on a connection of its own."""

    def __init__(self, name: str, entry: MailEntry, *, reader: secrets.Reader = secrets.read) -> None:
        self.name = name
        self._entry = entry
        self._reader = reader

    def close(self) -> None:
        """It holds nothing open."""

    def deliver(self, notice: Notice) -> Delivered | Undelivered:
        """Send it; the server's word on what it refuses for good is taken."""
        try:
            password = self._reader(self._entry.password) if self._entry.password else ""
        except secrets.SecretError as lost:
            return Undelivered(detail=f"{lost}.", permanent=lost.is_permanent)
        try:
            refused = self._send(compose(notice, self._entry), password)
        except OSError as failed:
            return _failed(failed, password)
        return Delivered(detail=f"refused for {len(refused)} of {len(self._entry.to)} recipients" if refused else "")

    def _send(self, mail: EmailMessage, password: str) -> dict[str, tuple[int, bytes]]:
        entry = self._entry
        trusted = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(entry.host, entry.port, timeout=_SECONDS, context=trusted)
            if entry.security == "tls"
            else smtplib.SMTP(entry.host, entry.port, timeout=_SECONDS)
        )
        try:
            if entry.security == "starttls":
                server.starttls(context=trusted)
            if entry.user:
                server.login(entry.user, password)
            return server.send_message(mail, from_addr=entry.sender, to_addrs=list(entry.to))
        finally:
            with suppress(OSError):  # what was taken is taken, however the server says goodbye
                server.quit()
            server.close()


def _failed(error: OSError, password: str) -> Undelivered:
    """What a failure means; smtplib's exceptions are OSErrors, too."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Undelivered(detail=f"The mail server refused the login (code {error.smtp_code}).")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        said = f"The mail server refused every recipient (code {', '.join(str(code) for code in codes[:3])})."
        return Undelivered(detail=said, permanent=all(code >= 500 for code in codes))
    if isinstance(error, smtplib.SMTPResponseException):
        return Undelivered(detail=f"The mail server answered {error.smtp_code}.", permanent=error.smtp_code >= 500)
    shown = secrets.hidden(f"{type(error).__name__}: {error}", [password])[:200]
    return Undelivered(detail=f"The mail server could not be used ({shown}).")


def compose(notice: Notice, entry: MailEntry) -> EmailMessage:
    """The mail: plain text first, HTML as the other form of the same."""
    message = render(notice)
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = entry.sender
    mail["To"] = ", ".join(entry.to)
    mail["Date"] = format_datetime(notice.at)
    mail["Message-ID"] = f"<{notice.id}@{entry.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(f"<!doctype html>\n<html><body>\n{message.html}</body></html>\n", subtype="html")
    return mail
