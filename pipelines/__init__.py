"""The pipelines: stages that turn an export into a soulprint; they know no gateway, flag, driver or web framework."""
