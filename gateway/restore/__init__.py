"""Data rollback: puts the last result of one pipeline back for users whose live result another one made."""
