# The measures on units of known truth: with the bins of the maps that the figures show, so these tell of those.
SHOWN_ARENA = STUDY.figures["arena"]


rule calibrate_measures:
    input:
        arena=f"results/config/arenas/{SHOWN_ARENA}.json",
    output:
        "results/calibration/measures.nc",
    log:
        "logs/calibration/measures.log",
    priority: SHOWN_FIRST
    params:
        code=code_of("sslgrid.commands.calibrate"),
        units=STUDY.measures["calibration_units"],
        draws=STUDY.measures["tuning_draws"],
    shell:
        "python -m sslgrid.commands.calibrate --arena {input.arena} --measures {output} --units {params.units} "
        "--draws {params.draws} 2>&1 | tee {log}"


rule calibration:
    input:
        measures=rules.calibrate_measures.output,
        tuning=collect(
            rules.measure_tuning.output,
            condition=STUDY.figures["condition"],
            seed=SEEDS,
            arena=SHOWN_ARENA,
        ),
    output:
        pdf="results/figures/calibration.pdf",
        svg="results/figures/calibration.svg",
        png=report(
            "results/figures/calibration.png",
            category="Measures",
            labels={"figure": "calibration"},
            caption="../report/calibration.rst",
        ),
    log:
        "logs/figures/calibration.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.calibration"),
    shell:
        "python -m sslgrid.figures.calibration --measures {input.measures} --tuning {input.tuning} "
        "--figure {output.png} 2>&1 | tee {log}"
