"""results/calibration/modules.nc"""

from sslgrid.datasets.schema import Schema

MODULE_CALIBRATION = Schema(
    "module_calibration",
    "Modules found in networks that were hardly trained, which have none",
    "calibration/modules.nc",
    {
        "network": {
            "founders": ("1", "units with p <= 0.05, uncorrected: those that can found a module"),
            "significant": ("1", "units whose gridness is significant"),
            "modules": ("1", "modules"),
            "tentative_modules": ("1", "modules without a significant unit, which count nowhere"),
            "tentative_units": ("1", "units in tentative modules"),
        },
        "": {"steps": ("1", "gradient steps that each network was trained for")},
    },
    {"network": ("1", "seed of the network")},
)
read_module_calibration = MODULE_CALIBRATION.read
