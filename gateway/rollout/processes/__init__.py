"""What each live process can run and has in force: it says so itself, others read it."""
