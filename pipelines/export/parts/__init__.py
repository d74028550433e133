"""The parts of an export as they stand in the file, from bytes to typed values."""
