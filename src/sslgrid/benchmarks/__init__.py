"""Speed of a gradient step, compared with the step as public code writes it and with the limits of the machine."""
