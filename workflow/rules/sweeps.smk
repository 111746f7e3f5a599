# Networks besides the conditions: other answers to what the paper leaves open, and the phase diagram. They are trained,
# walked and scored by the same rules as all others.
rule estimate_cost:
    output:
        "results/{sweep}/cost.csv",
    log:
        "logs/{sweep}/cost.log",
    # It waits for no file and takes all cores before anything else gets one: the cost is told before it is paid.
    priority: 1000
    threads: all_cores()
    params:
        code=code_of("sslgrid.commands.estimate_cost"),
        sizes=sizes_json,
    shell:
        "printf '%s' {params.sizes:q} | python -m sslgrid.commands.estimate_cost --sizes /dev/stdin "
        "--cores {threads} --table {output} 2>&1 | tee {log}"


MEASURED = (rules.train_network.output.history, rules.measure_tuning.output, rules.measure_modules.output)

for name, sweep in SWEEPS.items():
    there = finished(sweep, *MEASURED)

    rule:
        name:
            f"compare_{name}"
        input:
            sweep=file_of_sweep(name),
            cost=f"results/{name}/cost.csv",
            models=of_sweep(rules.write_condition.output, sweep),
            histories=of_sweep(rules.train_network.output.history, sweep),
            tuning=of_sweep(rules.measure_tuning.output, sweep),
            modules=of_sweep(rules.measure_modules.output, sweep),
        output:
            f"results/{name}/networks.csv",
        log:
            f"logs/{name}/networks.log",
        params:
            code=code_of("sslgrid.commands.compare_networks"),
        shell:
            "python -m sslgrid.commands.compare_networks --models {input.models} --histories {input.histories} "
            "--tuning {input.tuning} --modules {input.modules} --table {output} 2>&1 | tee {log}"

    rule:
        name:
            name
        input:
            sweep=file_of_sweep(name),
            table=f"results/{name}/networks.csv",
        output:
            pdf=f"results/figures/{name}.pdf",
            svg=f"results/figures/{name}.svg",
            png=report(
                f"results/figures/{name}.png",
                category="Sweeps",
                labels={"figure": name.replace("_", " ")},
                caption=f"../report/{name}.rst",
            ),
        log:
            f"logs/figures/{name}.log",
        params:
            code=code_of(f"sslgrid.figures.{name}"),
            module=f"sslgrid.figures.{name}",
        shell:
            "python -m {params.module} --sweep {input.sweep} --table {input.table} --figure {output.png} "
            "2>&1 | tee {log}"

    # What is on disk now. Without outputs it always runs; the networks are no inputs, or snakemake would train them.
    rule:
        name:
            f"{name}_so_far"
        input:
            sweep=file_of_sweep(name),
            models=of_sweep(rules.write_condition.output, sweep),
        log:
            f"logs/figures/{name}_so_far.log",
        params:
            histories=of_networks(rules.train_network.output.history, there),
            tuning=of_networks(rules.measure_tuning.output, there, arena=sweep.arena),
            modules=of_networks(rules.measure_modules.output, there, arena=sweep.arena),
            module=f"sslgrid.figures.{name}",
            table=f"results/{name}/networks_so_far.csv",
            figure=f"results/figures/{name}_so_far.png",
        shell:
            "(python -m sslgrid.commands.compare_networks --models {input.models} "
            "--histories {params.histories} --tuning {params.tuning} --modules {params.modules} "
            "--table {params.table} && python -m {params.module} --sweep {input.sweep} --table {params.table} --figure {params.figure}) "
            "2>&1 | tee {log}"
