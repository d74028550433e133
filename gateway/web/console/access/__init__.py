"""Who may use the console: sessions, the gate before its pages, the log-in."""
