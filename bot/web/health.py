"""`GET /healthz`: is it up, and with which articles and rules."""

from fastapi import APIRouter

from bot.bot import Bot


def health_routes(bot: Bot) -> APIRouter:
    """The route, for this bot."""
    routes = APIRouter()

    @routes.get("/healthz")
    def healthz() -> dict[str, str | int | None]:
        """Status, the index generation, the guard's version where the bot tells it, articles."""
        return {
            "status": "ok",
            "generation": bot.generation,
            "rules": getattr(bot, "rules", None),
            "articles": len(bot.articles),
        }

    return routes
