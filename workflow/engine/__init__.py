"""The embedded token engine: the only place, with `workflow.flows`, that knows django-viewflow."""
