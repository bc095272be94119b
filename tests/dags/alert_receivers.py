"""A mail server and a web server on loopback that take alerts, and can be stopped and started on their port."""

from __future__ import annotations

import threading
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tf_integration.serve.postgres import free_port


class MailServer:
    """`messages` holds what it took, parsed."""

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self.refuses = False
        self._server: Controller | None = None

    def start(self) -> None:
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()

    def stop(self) -> None:
        if self._server:
            self._server.stop()
        self._server = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses:
            return "554 not this one"
        self.messages.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 taken"


class WebServer:
    """`posts` holds (headers, body) of what it took; `status` is what it answers."""

    def __init__(self) -> None:
        self.port = free_port()
        self.posts: list[tuple[Message, bytes]] = []
        self.status = 204
        self._server: HTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/alerts"

    def start(self) -> None:
        taken = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if taken.status < 300:
                    taken.posts.append((self.headers, body))
                self.send_response(taken.status)
                if taken.status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        self._server = None
