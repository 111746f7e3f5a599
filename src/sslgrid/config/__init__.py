"""What each stage is told: frozen dataclasses, one module per reader, so that a new key reruns only its reader."""
