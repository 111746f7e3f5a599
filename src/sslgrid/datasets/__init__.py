"""Every NetCDF schema of the project, one module per file kind, so that a changed schema reruns only its users."""
