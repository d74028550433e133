"""`POST /webhooks/unleash`: Unleash tells that a flag was changed; this process looks at once, and tells the others."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request, Response

from gateway.config.forwarded_routes import UNLEASH_WEBHOOK
from gateway.errors import BodyTooLarge, Unauthorized
from gateway.services import Services
from gateway.web.auth import DENIED, digest, find_digest, shown_secrets
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.jobs import database_errors

MAX_BODY: Final = 64 * 1024
BODY_SECONDS: Final = 5.0
router = APIRouter(route_class=DatabaseRoute, tags=["operations"])


@router.post(
    UNLEASH_WEBHOOK,
    status_code=204,
    responses={401: DENIED[401], 413: {"description": "The body is above 64 KiB"}, 503: {"description": "Told nobody"}},
)
async def hear_of_change(request: Request) -> Response:
    """Look at the flags now, here and in every process. What the body says does not matter; it is read and dropped.

    Shown must be UNLEASH_WEBHOOK_TOKEN, as `Authorization: Bearer <token>`; without that setting the route is not
    there. 503: this process looks, but the database did not take the message for the others, who see it at their polls.
    """
    services: Services = request.state.services
    check_token(request, services)
    await drop_body(request)
    services.metrics.flag_webhooks.inc()
    with database_errors():
        await services.steering.watch.announce_change()
    return Response(status_code=204)


def check_token(request: Request, services: Services) -> None:
    """In constant time. Raises Unauthorized."""
    token = services.settings.unleash_webhook_token
    known = () if token is None else (digest(token.get_secret_value().encode()),)
    if find_digest(shown_secrets(request.scope["headers"]), known) is None:
        raise Unauthorized("webhook token required: Authorization: Bearer <token>")


async def drop_body(request: Request) -> None:
    """Raises BodyTooLarge; a body that does not come to its end is not waited for."""
    seen = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                seen += len(part)
                if seen > MAX_BODY:
                    raise BodyTooLarge(MAX_BODY)
    except TimeoutError:
        return
