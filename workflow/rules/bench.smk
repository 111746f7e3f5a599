# The speed of a gradient step. Run it alone (make bench): what else the machine does would be measured too.
rule measure_engine:
    input:
        model=f"results/config/{STUDY.figures['condition']}.json",
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


rule engine_figure:
    input:
        table=rules.measure_engine.output,
    output:
        pdf="results/benchmarks/engine.pdf",
        svg="results/benchmarks/engine.svg",
        png=report(
            "results/benchmarks/engine.png",
            category="Benchmarks",
            labels={"figure": "time of a gradient step"},
            caption="../report/engine.rst",
        ),
    log:
        "logs/benchmarks/engine_figure.log",
    params:
        code=code_of("sslgrid.figures.engine"),
    shell:
        "python -m sslgrid.figures.engine --table {input.table} --figure {output.png} 2>&1 | tee {log}"


rule measure_localiser_engine:
    input:
        model=f"results/config/{STUDY.cueva_wei['tracked']}.json",
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
