# One small file per condition, arena and sweep, so that editing one reruns what depends on that one alone.
localrules:
    write_condition,
    write_arena,
    write_sweep,


rule write_condition:
    output:
        "results/config/{condition}.json",
    log:
        "logs/config/{condition}.log",
    priority: AT_ONCE
    params:
        text=condition_json,
    shell:
        "{{ printf '%s\n' {params.text:q} > {output}; }} 2>&1 | tee {log}"


rule write_arena:
    output:
        "results/config/arenas/{arena}.json",
    log:
        "logs/config/arenas/{arena}.log",
    priority: AT_ONCE
    params:
        text=arena_json,
    shell:
        "{{ printf '%s\n' {params.text:q} > {output}; }} 2>&1 | tee {log}"


rule write_sweep:
    output:
        "results/config/sweeps/{sweep}.json",
    log:
        "logs/config/sweeps/{sweep}.log",
    params:
        text=sweep_json,
    shell:
        "{{ printf '%s\n' {params.text:q} > {output}; }} 2>&1 | tee {log}"
