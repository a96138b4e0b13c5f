"""What is declared, locked, decided and shipped agrees."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def folded(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirement):
    return folded(re.match(r"[A-Za-z0-9._-]+", requirement)[0])


RUNTIME = {named(requirement) for requirement in PROJECT["dependencies"]}
EXTRAS = PROJECT["optional-dependencies"]
DEVELOPMENT = {named(requirement) for requirement in EXTRAS["dev"]}
OPTIONAL = {
    named(requirement) for extra in ("parquet", "pandas", "polars", "dask", "s3") for requirement in EXTRAS[extra]
}


def locked(lock):
    """Name → (version, hashes) of every pin; a package may be pinned twice, for different Pythons."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    pins = {}
    for line in text.splitlines():
        if line.strip():
            pinned = re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)", line)
            assert pinned, line
            pins[folded(pinned[1]), pinned[2]] = re.findall(r"--hash=sha256:([0-9a-f]{64})", line)
    return pins


def imports():
    """Third-party packages that our code imports, each with a file that does."""
    found = {}
    for path in [*ROOT.glob("src/**/*.py"), *ROOT.glob("flows/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module]
                if isinstance(node, ast.ImportFrom) and not node.level and node.module
                else []
            )
            for name in names:
                found.setdefault(name.split(".")[0], path.relative_to(ROOT).as_posix())
    own = {"ingest", "flows"}
    return {name: path for name, path in found.items() if name not in own | sys.stdlib_module_names}


def test_every_dependency_has_its_reason_in_the_decisions():
    told = set(
        re.findall(
            r"^\| `([^`]+)` \|",
            (ROOT / "docs/decisions/0001-dependencies.md").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert told == RUNTIME | OPTIONAL | DEVELOPMENT


def test_every_package_that_is_imported_is_declared():
    homes = packages_distributions()
    undeclared = {
        name: path
        for name, path in imports().items()
        if not (RUNTIME | OPTIONAL) & {folded(home) for home in homes.get(name, ())}
    }
    assert undeclared == {}


def test_what_is_optional_is_tested_within_the_same_bounds():
    optional = {requirement for extra in ("parquet", "pandas", "polars") for requirement in EXTRAS[extra]}
    assert optional <= set(EXTRAS["dev"])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_carries_hashes(lock):
    pins = locked(lock)
    assert len(pins) > 100
    assert [pin for pin, hashes in pins.items() if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_folder(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://| @ |^-", text, re.MULTILINE)  # an option of pip begins its line


def test_the_locks_hold_what_is_declared_and_the_build_backend():
    backend = {named(requirement) for requirement in BUILD}
    runtime, development = ({name for name, _ in locked(lock)} for lock in LOCKS)
    assert runtime >= RUNTIME | backend
    assert development >= RUNTIME | backend | DEVELOPMENT


def test_the_development_lock_changes_nothing_of_the_other():
    runtime, development = map(locked, LOCKS)
    assert {pin: development.get(pin) for pin in runtime} == runtime


def test_every_bound_that_a_plain_install_needs_is_in_the_project():
    bounds = {named(requirement): requirement for requirement in PROJECT["dependencies"]}
    assert bounds["fastapi"] == "fastapi<0.151"
    assert ",<" in bounds["prefect"]


def test_the_pythons_that_suit_the_makefile_are_those_of_the_project():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    oldest, newest = map(ast.literal_eval, re.search(r"not (\(.+?\)) <= .+ <= (\(.+?\))\)", makefile).groups())
    assert PROJECT["requires-python"] == f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"


def test_every_command_that_the_readme_names_is_a_target_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    wanted = set(re.findall(r"\bmake ([a-z-]+)", readme))
    assert {"run", "test"} <= wanted
    assert wanted <= set(re.findall(r"^([a-z-]+):.* ## ", makefile, re.MULTILINE))


def test_the_check_before_landing_runs_the_test_command_of_the_readme():
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()


def test_every_link_between_documents_leads_somewhere():
    broken = [
        (page.relative_to(ROOT).as_posix(), target)
        for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_decision_is_listed():
    listed = set(re.findall(r"\]\((\d{4}-[^)]+)\)", (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")))
    assert listed == {page.name for page in ROOT.glob("docs/decisions/[0-9]*.md")}


COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_a_container_publishes_ports_on_this_machine_only(service):
    for port in COMPOSE["services"][service].get("ports", ()):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_a_container_gets_its_secrets_as_files(service):
    given = COMPOSE["services"][service]
    assert given["secrets"]
    for name, value in given["environment"].items():
        secret = re.search(r"(?i)password|auth|token", name)
        assert not secret or value.startswith("/run/secrets/")
        assert not re.search(r"://[^/@]*:[^/@]*@", str(value))
    named = {each["source"] if isinstance(each, dict) else each for each in given["secrets"]}
    assert named <= set(COMPOSE["secrets"])
    assert all(list(secret) == ["file"] for secret in COMPOSE["secrets"].values())


def test_the_hooks_fetch_nothing():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]
    assert {hook["language"] for repository in hooks["repos"] for hook in repository["hooks"]} == {"system"}


def test_no_file_names_a_folder_of_the_machine_that_it_was_written_on():
    paths = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "Makefile", ROOT / "pyproject.toml"]
    named_folders = [path.name for path in paths if re.search(r"(?<![\w.])/(root|work|home)/", path.read_text("utf-8"))]
    assert named_folders == []
