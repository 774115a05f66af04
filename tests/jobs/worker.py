"""A worker process for tests: `python -m tests.jobs.worker QUEUE...`."""

import sys

import django

django.setup()

import tests.jobs.tasks  # noqa: E402, F401  # declares the jobs, which no room of the office has
from jobs.workers import work  # noqa: E402

if __name__ == "__main__":
    work(sys.argv[1:], concurrency=2)
