"""One module a vendor: how a connection to its models is opened."""
