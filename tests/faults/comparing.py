"""Which files of a run are not those of another."""

from pathlib import Path

from checkouts import Pipeline


def results(pipeline: Pipeline) -> dict[str, bytes]:
    """What is finished in `results/`: all but what a stage was writing when it was killed."""
    return {name: content for name, content in pipeline.files("results/**/*").items() if "/.partial-" not in name}


def wrong_files(pipeline: Pipeline, reference: Pipeline) -> list[str]:
    """Finished files that are not, to the byte, the reference's; but for training.nc, which has a clock in it."""
    expected = results(reference)
    return [
        name
        for name, content in results(pipeline).items()
        if Path(name).name != "training.nc" and content != expected.get(name)
    ]


def lost_files(pipeline: Pipeline, reference: Pipeline) -> list[str]:
    """Of a run that should have everything again: what is wrong, and what is missing."""
    return wrong_files(pipeline, reference) + sorted(results(reference).keys() - results(pipeline).keys())
