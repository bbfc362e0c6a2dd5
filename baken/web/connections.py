"""Connections that wait, but not for ever: what stands between the network and the application.

The server's own protocol waits endlessly for the rest of a request and keeps headers of any length
in memory. A few hundred connections that send a byte now and then would hold them all.
"""

from asyncio import Transport
from asyncio.events import TimerHandle
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from baken.web.headers import protected

MOST_CONNECTIONS: Final = 4_096


class PatientProtocol(HttpToolsProtocol):
    """HTTP with limits on how long and how much somebody may take to say what they want."""

    head_seconds = 10.0
    """From the first byte that may come to the end of the headers."""
    body_seconds = 120.0
    """For the body: 10 MiB over a slow line. A larger one buys more time by what has come."""
    steady_bytes = 64 * 1024
    """So much of a body buys one more second: half a megabit a second, kept up to the end."""
    head_bytes = 64 * 1024

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._timer: TimerHandle | None = None
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what comes, unless the headers do not end."""
        if self._in_head and self._timer is None:
            self._expect_head()  # another request on the same connection
        self._has_ended = False
        super().data_received(data)
        # A piece in which a request ended is mostly its body: no headers of the next one.
        if self._in_head and not self._has_ended and not self.transport.is_closing():
            self._n_head += len(data)
            if self._n_head > self.head_bytes:
                self._refuse(b"431 Request Header Fields Too Large")

    def on_headers_complete(self) -> None:
        """Go on waiting, for the body."""
        self._in_head, self._n_head = False, 0
        self._n_body, self._body_from = 0, self.loop.time()
        self._wait(self.body_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what came; no timer is set for a piece, for there are thousands of them."""
        self._n_body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for nothing: it is our turn."""
        self._in_head = self._has_ended = True
        self._wait(None)
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with the headers of every other answer."""
        self._refuse(b"400 Bad Request")

    def _expect_head(self) -> None:
        self._in_head, self._n_head = True, 0
        self._wait(self.head_seconds)

    def _wait(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        if self.transport.is_closing():
            return
        if not self._in_head and (left := self._seconds_left()) > 0:
            self._wait(left)
        else:
            self._refuse(b"408 Request Timeout")

    def _seconds_left(self) -> float:
        """How long the rest of a body may still take, by what has come of it."""
        allowed = self.body_seconds + self._n_body / self.steady_bytes
        return self._body_from + allowed - self.loop.time()

    def _refuse(self, status: bytes) -> None:
        self._wait(None)
        cycle: Any = self.cycle
        is_answered = cycle is None or cycle.response_complete
        # Never in the middle of another answer, nor in place of one that is still being made.
        if is_answered or not (self._in_head or cycle.response_started):
            self.transport.write(_answer(status))
        self.transport.close()


def _answer(status: bytes) -> bytes:
    """An answer that no page gave; whether browsers come by HTTPS is not known here."""
    text = status.partition(b" ")[2]
    own: list[tuple[bytes, bytes]] = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"connection", b"close"),
    ]
    lines = [name + b": " + value for name, value in protected(own, {}, is_https=False)]
    return b"\r\n".join([b"HTTP/1.1 " + status, *lines, b"", text])


def server_options() -> dict[str, Any]:
    """What the server is told, wherever it is started: no list of visits, nobody's word on who."""
    return {
        "http": PatientProtocol,
        "ws": "none",
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "log_config": None,
        "timeout_keep_alive": 5,
        "timeout_graceful_shutdown": 30,
    }
