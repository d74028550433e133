"""Reading exports: `read_export` gives the conversations of an export of any size and form, in constant memory."""

from pipelines.contract import ExportError
from pipelines.export.left_out import ReadCounts, remarks
from pipelines.export.limits import Limits
from pipelines.export.reader import read_export

__all__ = ["ExportError", "Limits", "ReadCounts", "read_export", "remarks"]
