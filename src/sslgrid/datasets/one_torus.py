"""results/one_torus/<condition>/seed<k>.nc"""

from sslgrid.datasets.schema import Schema

MEASURED = "measured"
VARIABLES = {
    "unit": {
        "module": ("1", "which of the two modules the unit is in: 0 fine, 1 coarse, -1 neither"),
    },
    "population scale": {
        "spacing": ("m", "spacing of the fine and of the coarse module"),
    },
    "population": {
        "misfit": (
            "1",
            "distance of the fine module's waves from the coarse one's reciprocal lattice, over the first |k|",
        ),
        "groups_p": (
            "1",
            "p-value that the units fall into two groups by their share on the first shell, against uniform shares",
        ),
        "phase_lock": ("1", "mean cosine of the phase error: 1 perfect, 0 chance"),
        "phase_p": ("1", "p-value of the phase lock, against units that are shuffled"),
        "drift_p": ("1", "p-value of the lock in the last window, against walks that are shuffled"),
        "torus_margin": ("1", "last bar that a torus has over the next one, where that is least"),
        "is_torus": ("1", "1 if two loops and one cavity stand out"),
    },
    "population unit": {
        "lattice_share": ("1", "share of the map's variance on the coarse module's reciprocal lattice"),
        "null_mean": ("1", "the same, on that lattice turned and scaled at random, mean over draws"),
        "null_high": ("1", "the same, 95th percentile over draws"),
    },
    "population unit shell": {
        "shell_share": ("1", "share of the map's variance on each shell of that lattice"),
    },
    "wave": {
        "miss": ("1", "distance of a fine wave from the coarse module's reciprocal lattice, over the first |k|"),
    },
    "population unit wave": {
        "phase_error": ("radian", "phase of a unit of the fine module, less the foretold one"),
    },
    "population scale window": {
        "drift": ("m", "root mean square displacement of the fine and of the coarse module"),
    },
    "population window": {
        "apart": ("m", "root mean square difference of the two displacements, modulo the fine lattice"),
        "apart_shuffled": ("m", "the same, with the coarse displacements of other walks"),
        "drift_lock": ("1", "1 if the modules drift together, 0 if as those of two walks do"),
    },
    "population bar": {
        "loops": ("1", "longest lifetimes of loops of the joint states, over the mean distance"),
        "cavities": ("1", "longest lifetimes of cavities of the joint states, over the mean distance"),
    },
    "": {
        "torus_power": ("1", "share of synthetic populations of one lattice that the test calls a torus"),
        "torus_false": ("1", "share of synthetic populations of two lattices that the test calls a torus"),
        "range": ("m", "effective range of the units of both modules"),
        "confused": ("1", "share of the pairs of places, farther apart than half the coarse spacing, that look alike"),
        "noise": ("1", "distance of states of length 1 from the maps, in the first steps"),
        "cells": ("1", "cells of the fine lattice in one of the coarse lattice; 3 for the second hexagonal shell"),
        "map_margin": ("1", "`torus_margin` of the network's states on its maps, where no drift blurs them"),
        "map_torus": ("1", "1 if two loops and one cavity stand out there"),
        "training_steps": ("1", "steps of a trajectory of the network's training"),
        "diffusion": ("m", "drift of a step along each axis, of the synthetic populations"),
    },
    "direction": {
        "exponent": ("1", "growth of a small displacement of the state in a step, natural logarithm"),
        "exponent_two_copies": ("1", "the same, of two copies of the network on different walks"),
        "in_modules": ("1", "share of the squared displacement that units of any module carry"),
    },
    "direction unit": {
        "carried": ("1", "mean square of the unit's part in a displacement of length 1"),
    },
    "turn": {
        "turned_range": ("m", "effective range with the fine module turned, so that it is independent"),
        "turned_confused": ("1", "share of the far pairs of places that look alike with the fine module turned"),
    },
    "kick_step": {
        "kick_fine": ("1", "displacement of the fine module, which was kicked, over the kick"),
        "kick_coarse": ("1", "displacement of the coarse module, which was not, over the kick"),
        "kick_whole": ("1", "displacement of both, where the whole state was kicked, over the kick"),
        "kick_apart": ("1", "distance between the two modules' displacements, root mean square, over the kick"),
        "kick_apart_halves": ("1", "the same, of two halves of the fine module of which one was kicked"),
    },
}

# The attribute `pair` is "measured", or "n/a: " and why there is no pair; then the file holds the directions alone.
ONE_TORUS = Schema(
    "one_torus",
    "Two modules of one network: one torus or two",
    "one_torus/<condition>/seed<k>.nc",
    VARIABLES,
    {
        "window": ("1", "steps since the start, in the middle of the window"),
        "kick_step": ("1", "steps since the kick"),
        "direction": ("1", "direction of a displacement, the one that lasts longest first"),
        "turn": ("degree", "how far the fine module is turned"),
        "population": ("1", "population"),  # whose names the stage adds as flags
        "unit": ("1", "number of the unit"),
        "scale": ("1", "0: the fine module, 1: the coarse one"),
        "shell": ("1", "shell of the reciprocal lattice, from the inside"),
        "wave": ("1", "plane wave of the lattice, by angle; square lattices have two"),
        "bar": ("1", "number of the bar, the longest first"),
    },
    optional=frozenset(name for held in VARIABLES.values() for name in held),
)
read_one_torus = ONE_TORUS.read
