"""The worker bench of the jobs' tests, and many users made by SQL."""

from tests.gateway.jobs.conftest import bench, worker_settings

__all__ = ["bench", "worker_settings"]
