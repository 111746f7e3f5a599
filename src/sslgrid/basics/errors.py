"""Why a command stops: bad input, which is the user's to mend, or the end of the time that it was given."""


class InputError(Exception):
    """Bad input: one line that names the key, file or value, what was expected and what to do."""


class OutOfTimeError(Exception):
    """The time that a command was given is used up; what it has done is kept, for the same command to go on."""
