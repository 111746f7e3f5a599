"""Files that appear whole or not at all, and what each says of how it was made."""
