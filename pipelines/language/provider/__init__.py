"""A model provider behind the `Language` protocol: Anthropic, any OpenAI-compatible URL, Bedrock (extra `cloud`).

Nothing here is imported unless a provider is configured, and of the `via_*` modules only the vendor's own.
"""
