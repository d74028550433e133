"""The routes, a file or a folder for each group of paths."""
