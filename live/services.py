"""Saying that a topic changed."""

from django.db import connection

CHANNEL = "live"


def publish(*topics: str) -> None:
    """
    Tell whoever watches these topics to look again, when and only if the surrounding transaction commits; in one statement,
    however many they are.

    :param topics: `document:12`, `meeting:3`, `holder:post:7`; never a title or a name
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic", [CHANNEL, list(topics)])
