"""The language engines behind `pipelines.contract.Language`: the embedded one, and model providers."""
