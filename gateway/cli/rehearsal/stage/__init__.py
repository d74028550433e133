"""What rehearsals share: real processes in a folder, a caller who posts, and a screen."""
