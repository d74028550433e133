"""What the user does: work, studies, projects, pastimes: I teach chemistry; I play the cello."""
