"""Which versions a change would give to more users than now: each live process has to be able to run them."""

from collections.abc import Callable, Collection, Mapping

from flags.model import Pipeline, Rollout

Reaches = Callable[[Rollout], Collection[Pipeline]]


def raised_to(percent: float, pipeline: Pipeline | None) -> Reaches:
    """A version's flag is to be on for this share."""

    def reaches(before: Rollout) -> Collection[Pipeline]:
        version = pipeline or before.candidate
        return (version,) if percent > before.of(version).dial else ()

    return reaches


def switched_on(pipeline: Pipeline | None) -> Reaches:
    """A version's flag is to be on as it was set."""

    def reaches(before: Rollout) -> Collection[Pipeline]:
        version = before.of(pipeline or before.candidate)
        return () if version.enabled else (version.pipeline,)

    return reaches


def shared_out(shares: Mapping[Pipeline, float]) -> Reaches:
    """Versions are to have these shares of all users."""

    def reaches(before: Rollout) -> Collection[Pipeline]:
        now = before.shares()
        return [version for version, share in shares.items() if share > now.get(version, 0.0)]

    return reaches


def nobody_more(_before: Rollout) -> Collection[Pipeline]:
    """For changes that give no version to more users."""
    return ()
