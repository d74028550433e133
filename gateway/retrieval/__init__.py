"""What a user's memories say about a question: finding them, choosing among them, answering, and embedding chunks."""
