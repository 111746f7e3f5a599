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
            "variance": ("1", "variance of the map; 0 of a unit that is not live"),
            "beyond_plane": ("1", "share of the map's variance that no plane explains"),
            "beyond_second": ("1", "share of the map's variance beyond the plane and the arena's second wavelength"),
            "frequency": ("m-1", "mean spatial frequency of the map, periods per m"),
            "order": ("1", "mean order of the map: half periods along the side of the square of the same area"),
            "amplitude": ("1", "half of the distance between the highest and the lowest rate of the map"),
            "fields": ("1", "fields of the map less its plane, up or down, whichever are more"),
            "wall_anisotropy": ("1", "1 if its waves run across from the walls, -1 if between those directions"),
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
            "mixture_wall_anisotropy": ("1", "mean wall anisotropy of the mixtures"),
        },
    },
    {
        "unit": ("1", "number of the unit"),
        "shell": ("1", "order: half periods along the side of the square of the same area"),
        "mixture": ("1", "number of the draw"),
    },
)
read_spectra = SPECTRA.read
