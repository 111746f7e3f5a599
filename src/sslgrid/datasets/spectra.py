"""results/spectra/<condition>/seed<k>.nc"""

from sslgrid.datasets.schema import Schema, flags

SPECTRA = Schema(
    "spectra",
    "What the maps of one localiser are made of, beside random mixtures of the same waves",
    "spectra/<condition>/seed<k>.nc",
    {
        "unit": {
            "live": ("1", "1 if the unit responds"),
            "judged": (
                "1",
                "1 if its map is stable, more than a slope, and says more of the place than of the heading",
            ),
            "variance_beyond": ("1", "variance of the map less its plane; 0 of a unit that is not live"),
            "beyond_plane": ("1", "share of the map's variance that no plane explains"),
            "beyond_second": ("1", "share of that rest beyond the second wavelength of the arena"),
            "frequency": ("m-1", "mean spatial frequency of that rest, periods per m"),
            "amplitude": ("1", "half of the distance between the highest and the lowest rate of the map"),
            "fields": ("1", "fields of the map less its plane, up or down, whichever are more"),
            "wall_anisotropy": ("1", "1 if its waves run across from the walls, -1 if diagonally; NaN if not a square"),
            "modes_used": ("1", "effective number of the square's cosine modes in the map; NaN if not a square"),
            "gridness60": ("1", "hexagonal gridness of the map less its plane"),
            "gridness90": ("1", "square gridness of the map less its plane"),
            "lattice": (
                "1",
                "lattice by the field's usual criterion, of judged units",
                flags("none", "hexagonal", "square"),
            ),
        },
        "shell": {"shell_share": ("1", "share of the variance beyond planes, of all live units, in whole orders")},
        "mixture": {
            "mixture_lattices": ("1", "number of lattices among random mixtures, one for each judged unit"),
            "mixture_fields": ("1", "mean number of fields of the mixtures"),
            "mixture_modes_used": ("1", "mean effective number of modes of the mixtures; NaN if not a square"),
            "mixture_wall_anisotropy": ("1", "mean wall anisotropy of the mixtures; NaN if not a square"),
        },
    },
    {
        "unit": ("1", "number of the unit"),
        "shell": ("1", "order: half periods along the side of the square of the same area"),
        "mixture": ("1", "number of the draw"),
    },
)
read_spectra = SPECTRA.read
