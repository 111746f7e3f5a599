"""What the code of place is good for."""
