# Steps in a unit's range, at least. Maps that are rounded to so few take a third of the disk.
STEPS_OF_RELEASED_MAPS = 128


rule map_rates:
    input:
        weights=NETWORK["weights"],
        arena=rules.write_arena.output,
        walks=rules.sample_walks.output,
    output:
        "results/ratemaps/{condition}/seed{seed}/{arena}.nc",
    log:
        "logs/ratemaps/{condition}/seed{seed}/{arena}.log",
    wildcard_constraints:
        condition=any_of(name for name in STUDY.models if name not in TAKEN_AS_MAPS),
    priority: shown_first(2, for_figure_2=True)
    threads: 1
    params:
        code=code_of("sslgrid.commands.map_rates"),
        steps=lambda wildcards: STEPS_OF_RELEASED_MAPS if wildcards.condition in STUDY.released_as_maps else 0,
    shell:
        "python -m sslgrid.commands.map_rates --weights {input.weights} --arena {input.arena} --walks {input.walks} "
        "--ratemaps {output} --steps {params.steps} --threads {threads} 2>&1 | tee {log}"


rule measure_tuning:
    input:
        ratemaps=rules.map_rates.output,
    output:
        "results/tuning/{condition}/seed{seed}/{arena}.nc",
    log:
        "logs/tuning/{condition}/seed{seed}/{arena}.log",
    priority: shown_first(1, for_figure_2=True)
    params:
        code=code_of("sslgrid.commands.measure_tuning"),
        # Localisers get p-values of their band and border scores, too, which their paper reports.
        test=lambda wildcards: ["band", "border"] if wildcards.condition in STUDY.localisers else [],
        draws=STUDY.measures["tuning_draws"],
    shell:
        "python -m sslgrid.commands.measure_tuning --ratemaps {input.ratemaps} --tuning {output} --test {params.test} "
        "--draws {params.draws} 2>&1 | tee {log}"


rule measure_modules:
    input:
        tuning=rules.measure_tuning.output,
    output:
        "results/modules/{condition}/seed{seed}/{arena}.nc",
    log:
        "logs/modules/{condition}/seed{seed}/{arena}.log",
    priority: shown_first(0, for_figure_2=True)
    params:
        code=code_of("sslgrid.commands.measure_modules"),
    shell:
        "python -m sslgrid.commands.measure_modules --tuning {input.tuning} --modules {output} 2>&1 | tee {log}"
