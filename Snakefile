# sslgrid: grid cells from nothing but code and a config file.
#
#   snakemake                     every figure (the default target)
#   snakemake fig2                one figure
#   snakemake -n                  what would be done
#   snakemake estimate            what the trainings cost on this machine
#   snakemake all                 every figure, and the tuning of every unit in every arena
#   snakemake recipes             when each condition has modules, and which
#   snakemake cw_figures          the networks of Cueva & Wei (2018)
#   snakemake cw_fields           what brings fields to them: --configfile studies/cw_fields.yaml
#   snakemake ambiguities         what comes of other answers to what the paper leaves open
#   snakemake phase_diagram       what comes of other capacity weights and sigma_g
#   snakemake phase_diagram_so_far, ambiguities_so_far: of those, the networks that are there; trains none
#   snakemake bench               time and memory of a gradient step, as a table and a plot
#   snakemake prune, crate        remove what the study needs no more; results/ as an RO-Crate: workflow/rules/keeping.smk
#   snakemake release, review     networks for others, and the results rebuilt from them: workflow/rules/review.smk
#
#   --config study=mine.yaml      another study instead of config.yaml; --configfile lays one over it
#   --directory paper --config preset=paper     all this at the paper's own size, in a folder of that name: for a GPU
#
# Results go to results/<stage>/<condition>/seed<k>/<arena>.nc; results/README.md explains each file.
from pathlib import Path

from snakemake.utils import min_version

min_version("9.19")

HERE = Path(str(workflow.current_basedir))  # of this workflow, also where another one uses it as a module
if not (HERE / "src/sslgrid").is_dir():
    raise WorkflowError(
        f"the source of sslgrid is not in {HERE}, and its steps need it; clone the repository, and give "
        "`module: snakefile:` the path of the Snakefile in the clone"
    )


include: "workflow/rules/names.smk"


STUDY_FILE = named(config.get("study", HERE / "config.yaml"))
if not Path(STUDY_FILE).is_file():
    raise WorkflowError(f"study {STUDY_FILE} is not there; expected a YAML file")
try:  # as `configfile:` does, which does not say which file it could not read, nor where in it
    workflow.configfile(STUDY_FILE)
except WorkflowError as error:
    where = " ".join(str(error.__context__ or error).split())
    raise WorkflowError(f"{STUDY_FILE} is not a mapping in YAML: {where}") from None
config.pop("study", None)


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/helpers.smk"
include: "workflow/rules/drawing.smk"
include: "workflow/rules/start.smk"


# Only looked at under --software-deployment-method apptainer: the image that the Dockerfile describes.
container: os.path.relpath(HERE / "sslgrid.sif")


include: "workflow/rules/configs.smk"
include: "workflow/rules/walks.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/tuning.smk"
include: "workflow/rules/emergence.smk"
include: "workflow/rules/generalisation.smk"
include: "workflow/rules/geometry.smk"
include: "workflow/rules/coding.smk"
include: "workflow/rules/one_torus.smk"
include: "workflow/rules/calibration.smk"
include: "workflow/rules/brain.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/sweeps.smk"
include: "workflow/rules/cueva_wei.smk"
include: "workflow/rules/bench.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/review.smk"
include: "workflow/rules/provenance.smk"
include: "workflow/rules/page.smk"
include: "workflow/rules/presets.smk"
include: "workflow/rules/keeping.smk"


rule figures:
    default_target: True
    input:
        COST_OF_PRESET,
        OF_TRAINED,
        rules.compare_conditions.output,
        rules.list_units.output,
        rules.check_claims.output,
        drawn("emergence"),
        rules.emergence_animation.output,
        rules.trace_figures.output,
        rules.results_page.output,
    localrule: True


rule all:
    input:
        rules.figures.input,
        of_networks(rules.measure_tuning.output, NETWORKS, arena=[SHOWN["arena"], *SHOWN["other_arenas"]]),
    localrule: True


rule bench:
    input:
        drawn("engine"),
        rules.measure_localiser_engine.output if LOCALISERS else [],
    localrule: True


rule cw_figures:
    input:
        rules.estimate_localisers.output,
        drawn("cw_fig1", "cw_fig2", "cw_fig3", "cw_fig4", "cw_fig5", "cw_fig6"),
        drawn("fig_compare") if COMPARED_KINDS else [],
        drawn(*CLAIMS_OF_LOCALISERS),
        [FIGURES[f"supp_ratemaps_{condition}"].files(f"supp_ratemaps_{condition}")["png"] for condition in LOCALISERS],
    localrule: True


rule cw_fields:
    input:
        rules.compare_spectra.output,
        expand(rules.check_localiser_claims.output, ledger="cw_fields"),
        drawn("cw_spectra"),
    localrule: True


rule recipes:
    input:
        rules.compare_recipes.output,
    localrule: True


onstart:
    start_work()
