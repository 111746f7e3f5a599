# What the code is good for: decoding along the long walks, and how far it reaches over the plane.
rule measure_coding:
    input:
        weights=NETWORK["weights"],
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
        "--modules {input.modules} --plane {input.plane} --arena {input.arena} --walks {input.walks} "
        "--coding {output} --threads {threads} 2>&1 | tee {log}"


figure(
    "coding",
    category="Beyond the paper",
    title="what the code is good for",
    inputs={
        "coding": of_networks(rules.measure_coding.output, SHOWN_NETWORKS),
        "modules": of_networks(rules.measure_modules.output, SHOWN_NETWORKS, arena=SHOWN["arena"]),
    },
    folder=SHOWN_FOLDER,
)
