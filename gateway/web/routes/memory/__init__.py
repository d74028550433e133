"""The routes beside `/process-full`, as their callers know them, answered from a user's published data."""

from fastapi import APIRouter

from gateway.web.routes.memory import chat, diagnostics, embeddings, imports, soulprints

router = APIRouter()
for part in (
    chat.router,
    imports.router,
    soulprints.router,
    soulprints.creation,
    embeddings.router,
    diagnostics.router,
):
    router.include_router(part)
