"""What is said in a user's message by others: texts handed over, and parts that the user plays."""
