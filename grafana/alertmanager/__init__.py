"""Where alerts go: the routes of an Alertmanager, and what writes alerts to a log where nobody has a pager."""
