"""From the parts of an export to conversations: branches, content, notes, times."""
