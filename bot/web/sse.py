"""Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html."""

import json
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from bot.web.events import Record

HEADERS = {
    "Cache-Control": "no-store, no-transform",
    # nginx would collect the whole answer before it passes anything on.
    "X-Accel-Buffering": "no",
}


def frame(name: str, record: Record) -> str:
    """One event; JSON has no raw line breaks, so one data line holds it."""
    return f"event: {name}\ndata: {json.dumps(record, ensure_ascii=False)}\n\n"


def streamed(frames: AsyncIterator[str]) -> StreamingResponse:
    """The response that sends them as they come."""
    return StreamingResponse(frames, media_type="text/event-stream", headers=HEADERS)
