"""Alerts through Airflow's notifiers: e-mail by the SMTP provider's, a webhook by our own.

Which message is due, and what became of it, the warehouse knows (`tf_integration/keep/outbox.py`); here it only leaves.
A fault is told by its type or status: a server's own words may quote an address.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import smtplib
import urllib.error
import urllib.request
from collections.abc import Callable
from html import escape
from typing import Any

from airflow.sdk import BaseNotifier

from tf_integration.keep.outbox import ChannelDown, Message, MessageRefused
from tf_integration.model.settings import Mail, Settings, Webhook

CONNECTION = "tfi_alerts"
_REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
_BUSY = (408, 425, 429)


class WebhookNotifier(BaseNotifier):
    """POST a message as JSON. Redirects are not followed; the key in `Idempotency-Key` is the same on a repeat."""

    template_fields = ()      # nothing of a message is a template

    def __init__(self, url: str, message: dict[str, Any], secret: bytes | None = None, timeout_seconds: float = 10,
                 **more: Any) -> None:
        super().__init__(**more)
        self.url, self.message, self.secret, self.timeout_seconds = url, message, secret, timeout_seconds

    def notify(self, context: Any) -> None:
        """Send it.

        Raises:
            ChannelDown: nobody answers, or the receiver says that it cannot now.
            MessageRefused: the receiver does not take this message.
        """
        body = json.dumps(self.message).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(self.message.get("key", ""))}
        if self.secret:
            headers["X-TFI-Signature"] = "sha256=" + hmac.new(self.secret, body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(self.url, body, headers, method="POST")
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=self.timeout_seconds):
                pass
        except urllib.error.HTTPError as error:
            fault = f"HTTP {error.code}"
            error.close()
            raise (ChannelDown if error.code >= 500 or error.code in _BUSY else MessageRefused)(fault) from None
        except OSError as error:
            raise ChannelDown(type(getattr(error, "reason", error)).__name__) from None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def senders(settings: Settings, context: Any, timeout_seconds: float) -> dict[str, Callable[[Message], None]]:
    """The channels that the settings name, each with how a message leaves through it."""
    found: dict[str, Callable[[Message], None]] = {}
    email, webhook = settings.alerts.email, settings.alerts.webhook
    if email:
        os.environ[f"AIRFLOW_CONN_{CONNECTION.upper()}"] = _connection(email, timeout_seconds)
        found["email"] = lambda message: _mail(email, message, context)
    if webhook:
        found["webhook"] = lambda message: _post(webhook, message, context, timeout_seconds)
    return found


def _mail(mail: Mail, message: Message, context: Any) -> None:
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    domain = mail.sender.rpartition("@")[2] or "localhost"
    notifier = SmtpNotifier(
        to=list(mail.to), from_email=mail.sender, subject=message.title, html_content=_page(message),
        smtp_conn_id=CONNECTION,
        custom_headers={"Message-ID": f"<{message.key}@{domain}>", "Auto-Submitted": "auto-generated"})
    try:
        notifier.notify(context)
    except _REFUSED as error:
        raise MessageRefused(type(error).__name__) from None
    except Exception as error:
        raise ChannelDown(type(error).__name__) from None


def _post(webhook: Webhook, message: Message, context: Any, timeout_seconds: float) -> None:
    secret = webhook.secret_file.read_bytes().strip() if webhook.secret_file else None
    WebhookNotifier(webhook.url, message.as_dict(), secret, timeout_seconds).notify(context)


def _page(message: Message) -> str:
    lines = {"What": message.says, "Next": message.what_to_do, "Owner": message.owner or "data engineering",
             "Since": f"{message.opened_on:%-d %B %Y}", "Incident": f"{message.incident_id} ({message.kind})"}
    rows = "".join(f"<p><strong>{name}:</strong> {escape(text)}</p>" for name, text in lines.items())
    return f"<!doctype html><html lang=\"en-GB\"><body>{rows}</body></html>"


def _connection(mail: Mail, timeout_seconds: float) -> str:
    """The mail server as Airflow's connection, in this process alone."""
    password = mail.password_file.read_text().strip() if mail.password_file else None
    extra = {"disable_ssl": mail.security != "tls", "disable_tls": mail.security != "starttls",
             "timeout": int(timeout_seconds), "retry_limit": 0}
    return json.dumps({"conn_type": "smtp", "host": mail.host, "port": mail.port, "login": mail.username,
                       "password": password, "extra": extra})
