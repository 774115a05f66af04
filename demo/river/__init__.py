"""The run behind bin/demo: one scanned paper travels the whole river."""
