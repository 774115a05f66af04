"""The floor of an office on one machine: where its data live, its private database, its processes. No Django in here."""
