"""The claims of Schaeffer, Khona, Ma, Eyzaguirre, Koyejo and Fiete (NeurIPS 2023), and those that their story implies.

Thresholds come from chance, from the literature or from what a statistic means, never from these networks' results.
"""

from sslgrid.claims import one_torus as of_torus
from sslgrid.claims import statistics as of
from sslgrid.claims.verdicts import Claim, Direction

AT_LEAST, AT_MOST = Direction.AT_LEAST, Direction.AT_MOST
REFERENCE, CONTROL = "full", "untrained"
PAPER = "Schaeffer et al. 2023"
ABLATIONS = f"{PAPER}, ablations"
NEW = "new"
MOST_SEEDS = "more seeds than not"
CHANCE = "units are significant at a false discovery rate of 5 %: that share can be due to chance"
INFORMATION_MARGIN = 0.1  # bits per spike

MODULES = [
    Claim(
        "full.several_modules", "Several discrete modules", f"{PAPER}, figure 2", "full",
        "share of seeds with two or more modules", AT_LEAST, 0.5, MOST_SEEDS, of.modules_between(2), indicator=True,
    ),
    Claim(
        "full.grid_units", "Most units are grid cells of a module", f"{PAPER}, figure 2", "full",
        "share of the live units that belong to a module", AT_LEAST, 0.5, "more units than not", of.module_share,
    ),
    Claim(
        "full.hexagonal", "The lattices are hexagonal, not square", f"{PAPER}, figure 2", "full",
        "share of the modules' units that are in hexagonal modules", AT_LEAST, 0.5,
        "more hexagonal units than square ones", of.hexagonal_share,
    ),
    Claim(
        "full.brain_ratio", "Spacings of neighbouring modules have the brain's ratio", NEW, "full",
        "|spacing ratio - 1.42|, mean over pairs of neighbouring modules", AT_MOST, 0.2,
        "ratios in rats were 1.42 in the mean (Stensola et al. 2012); 0.2 keeps sqrt(3) and 2 apart from it",
        of.ratio_deviation,
    ),
    Claim(
        "full.superlattice", "The coarse lattice is a superlattice of the fine one", NEW, "full",
        "distance of the lattices of the two largest modules to the nearest superlattice of index up to 7, in spacings",
        AT_MOST, 0.06, "random ratios and turns come this near in 5 % of cases (square ones nearer than 0.08)",
        of.mismatch,
    ),
    Claim(
        "full.independent_modules", "The modules are independent of each other", f"implied by {PAPER}: high capacity",
        "full", "share of seeds whose two largest modules are no nearer to a superlattice than chance (p > 0.05)",
        AT_LEAST, 0.5, f"{MOST_SEEDS}; independent modules would pass in 95 %", of.independent_modules, indicator=True,
    ),
    Claim(
        "full.code_does_not_repeat", "The joint code does not repeat within the range",
        f"implied by {PAPER}: high capacity", "full",
        "effective range (distance at which some places look alike again) divided by the largest spacing", AT_LEAST,
        1.0,
        "the least that the story needs: one module by itself repeats after one spacing", of.range_in_spacings,
    ),
]  # fmt: skip

SAME_MAP = "5 % of the maps of two plane-wave lattices that differ in phase alone correlate by 0.85 (drawn at random)"
QUARTER = "half of the distance at which neighbouring fields meet; a lost code drifts by 0.37 to 0.41"
GENERALISATION = [
    Claim(
        "full.larger_arenas", "Units keep their maps in larger arenas", f"{PAPER}, figure 3", "full",
        "correlation of a unit's maps in the first arena and in a larger one: mean over modules, lowest arena",
        AT_LEAST, 0.85, SAME_MAP, of.map_correlation(of.RAT),
    ),
    Claim(
        "full.iid_motion", "Units keep their maps when the motion is another", f"{PAPER}, figure 3", "full",
        "correlation of a unit's maps under rat-like and under iid motion: mean over modules, lowest arena",
        AT_LEAST, 0.85, SAME_MAP, of.map_correlation(of.IID),
    ),
    Claim(
        "full.recorded_rats", "Units keep their maps along paths of recorded rats", NEW, "full",
        "correlation of a unit's maps under rat-like motion and along a recorded path: mean over modules, lowest rat",
        AT_LEAST, 0.85, SAME_MAP, of.map_correlation(of.RECORDED),
    ),
    Claim(
        "full.path_invariance", "The code keeps its place for 5 times the training length", f"{PAPER}, figure 3",
        "full", "root mean square drift after 5 times the steps of training, in spacings, of the worst module",
        AT_MOST, 0.25, QUARTER, of.drift_after(5),
    ),
    Claim(
        "full.path_invariance_lasts", "The code keeps its place to the end of the long walks", NEW, "full",
        "root mean square drift in the last window of the long walks, in spacings, of the worst module", AT_MOST,
        0.25, QUARTER, of.drift_at_end,
    ),
    Claim(
        "full.far_places_differ", "Far places stay apart in state space", f"{PAPER}, figure 3", "full",
        "mean |g(0) - g(x)| in rings of |x| from 0.3 to 3.5 m, lowest ring, divided by sigma_g", AT_LEAST, 1.0,
        "the separation loss counts states nearer than sigma_g as alike", of.far_distance,
    ),
]  # fmt: skip

GEOMETRY = [
    Claim(
        "full.six_peaks", "The Fourier peaks of a module are three closing waves", f"{PAPER}, figure 4", "full",
        "|k1 - k2 + k3| divided by the mean |k|, mean over hexagonal modules", AT_MOST, 0.05,
        "a tenth of what a 2 m arena resolves at these spacings (1 / 2 m, against |k| of 1 to 1.7 / m)", of.closure,
    ),
    Claim(
        "full.phases_tile", "The phases of a module tile the unit cell", f"{PAPER}, figure 4", "full",
        "share of modules whose phases are no more clumped than uniform ones (p > 0.05)", AT_LEAST, 0.5,
        "more modules than not; uniform phases would pass in 95 %", of.tiled_share,
    ),
    Claim(
        "full.torus", "The states of a module are a torus", f"{PAPER}, figure 4", "full",
        "share of seeds whose largest module has Betti numbers (1, 2, 1) beyond its shuffles", AT_LEAST, 0.5,
        MOST_SEEDS, of.is_torus, indicator=True,
    ),
]  # fmt: skip


def no_grids(condition: str, words: str, source: str) -> Claim:
    """The claim that hardly any unit of a condition has a lattice beyond chance."""
    return Claim(
        f"{condition}.no_grids", words, source, condition, "share of the live units whose gridness is significant",
        AT_MOST, 0.05, CHANCE, of.significant_share,
    )  # fmt: skip


def no_modules(condition: str, words: str, source: str) -> Claim:
    """The claim that networks of a condition have no module."""
    return Claim(
        f"{condition}.no_modules", words, source, condition, "share of seeds without any module", AT_LEAST, 0.5,
        MOST_SEEDS, of.modules_between(0, 0), indicator=True,
    )  # fmt: skip


def no_information(condition: str, name: str, words: str) -> Claim:
    """The claim that units of a condition carry no more spatial information than before training."""
    return Claim(
        f"{condition}.{name}", words, ABLATIONS, condition, "spatial information of the live units, bits per spike",
        AT_MOST, INFORMATION_MARGIN,
        "not above untrained, with room for equal means: a fifth of the 0.5 bits often asked of a tuned cell",
        of.information, against="untrained",
    )  # fmt: skip


CONDITIONS = [
    Claim(
        "no_capacity.one_module", "Without the capacity loss: exactly one module", ABLATIONS, "no_capacity",
        "share of seeds with exactly one module", AT_LEAST, 0.5, MOST_SEEDS, of.modules_between(1, 1), indicator=True,
    ),
    Claim(
        "no_capacity.gridness", "Without the capacity loss: grids as good as the full model's", ABLATIONS,
        "no_capacity", "gridness for the kind of the module, mean over the units of modules", AT_LEAST, -0.1,
        "not lower, with room for equal means: perfect lattices have 1.2 to 1.4, a lattice begins at 0.3",
        of.module_gridness, against="full", control="untrained",
    ),
    no_information("no_permutation", "no_tuning", "Without permutations: no spatial tuning"),
    no_grids("no_permutation", "Without permutations: no grids", ABLATIONS),
    no_grids("no_path_invariance", "Without path invariance: no grids", ABLATIONS),
    no_modules("no_path_invariance", "Without path invariance: no modules", ABLATIONS),
    no_information("no_separation", "constant_state", "Without separation: units are dead or constant"),
    no_grids("no_separation", "Without separation: no grids", ABLATIONS),
    Claim(
        "small_sigma_g.one_field", "Small sigma_g: units have one field, like place cells", ABLATIONS, "small_sigma_g",
        "number of firing fields, mean over the live units that have any", AT_MOST, 1.5,
        "nearer to one field than to two",
        of.fields_per_unit,
    ),
    no_grids("small_sigma_g", "Small sigma_g: fields are not periodic", ABLATIONS),
    Claim(
        "no_conformal_isometry.several_modules", "Without conformal isometry: still several modules", ABLATIONS,
        "no_conformal_isometry", "share of seeds with two or more modules", AT_LEAST, 0.5, MOST_SEEDS,
        of.modules_between(2), indicator=True, control="untrained",
    ),
    Claim(
        "no_conformal_isometry.sheared", "Without conformal isometry: sheared lattices", ABLATIONS,
        "no_conformal_isometry", "median ellipticity of the units of a lattice class, sheared ones included", AT_LEAST,
        0.0, "any larger ellipticity than that of the full model", of.lattice_ellipticity, against="full",
    ),
    no_grids("untrained", "Before training: no grids", NEW),
    no_modules("untrained", "Before training: no modules", NEW),
    Claim(
        "untrained.no_torus", "Before training: no torus", NEW, "untrained",
        "share of seeds whose tuned units were tested and whose states are no torus", AT_LEAST, 0.5, MOST_SEEDS,
        of.is_no_torus,
        indicator=True,
    ),
]  # fmt: skip


def controls(test: str, words: str) -> Claim:
    """That a test of one torus tells populations of known truth apart."""
    return Claim(
        f"full.one_torus.{test}_controls", f"Control: {words} tells one lattice from two", NEW, "full",
        "share of seeds in which it calls the synthetic lattice one, and the two lattices and the two copies two",
        AT_LEAST, 0.5, MOST_SEEDS, of_torus.controls_told(test), indicator=True,
    )  # fmt: skip


IMPLIED = f"implied by {PAPER}: discrete modules"
ONE_TORUS = [
    Claim(
        "full.one_torus.misfit", "The fine module's waves lie on the coarse module's reciprocal lattice", NEW, "full",
        "distance of the fine waves from the nearest points of that lattice, root mean square, over the first |k|",
        AT_MOST, 0.05, "two waves that lie anywhere come this near in 8 cases of 100,000 ((pi 0.05^2 / 0.87)^2)",
        of_torus.lattice_misfit,
    ),
    Claim(
        "full.one_torus.harmonics", "The fine module's maps are harmonics of the coarse lattice", NEW, "full",
        "share of a map's variance on the coarse module's reciprocal lattice, mean over the fine module's units",
        AT_LEAST, 0.5, "more on the lattice than off it; independent modules have none there", of_torus.on_lattice,
    ),
    Claim(
        "full.one_torus.all_units", "Hardly a unit, of whatever module, is off that lattice", NEW, "full",
        "share of the live units with less than half of their variance on it", AT_MOST, 0.05, "one unit in twenty",
        of_torus.units_off_lattice,
    ),
    Claim(
        "full.one_torus.two_groups", "Units fall into two groups by the shells they are made of", IMPLIED, "full",
        "share of seeds whose units' shares on the first shell are parted more cleanly than uniform ones (p <= 0.05)",
        AT_LEAST, 0.5, MOST_SEEDS, of_torus.unit_groups, indicator=True,
    ),
    Claim(
        "full.one_torus.phases", "Phases of fine units follow from those on the coarse lattice", NEW,
        "full", "mean cosine of the error of the foretold phases", AT_LEAST, 0.5,
        "an error of 60 degrees; units of independent modules are right by 0", of_torus.phase_lock,
    ),
    Claim(
        "full.one_torus.drift", "The modules drift together to the end of the long walks", NEW, "full",
        "1 less the mean square difference of the two displacements, over that of displacements of different walks",
        AT_LEAST, 0.5, "more of the drift shared than not; independent modules share 0", of_torus.drift_lock,
    ),
    Claim(
        "full.one_torus.kick", "A module that is put elsewhere and the other one settle on one place", NEW, "full",
        "how far the modules are apart in each kick, 100 to 150 steps after it, over its length", AT_MOST, 0.5,
        "nearer to 0, which one torus gives, than to 1, which independent modules give", of_torus.kick_gap,
    ),
    Claim(
        "full.one_torus.two_directions", "The code keeps two directions, as one map of the plane does", NEW, "full",
        "what a trajectory of training leaves of a small displacement of the state along the second direction",
        AT_LEAST, 0.5, "nearer to 1, all of it, than to 0", of_torus.kept(2),
    ),
    Claim(
        "full.one_torus.no_third", "The code keeps no third direction, as two maps would", NEW, "full",
        "the same, along the third direction", AT_MOST, 0.5, "nearer to 0, nothing of it, than to 1",
        of_torus.kept(3),
    ),
    Claim(
        "full.one_torus.modules_no_third", "A third direction is not carried by units of modules", NEW, "full",
        "what a trajectory leaves along the third direction, times the share of it that units of modules carry",
        AT_MOST, 0.5, "nearer to 0, nothing of it, than to 1", of_torus.kept_by_modules(3),
    ),
    Claim(
        "full.one_torus.copies_keep", "Control: two copies of a network keep a fourth direction", NEW, "full",
        "the same, along the fourth direction of two copies on different walks", AT_LEAST, 0.5,
        "nearer to 1, all of it, than to 0", of_torus.kept(4, "exponent_two_copies"),
    ),
    Claim(
        "full.one_torus.map_states", "The states of both modules at the places of the maps are a torus", NEW, "full",
        "share of seeds in which two loops and one cavity last twice as long as the next", AT_LEAST, 0.5, MOST_SEEDS,
        of_torus.map_torus, indicator=True,
    ),
    Claim(
        "full.one_torus.topology", "The states of both modules on the long walks are a torus", NEW, "full",
        "share of seeds in which two loops and one cavity last twice as long as the next", AT_LEAST, 0.5, MOST_SEEDS,
        of_torus.joint_torus, indicator=True,
    ),
    Claim(
        "full.one_torus.range", "The code reaches as far as with its fine module turned, or nearly",
        f"implied by {PAPER}: high capacity", "full",
        "effective range of the code over its median range with the fine module turned", AT_LEAST, 0.9,
        "a tenth for the width of the bins of distance", of_torus.range_against_independent,
    ),
    Claim(
        "full.one_torus.confusion", "With the fine module turned fewer far places look alike", NEW,
        "full", "share of the far pairs of places that look alike with the fine module turned, median over turns, "
        "over the network's own", AT_MOST, 0.5, "half as many", of_torus.confusion_of_independent,
    ),
    controls("harmonics", "the test by harmonics"),
    controls("phases", "the test by phases"),
    controls("drift", "the test by drift"),
    controls("topology", "the test by topology"),
]  # fmt: skip

CLAIMS = [*MODULES, *ONE_TORUS, *GENERALISATION, *GEOMETRY, *CONDITIONS]

# Tested where a study names `recordings` alone.
BESIDE_CELLS = [
    Claim(
        "full.like_cells", "By these measures the networks' units cannot be told from recorded grid cells", NEW, "full",
        "balanced accuracy of a classifier on held-out cells and units, less what 95 % of random labellings stay below",
        AT_MOST, 0.0, "a classifier that knows nothing stays below in 95 of 100 labellings", of.told_from_cells,
    ),
]  # fmt: skip
