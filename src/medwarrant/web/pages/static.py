"""Style sheets, scripts and pictures."""

from __future__ import annotations

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from ...review.errors import NotFound
from ..assets import Assets

_FOR_EVER = "public, max-age=31536000, immutable"


def route(assets: Assets) -> HTTPRouteHandler:
    """The route of the files. Pages name each with the digest of its bytes, so that browsers may keep it."""

    @get("/static/{name:str}", name="static", include_in_schema=False, sync_to_thread=False)
    def static(name: FromPath[str], v: FromQuery[str] = "") -> Response[bytes]:
        """A file of the application."""
        asset = assets.by_name.get(name)
        if asset is None:
            raise NotFound("there is no such file")
        kept = _FOR_EVER if v == asset.version else "no-cache"
        return Response(asset.body, media_type=asset.media_type, headers={"Cache-Control": kept})

    return static
