"""The networks of Cueva & Wei (2018), which learn to localise themselves: config, network, objective, step."""
