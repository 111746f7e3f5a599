"""results/generalisation/<condition>/seed<k>.nc"""

from sslgrid.datasets.schema import Schema

GENERALISATION = Schema(
    "generalisation",
    "Generalisation of one network's code",
    "generalisation/<condition>/seed<k>.nc",
    {
        # Against the first arena; modules are the first arena's.
        "arena": {
            "coverage": ("1", "share of the bins in reach that walks visited"),
            "modules_found": ("1", "number of modules of this arena's own maps"),
        },
        "arena unit": {
            "unit_correlation": ("1", "correlation of the unit's maps in this and the first arena"),
        },
        "arena module": {
            "correlation": ("1", "correlation of a unit's maps in this and the first arena, mean over units"),
            "correlation_low": ("1", "correlation, low end of the 95 % bootstrap interval"),
            "correlation_high": ("1", "correlation, high end of the 95 % bootstrap interval"),
            "null_correlation": ("1", "correlation of maps of different units of the module, mean"),
            "null_high": ("1", "correlation of maps of different units of the module, 95th percentile"),
            "gridness": ("1", "gridness of the module's kind, mean over units"),
            "spacing": ("m", "spacing, median over the units that show the module's kind of lattice here"),
            "spacing_low": ("m", "spacing, low end of the 95 % bootstrap interval"),
            "spacing_high": ("m", "spacing, high end of the 95 % bootstrap interval"),
        },
        "module": {
            "size": ("1", "number of units"),
            "fidelity": ("1", "how well the population phase tells the position in the first arena's maps"),
            "lost": ("m", "root mean square displacement of a code that knows nothing"),
        },
        "window": {
            "path_length": ("m", "path from the start to the middle of the window, mean over walks"),
            "pair_error": ("1", "mean |g - g'|^2 of walks nearer than sigma_x at a step"),
            "pairs": ("1", "number of these pairs"),
        },
        "module window trajectory axis": {
            "displacement": ("m", "displacement of the code modulo the lattice, mean"),
        },
        "module window": {
            "drift": ("m", "root mean square displacement of the code"),
            "bias": ("m", "length of the displacement's mean over walks"),
            "map_error": ("1", "mean squared deviation from the rate maps over the maps' variance"),
        },
        "radius distance": {
            "visits": ("1", "steps at this distance from the origin and neural distance from g(0)"),
        },
        "radius": {
            "mean_distance": ("1", "|g(0) - g(x)|, mean"),
            "lowest_distance": ("1", "|g(0) - g(x)|, lowest"),
            "training_displacements": ("1", "share of training's pairs of points nearer than the ring's outer edge"),
        },
        "": {
            "training_steps": ("1", "steps of a trajectory in training"),
        },
    },
    {
        "arena": ("1", "arena"),  # whose names stage.arena_coordinate adds as flags
        "module": ("1", "module, by rising spacing"),
        "unit": ("1", "number of the unit"),
        "window": ("1", "middle of the window, steps"),
        "trajectory": ("1", "number of the walk"),
        "axis": ("1", "0: x, 1: y"),
        "radius": ("m", "distance from the origin"),
        "distance": ("1", "neural distance from the start"),
    },
)
read_generalisation = GENERALISATION.read
