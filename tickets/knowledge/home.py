"""Files of articles are seen by whom reads the article (X5)."""

from tickets.files.homes import FileHome, homes
from tickets.knowledge.writing import HOME
from tickets.models import Article


def register() -> None:
    homes.register(FileHome(HOME, Article.objects.visible_to))
