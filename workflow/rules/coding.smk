# What the code is good for: decoding along the long walks, and how far it reaches over the plane.
rule measure_coding:
    input:
        weights=rules.train_network.output.weights,
        ratemaps=in_arena(rules.map_rates.output, SHOWN["arena"]),
        modules=in_arena(rules.measure_modules.output, SHOWN["arena"]),
        plane=in_arena(rules.map_rates.output, SHOWN["plane"]),
        arena=expand(rules.write_arena.output, arena=SHOWN["long_walks"]),
        walks=expand(rules.sample_walks.output, arena=SHOWN["long_walks"]),
    output:
        "results/coding/{condition}/seed{seed}.nc",
    log:
        "logs/coding/{condition}/seed{seed}.log",
    priority: shown_first(1)
    threads: 1
    params:
        code=code_of("sslgrid.commands.measure_coding"),
    shell:
        "python -m sslgrid.commands.measure_coding --weights {input.weights} --ratemaps {input.ratemaps} "
        "--modules {input.modules} --plane {input.plane} --arena {input.arena} --walks {input.walks} --coding {output} --threads {threads} "
        "2>&1 | tee {log}"


rule coding:
    input:
        coding=collect(rules.measure_coding.output, condition=SHOWN["condition"], seed=SEEDS),
        modules=collect(rules.measure_modules.output, condition=SHOWN["condition"], arena=SHOWN["arena"], seed=SEEDS),
    output:
        pdf="results/figures/coding.pdf",
        svg="results/figures/coding.svg",
        png=report(
            "results/figures/coding.png",
            category="Beyond the paper",
            labels={"figure": "what the code is good for"},
            caption="../report/coding.rst",
        ),
    log:
        "logs/figures/coding.log",
    priority: AT_ONCE
    params:
        code=code_of("sslgrid.figures.coding"),
        seeds=SEEDS,
    shell:
        "python -m sslgrid.figures.coding --coding {input.coding} --modules {input.modules} --seeds {params.seeds} "
        "--figure {output.png} 2>&1 | tee {log}"
