"""How lines of operators' logs look."""

import logging
import time


class UtcFormatter(logging.Formatter):
    """Times in UTC, so that the logs of several machines can be laid side by side."""

    converter = time.gmtime  # type: ignore[assignment]  # the stubs know only functions with an argument
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"
