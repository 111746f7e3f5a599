# The measures on units of known truth: with the bins of the maps that the figures show, so these tell of those.
rule calibrate_measures:
    input:
        arena=collect(rules.write_arena.output, arena=SHOWN["arena"]),
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


# Modules in networks that have none: of the shown condition, trained for 50 steps here, a second each.
rule calibrate_modules:
    input:
        model=collect(rules.write_condition.output, condition=MAIN),
        arena=collect(rules.write_arena.output, arena=SHOWN["arena"]),
        walks=collect(rules.sample_walks.output, arena=SHOWN["arena"]),
    output:
        "results/calibration/modules.nc",
    log:
        "logs/calibration/modules.log",
    threads: 1
    params:
        code=code_of("sslgrid.commands.calibrate_modules"),
        networks=STUDY.measures["calibration_networks"],
        draws=STUDY.measures["tuning_draws"],
    shell:
        "python -m sslgrid.commands.calibrate_modules --model {input.model} --arena {input.arena} "
        "--walks {input.walks} --measures {output} --networks {params.networks} --draws {params.draws} "
        "--threads {threads} 2>&1 | tee {log}"


figure(
    "calibration",
    category="Measures",
    title="calibration",
    inputs={
        "measures": rules.calibrate_measures.output,
        "modules": rules.calibrate_modules.output,
        "tuning": of_networks(rules.measure_tuning.output, MAIN_NETWORKS, arena=SHOWN["arena"]),
    },
)


# The tests of recorded cells on recordings of known truth: asked for by name, as no figure of networks needs it.
rule calibrate_recordings:
    output:
        "results/calibration/recordings.nc",
    log:
        "logs/calibration/recordings.log",
    params:
        code=code_of("sslgrid.commands.calibrate_recordings"),
        repeats=STUDY.measures["calibration_recordings"],
        draws=STUDY.measures["tuning_draws"],
    shell:
        "python -m sslgrid.commands.calibrate_recordings --measures {output} --repeats {params.repeats} "
        "--draws {params.draws} 2>&1 | tee {log}"


figure(
    "calibration_recordings",
    category="Measures",
    title="calibration of recordings",
    inputs={"measures": rules.calibrate_recordings.output},
)
