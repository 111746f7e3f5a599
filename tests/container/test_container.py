"""The image, built for real where no registry can be reached, and the tiny study in it. `make test-container`."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from checkouts import ROOT, Pipeline

HERE = Path(__file__).parent
HOME = Path(os.environ.get("DOCKER_TEST_HOME", "/tmp/sslgrid-docker"))
ENGINE = {**os.environ, "DOCKER_HOST": f"unix://{HOME}/engine.sock", "DOCKER_BUILDKIT": "1"}
CALLER = 1234  # a user whom neither this machine nor the image knows
COMPARED = ("results/networks/**/*.safetensors", "results/[!n]*/**/*.nc", "results/figures/*", "results/*.*")


def docker(*words: str | Path, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["/usr/bin/docker", *words], env=ENGINE, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
    )


def local_torch(folder: Path) -> bool:
    """Whether pip is set up with a folder that has torch; it is put into `folder` then."""
    torch = re.search(r"torch==[\d.]+", (ROOT / "pyproject.toml").read_text()).group()
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-index", "--dest", folder, torch]
    return subprocess.run(pip, capture_output=True).returncode == 0


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The Dockerfile's image, by `make image`."""
    for step in ("start", "base"):
        subprocess.run(["bash", HERE / "engine.sh", step], check=True)
    arguments, wheels = "--network host --build-arg BASE=sslgrid-test/base", tmp_path_factory.mktemp("wheels")
    if local_torch(wheels):
        handler = functools.partial(QuietHandler, directory=wheels)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        at = f"http://127.0.0.1:{server.server_port}/"
        arguments += f' --build-arg TORCH_ARGS="--no-index --find-links {at}"'
    began = time.monotonic()
    # Debian's docker before any other: it builds without a plugin.
    environment = {**ENGINE, "PATH": f"/usr/bin:{os.environ['PATH']}"}
    built = subprocess.run(
        ["make", "image", f"BUILD_ARGS={arguments}"], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout[-5000:]
    size = int(docker("image", "inspect", "--format", "{{.Size}}", "sslgrid").stdout)
    seconds = time.monotonic() - began
    print(f"\nimage: {size / 2**20:.0f} MiB, built in {seconds:.0f} s, on a base of {base_size():.0f} MiB")
    print(largest_parts())
    yield "sslgrid"
    subprocess.run(["bash", HERE / "engine.sh", "stop"], check=True)


def base_size() -> float:
    return int(docker("image", "inspect", "--format", "{{.Size}}", "sslgrid-test/base").stdout) / 2**20


def inside(program: str, *words: str) -> str:
    """The output of a program of the image, without the image's own start."""
    done = docker("run", "--rm", "--network", "none", "--entrypoint", program, "sslgrid", *words)
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


def packages() -> Path:
    """Where the image has its packages."""
    return Path(inside("python", "-c", "import torch; print(torch.__file__)")).parents[1]


def largest_parts() -> str:
    """The ten largest packages of the image."""
    listed = inside("sh", "-c", f"du --summarize --block-size=1M {packages()}/* | sort -rn | head -n 10")
    return "\n".join(f"  {size} MiB {Path(path).name}" for size, path in map(str.split, listed.splitlines()))


def in_container(folder: Path, *command: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    """A command in the container, as the page says, for a caller whom nobody knows."""
    subprocess.run(["chown", "--recursive", f"{CALLER}:{CALLER}", folder], check=True)
    caller = ("--user", f"{CALLER}:{CALLER}", "--volume", f"{folder}:/sslgrid")
    return docker("run", "--rm", "--network", "none", *caller, *options, "sslgrid", *command)


def prepared(folder: Path) -> Pipeline:
    """The tiny study where another user may go: pytest's folders are closed to others."""
    pipeline = Pipeline.from_repository(folder)
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    return pipeline


@pytest.fixture(scope="module")
def by_container(image, tmp_path_factory) -> Pipeline:
    """The tiny study's figures, made by the plain command."""
    pipeline, began = prepared(tmp_path_factory.mktemp("by_container")), time.monotonic()
    done = in_container(pipeline.folder)
    assert done.returncode == 0, done.stdout[-5000:]
    print(f"\ntiny study in the container: {time.monotonic() - began:.0f} s")
    return pipeline


def test_the_image_says_what_it_is(image):
    told = docker("image", "inspect", "--format", "{{json .Config.Labels}} {{.Config.User}}", image).stdout
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True).strip()
    assert f'"org.opencontainers.image.revision":"{commit}' in told
    assert re.search(r'"org.opencontainers.image.version":"\d+\.\d+\.\d+"', told)
    assert told.strip().endswith(" 1000:1000"), "not root"
    found = inside("pip", "list", "--format", "freeze").splitlines()
    installed = {simple(name): version for name, _, version in (line.partition("==") for line in found)}
    # Of a line with a condition, as on the platform, only the package's version is certain.
    lines = re.findall(r"^([\w.-]+)==(\S+)( ;)?", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    locked = {simple(name): version for name, version, condition in lines if not condition or simple(name) in installed}
    assert {name: installed.get(name) for name in locked} == locked
    assert installed["torch"].startswith("2.")
    assert "sslgrid" not in installed, "the source is mounted"


def simple(name: str) -> str:
    """A package's name as all spellings of it are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_two_runs_are_the_same_to_the_byte(by_container, tmp_path):
    again = prepared(tmp_path / "again")
    done = in_container(again.folder)
    assert done.returncode == 0, done.stdout[-5000:]
    files = 0
    for pattern in COMPARED:
        made = by_container.files(pattern)
        assert made and made == again.files(pattern), pattern
        files += len(made)
    assert (by_container.folder / "results/figures/fig2.png").exists()
    owners = {path.stat().st_uid for path in again.folder.rglob("*")}
    assert owners == {CALLER}
    print(f"\ntwo runs in the container: {files} files, differing: 0; all files belong to the caller")


def test_the_mounted_source_is_what_runs(by_container, tmp_path):
    """Whoever has a copy of the package in an image: it is passed over."""
    pipeline, stale = prepared(tmp_path / "mounted"), tmp_path / "stale/sslgrid"
    stale.mkdir(parents=True)
    (stale / "__init__.py").write_text("raise SystemExit('an old copy of sslgrid ran')\n")
    old = ("--volume", f"{stale}:{packages()}/sslgrid:ro")
    caught = in_container(pipeline.folder, "python", "-c", "import sslgrid", options=old)
    assert "an old copy of sslgrid ran" in caught.stdout
    done = in_container(pipeline.folder, "snakemake", "fig1", options=old)
    assert done.returncode == 0, done.stdout
    drawn = "results/figures/fig1.png"
    assert pipeline.files(drawn) == by_container.files(drawn)


def test_an_image_of_another_lock_refuses(image, tmp_path):
    pipeline = prepared(tmp_path / "locked")
    with open(pipeline.folder / "requirements.lock", "a") as lock:
        lock.write("# changed\n")
    done = in_container(pipeline.folder)
    assert done.returncode == 1 and "built from another requirements.lock" in done.stdout
    done = docker("run", "--rm", "--network", "none", "sslgrid")
    assert done.returncode == 1 and "no source in /sslgrid" in done.stdout


def test_no_gpu_is_an_error(by_container, tmp_path):
    pipeline = prepared(tmp_path / "no_gpu")
    weights = "results/networks/full/seed0/weights.safetensors"
    done = in_container(pipeline.folder, "snakemake", weights, "--config", "device=cuda")
    assert done.returncode != 0
    assert re.search(r"^sslgrid: device is 'cuda', but", done.stdout, re.MULTILINE), done.stdout


def test_apptainer_profile(by_container, tmp_path):
    """Each job in the image, by the arguments that snakemake gives to what stands in for Apptainer."""
    pipeline = prepared(tmp_path / "apptainer")
    (pipeline.folder / "sslgrid.sif").write_text("sslgrid\n")
    (tmp_path / "bin").mkdir()
    shutil.copy(HERE / "apptainer", tmp_path / "bin")
    done = subprocess.run(
        pipeline.command("--profile", "profiles/apptainer", "fig2"), cwd=pipeline.folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**pipeline.environment(), **ENGINE, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:]
    for pattern in ("results/networks/full/**/*.safetensors", "results/modules/full/**/*.nc", "results/figures/fig2.*"):
        made = pipeline.files(pattern)
        assert made and made == by_container.files(pattern), pattern
