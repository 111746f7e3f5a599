# One small file per condition, arena and sweep, so that editing one reruns what depends on that one alone.
rule write_condition:
    output:
        "results/config/{condition}.json",
    log:
        "logs/config/{condition}.log",
    priority: AT_ONCE
    localrule: True
    params:
        text=lambda wildcards: as_json(STUDY.models[wildcards.condition]),
    shell:
        "{{ printf '%s\n' {params.text:q} > {output}; }} 2>&1 | tee {log}"


# What figures and tables call the conditions: a file of its own, so that a label changes no network.
rule write_looks:
    output:
        "results/config/looks.json",
    log:
        "logs/config/looks.log",
    priority: AT_ONCE
    localrule: True
    params:
        text=as_json(STUDY.looks),
    shell:
        "{{ printf '%s\n' {params.text:q} > {output}; }} 2>&1 | tee {log}"


rule write_arena:
    output:
        "results/config/arenas/{arena}.json",
    log:
        "logs/config/arenas/{arena}.log",
    priority: AT_ONCE
    localrule: True
    params:
        text=lambda wildcards: as_json(STUDY.arenas[wildcards.arena]),
    shell:
        "{{ printf '%s\n' {params.text:q} > {output}; }} 2>&1 | tee {log}"


rule write_sweep:
    output:
        "results/config/sweeps/{sweep}.json",
    log:
        "logs/config/sweeps/{sweep}.log",
    priority: AT_ONCE
    localrule: True
    params:
        text=lambda wildcards: json.dumps(SWEEPS[wildcards.sweep].described(STUDY.models)),
    shell:
        "{{ printf '%s\n' {params.text:q} > {output}; }} 2>&1 | tee {log}"
