"""The one kind of error that is the user's to mend."""


class InputError(Exception):
    """Bad input: one line that names the key, file or value, what was expected and what to do."""
