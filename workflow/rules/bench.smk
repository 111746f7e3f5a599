# The speed of a gradient step. Run it alone (make bench): what else the machine does would be measured too.
rule measure_engine:
    input:
        model=collect(rules.write_condition.output, condition=MAIN),
    output:
        "results/benchmarks/engine.csv",
    log:
        "logs/benchmarks/engine.log",
    threads: all_cores()
    resources:
        gpu=gpus_for_training(),
    params:
        code=code_of("sslgrid.commands.benchmark"),
    shell:
        "python -m sslgrid.commands.benchmark --model {input.model} --table {output} 2>&1 | tee {log}"


figure(
    "engine",
    category="Benchmarks",
    title="time of a gradient step",
    inputs={"table": rules.measure_engine.output},
    folder="results/benchmarks",
)


rule measure_localiser_engine:
    input:
        model=collect(rules.write_condition.output, condition=STUDY.cueva_wei["tracked"]) or NO_LOCALISER,
    output:
        "results/benchmarks/localiser.csv",
    log:
        "logs/benchmarks/localiser.log",
    threads: all_cores()
    resources:
        gpu=gpus_for_training(),
    params:
        code=code_of("sslgrid.commands.benchmark_localiser"),
    shell:
        "python -m sslgrid.commands.benchmark_localiser --model {input.model} --table {output} 2>&1 | tee {log}"
