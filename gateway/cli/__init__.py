"""The `gateway` command: start the service, hand it exports, look at jobs and results, move the dial."""
