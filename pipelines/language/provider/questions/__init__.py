"""What a model is asked, the shape of its answers, and how they are checked."""
