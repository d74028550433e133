"""The gateway: composes flags and pipelines behind one HTTP route, with durable jobs and shadow comparisons."""
