"""The recurrent networks."""
