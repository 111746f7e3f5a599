# sslgrid: grid cells from nothing but code and a config file.
#
#   snakemake                     every figure (the default target)
#   snakemake fig2                one figure
#   snakemake -n                  what would be done
#   snakemake all                 every figure, and the tuning of every unit in every arena
#   snakemake recipes             when each condition has modules, and which
#   snakemake cw_figures          the networks of Cueva & Wei (2018)
#   snakemake ambiguities         what comes of other answers to what the paper leaves open
#   snakemake phase_diagram       what comes of other capacity weights and sigma_g
#   snakemake phase_diagram_so_far, ambiguities_so_far: of those, the networks that are there; trains none
#   snakemake paper, paper_fast   all this at the paper's own size, in a folder of that name: for a GPU
#   snakemake bench               time and memory of a gradient step, as a table and a plot
#   snakemake release, review     networks for others, and the results rebuilt from them: workflow/rules/review.smk
#
# Results go to results/<stage>/<condition>/seed<k>/<arena>.nc; results/README.md explains each file.
import os

import yaml
from snakemake.utils import min_version

min_version("9.19")

STUDY_FILE = os.path.join(workflow.basedir, "config.yaml")
try:  # snakemake would not say which file, nor where in it
    with open(STUDY_FILE) as file:
        yaml.safe_load(file)
except yaml.YAMLError as error:
    raise WorkflowError(f"{STUDY_FILE} is not YAML: {' '.join(str(error).split())}") from None


configfile: STUDY_FILE


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"


# Only looked at under --software-deployment-method apptainer: the image that the Dockerfile describes.
container: os.path.relpath(os.path.join(workflow.basedir, "sslgrid.sif"))


include: "workflow/rules/configs.smk"
include: "workflow/rules/walks.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/tuning.smk"
include: "workflow/rules/emergence.smk"
include: "workflow/rules/generalisation.smk"
include: "workflow/rules/geometry.smk"
include: "workflow/rules/coding.smk"
include: "workflow/rules/calibration.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/sweeps.smk"
include: "workflow/rules/cueva_wei.smk"
include: "workflow/rules/bench.smk"


OF_TRAINED = [
    *rules.fig1.output,
    *rules.fig2.output,
    *rules.fig3_generalisation.output,
    *rules.fig4_module.output,
    *rules.fig5_ablations.output,
    *rules.coding.output,
    *rules.claims.output,
    *rules.calibration.output,
    *rules.training_curves.output,
    *collect("results/figures/supp_ratemaps_{condition}.png", condition=STUDY.conditions),
]


include: "workflow/rules/review.smk"
include: "workflow/rules/provenance.smk"


rule figures:
    default_target: True
    input:
        OF_TRAINED,
        rules.compare_conditions.output,
        rules.emergence.output,
        rules.emergence_animation.output,
        rules.trace_figures.output,


rule all:
    input:
        rules.figures.input,
        of_networks(rules.measure_tuning.output, NETWORKS, arena=[SHOWN["arena"], *SHOWN["other_arenas"]]),


rule bench:
    input:
        rules.engine_figure.output,
        rules.measure_localiser_engine.output if LOCALISERS else [],


rule cw_figures:
    input:
        rules.estimate_localisers.output,
        rules.cw_fig1.output,
        rules.cw_fig2.output,
        rules.cw_fig3.output,
        rules.cw_fig4.output,
        rules.cw_fig5.output,
        rules.cw_fig6.output,
        rules.fig_compare.output if COMPARED_KINDS else [],
        rules.cw_claims.output if "cw_proper" in LOCALISERS else [],  # whom the claims are about
        collect("results/figures/supp_ratemaps_{condition}.png", condition=LOCALISERS),


rule recipes:
    input:
        rules.compare_recipes.output,


include: "workflow/rules/presets.smk"


# On a cluster these run where snakemake does: targets, and what takes seconds, tables and figures. (configs.smk has more.)
localrules:
    figures,
    all,
    recipes,
    cw_figures,
    bench,
    training_curves,
    fig1,
    fig2,
    fig3_generalisation,
    fig4_module,
    fig5_ablations,
    coding,
    emergence,
    calibration,
    compare_conditions,
    check_claims,
    claims,
    compare_recipes,
    cw_fig1,
    cw_fig2,
    cw_fig3,
    cw_fig4,
    cw_fig5,
    cw_fig6,
    fig_compare,
    check_cw_claims,
    cw_claims,
    take_network,
    release,
    review,
    trace_figures,


onstart:
    hold_folder()
