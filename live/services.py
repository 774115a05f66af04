"""Saying that a topic changed."""

from django.db import connection

CHANNEL = "live"


def publish(topic: str) -> None:
    """
    Tell whoever watches `topic` to look again, when and only if the surrounding transaction commits.

    :param topic: `document:12`, `meeting:3`, `holder:post:7`; never a title or a name
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])
