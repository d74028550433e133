"""What comparisons ask by, where LANGUAGE_BATCH is set: a model's batch interface, and what its tokens cost there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.language.prices import Prices

if TYPE_CHECKING:
    from pipelines.language.provider.batches.desk import BatchDesk


@dataclass(frozen=True, slots=True)
class Batches:
    """`prices`: by the price list, those of answers that come with a batch."""

    desk: "BatchDesk"
    prices: Prices
