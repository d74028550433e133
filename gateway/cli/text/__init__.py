"""What commands print: for people, or as one JSON document."""
