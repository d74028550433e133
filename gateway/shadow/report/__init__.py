"""What the comparisons say together: rates with intervals, and the report made of them."""
