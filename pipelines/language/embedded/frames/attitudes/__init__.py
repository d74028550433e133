"""What the user likes, believes and wants: I love bouldering; I believe that ...; I want to retire early."""
