from tests.elastic_fixtures import elastic_url

__all__ = ["elastic_url"]
