"""Charts as SVG: numbers go in, elements with classes and attributes come out, and the same numbers as a table."""
