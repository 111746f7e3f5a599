# Networks besides the conditions: other answers to what the paper leaves open, and the phase diagram. They are trained,
# walked and scored by the same rules as all others.
rule estimate_cost:
    output:
        "results/{sweep}/cost.csv",
    log:
        "logs/{sweep}/cost.log",
    # It waits for no file and takes all cores before anything else gets one: the cost is told before it is paid.
    priority: COST_FIRST
    threads: all_cores()
    params:
        code=code_of("sslgrid.commands.estimate_cost"),
        sizes=lambda wildcards: as_json(SWEEPS[wildcards.sweep].sizes(STUDY.models)),
    shell:
        "printf '%s' {params.sizes:q} | python -m sslgrid.commands.estimate_cost --sizes /dev/stdin "
        "--cores {threads} --table {output} 2>&1 | tee {log}"


for _name, _sweep in SWEEPS.items():
    _there = on_disk(_sweep)

    rule:
        name:
            f"compare_{_name}"
        input:
            sweep=points_of(_name),
            cost=f"results/{_name}/cost.csv",
            models=of_sweep(rules.write_condition.output, _sweep),
            histories=of_sweep(NETWORK["history"], _sweep),
            tuning=of_sweep(rules.measure_tuning.output, _sweep),
            modules=of_sweep(rules.measure_modules.output, _sweep),
        output:
            f"results/{_name}/networks.csv",
        log:
            f"logs/{_name}/networks.log",
        localrule: True
        params:
            code=code_of("sslgrid.commands.compare_networks"),
        shell:
            "python -m sslgrid.commands.compare_networks --models {input.models} --histories {input.histories} "
            "--tuning {input.tuning} --modules {input.modules} --table {output} 2>&1 | tee {log}"

    figure(
        _name,
        category="Sweeps",
        title=_name.replace("_", " "),
        inputs={"sweep": points_of(_name), "table": f"results/{_name}/networks.csv"},
    )

    # What is on disk now. Without outputs it always runs; the networks are no inputs, or snakemake would train them.
    rule:
        name:
            f"{_name}_so_far"
        input:
            sweep=points_of(_name),
            models=of_sweep(rules.write_condition.output, _sweep),
        log:
            f"logs/figures/{_name}_so_far.log",
        localrule: True
        params:
            histories=of_networks(NETWORK["history"], _there),
            tuning=of_networks(rules.measure_tuning.output, _there, arena=_sweep.arena),
            modules=of_networks(rules.measure_modules.output, _there, arena=_sweep.arena),
            module=f"sslgrid.figures.{_name}",
            table=f"results/{_name}/networks_so_far.csv",
            figure=f"results/figures/{_name}_so_far.png",
        shell:
            "(python -m sslgrid.commands.compare_networks --models {input.models} "
            "--histories {params.histories} --tuning {params.tuning} --modules {params.modules} "
            "--table {params.table} && python -m {params.module} --sweep {input.sweep} --table {params.table} "
            "--figure {params.figure}) 2>&1 | tee {log}"


del _name, _sweep, _there
