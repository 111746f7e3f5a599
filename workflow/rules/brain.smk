# Recorded cells beside the networks' units under the same noise: only in a study that names `recordings`.
RECORDINGS = [named(path) for path in STUDY.recordings]
BESIDE_CELLS = SHOWN_NETWORKS if RECORDINGS else {}
NO_RECORDINGS = refuse("this study has no recordings; list files under `recordings:` (docs/real-cells.md)")


rule measure_brain:
    input:
        recordings=RECORDINGS or NO_RECORDINGS,
        ratemaps=in_arena(rules.map_rates.output, SHOWN["plane"]),
        tuning=in_arena(rules.measure_tuning.output, SHOWN["arena"]),
    output:
        "results/brain/{condition}/seed{seed}.nc",
    log:
        "logs/brain/{condition}/seed{seed}.log",
    priority: shown_first(1)
    params:
        code=code_of("sslgrid.commands.measure_brain"),
        units=STUDY.recordings_units,
        draws=STUDY.measures["tuning_draws"],
    shell:
        "python -m sslgrid.commands.measure_brain --recordings {input.recordings:q} --units {params.units} "
        "--ratemaps {input.ratemaps} --tuning {input.tuning} --brain {output} --draws {params.draws} "
        "2>&1 | tee {log}"


figure(
    "brain",
    category="Beyond the paper",
    title="recorded cells beside networks",
    inputs={"brain": of_networks(rules.measure_brain.output, BESIDE_CELLS) or NO_RECORDINGS},
    folder=SHOWN_FOLDER,
)
