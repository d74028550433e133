"""How what the judge lets pass is told: without what follows it, where it stands, and how much."""
