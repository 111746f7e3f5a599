"""Release and review of the tiny study by the real pipeline: a reviewer rebuilds what was released, to the byte."""

import shutil

from checkouts import Pipeline

STAGES = ("trajectories", "ratemaps", "tuning", "modules", "geometry", "generalisation", "coding", "calibration")


# One more condition, of which the rate maps are released.
AS_MAPS = "released_as_maps: [no_separation]\nconditions: {no_separation: {losses: {separation: 0.0}, seeds: [0]}}\n"


def test_a_review_without_training_finds_what_was_released(checkout, tmp_path):
    study = tmp_path / "as_maps.yaml"
    study.write_text(AS_MAPS)
    done = checkout.snakemake("release", "figures", "--configfile", str(study))
    assert done.returncode == 0, done.stdout
    reviewer = Pipeline.from_repository(tmp_path / "reviewer")
    shutil.rmtree(reviewer.folder / "released", ignore_errors=True)  # the repository's own
    shutil.copytree(checkout.folder / "released", reviewer.folder / "released")
    released = f"released={reviewer.folder}/released"
    review = "--directory", "review", "--configfile", str(study), "--config", released, "--", "review"
    done = reviewer.snakemake(*review)
    assert done.returncode == 0, done.stdout
    assert "numbers and words are identical." in done.stdout and "review: All" in done.stdout
    assert "training from step" not in done.stdout
    page = (reviewer.folder / "review/results/review.md").read_text()
    assert "Rebuilt without training from 4 released networks and rate maps of 1 more" in page
    assert (reviewer.folder / "review/results/figures/fig2.png").exists()
    assert not (reviewer.folder / "results/networks").exists(), "the reviewer's own results are left alone"
    rebuilt = Pipeline(reviewer.folder / "review")
    for pattern in (*(f"results/{stage}/**/*.nc" for stage in STAGES), "results/figures/*", "results/claims.*"):
        made = rebuilt.files(pattern)
        assert made and made.items() <= checkout.files(pattern).items(), pattern

    weights = reviewer.folder / "released/full/seed1/weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-5] ^= 4
    weights.write_bytes(content)
    shutil.rmtree(reviewer.folder / "review")
    done = reviewer.snakemake(*review)
    assert done.returncode != 0
    assert "full/seed1/weights.safetensors is not what was released" in done.stdout
