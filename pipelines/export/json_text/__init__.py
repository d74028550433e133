"""Walking a JSON text of any size, value by value, without holding it whole."""
