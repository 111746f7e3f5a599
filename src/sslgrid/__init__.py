"""sslgrid: grid cells from nothing but code and a config file."""

__version__ = "0.1.0"
