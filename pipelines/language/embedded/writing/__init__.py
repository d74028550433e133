"""What the embedded engine writes: sections, the MEMORY and answers."""
