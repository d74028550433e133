"""Users who are called by name: the list with its age, and the form that names one."""
