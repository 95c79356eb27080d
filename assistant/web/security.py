"""Security headers for every page."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
STAFF_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Pages of the staff console run no script at all."""


class SecurityHeaders:
    """Adds a content policy and its companions to each response."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        staff = is_staff(path)
        policy = STAFF_POLICY if staff else POLICY
        wanted = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]
        if staff:
            wanted += [(b"cache-control", b"no-store"), (b"x-robots-tag", b"noindex, nofollow")]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                present = {name.lower() for name, _ in headers}
                headers.extend(pair for pair in wanted if pair[0] not in present)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def is_staff(path: str) -> bool:
    """Tells whether a path is of the staff console."""
    return path == "/staff" or path.startswith("/staff/")
