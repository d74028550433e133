"""Who the user is: I am a nurse; my name is Jo; as a parent, I ..."""
