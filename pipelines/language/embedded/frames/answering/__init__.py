"""How the user wants to be answered, and what the assistant is called: Keep it short."""
