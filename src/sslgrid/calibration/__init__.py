"""Units whose truth is known, and what the measures say of them."""
