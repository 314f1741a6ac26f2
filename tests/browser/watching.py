"""What a browser notices by itself: script errors, refusals of the security policy, foreign requests."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

HARMLESS_SCHEMES = ("data:", "blob:", "about:")


class Watch:
    """Collects what goes wrong in a window."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        """Listen from the first page on."""
        self.origin = origin
        self.problems: list[str] = []
        self.asked_by_script: set[str] = set()
        context.on("console", self.hear)
        context.on("weberror", self.note_error)
        context.on("request", self.note_request)

    def hear(self, message: ConsoleMessage) -> None:
        """Note errors and warnings; neither the status of an error page itself nor that of an answer which
        script waits for is one: the page tells of those."""
        url = message.location["url"]
        own_status = message.text.startswith("Failed to load resource") and (
            url in self.asked_by_script or (message.page is not None and url == message.page.url)
        )
        if message.type in {"error", "warning"} and not own_status:
            self.problems.append(f"{message.type}: {message.text}")

    def note_error(self, error: WebError) -> None:
        """Note an error that no script caught."""
        self.problems.append(f"uncaught: {error.error}")

    def note_request(self, request: Request) -> None:
        """Note a request to anyone but the site itself."""
        if request.resource_type in {"xhr", "fetch"}:
            self.asked_by_script.add(request.url)
        if not request.url.startswith((f"{self.origin}/", *HARMLESS_SCHEMES)):
            self.problems.append(f"request to {request.url}")
