"""What many trainings cost, in words."""

import pandas as pd


def summarise(table: pd.DataFrame, places: int, place: str = "core") -> str:
    """One line: how many networks, hours and, on so many cores or GPUs, minutes. A network trains on one of them."""
    networks, hours = table["networks"].sum(), table["hours"].sum()
    minutes = 60 * hours / max(1, min(places, networks))
    total = f"{networks} networks to train, {hours:.2f} {place}-hours, about {minutes:.1f} minutes on {places} {place}s"
    if "gigabytes" not in table:
        return total
    rates = ", ".join(f"{1000 / milliseconds:.3g}" for milliseconds in table["milliseconds_per_step"])
    return f"{total}: {table['steps'].sum():,} steps at {rates} steps/s; {table['gigabytes'].sum():.2g} GB on disk"
