"""Who may do what with the gateway's tables and functions: read from the catalogue, judged, and closed at migrate."""
