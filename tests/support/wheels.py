"""Small wheels that stand for real ones: the true metadata of what is installed here, and nothing else inside.

Imports the standard library and packaging. A folder of them with its pages is a package index without the network, in
which newer releases can appear whenever a test needs some.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.utils import canonicalize_name

WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
NEXT = "9999.0"
"""A version that is higher than every pin."""

WORKS = ("pip", "setuptools")
"""Packages that an environment needs to install anything; stubs of these could not work."""

ENTRY = re.compile(r"(?m)^(?P<name>[a-z0-9._-]+)==(?P<version>\S+)(?P<marker> ;.*?)?(?P<hashes>(?: \\\n +--hash=\S+)+)")


def pins(lock: str) -> dict[str, str]:
    """Return what a lock file pins, as name to version."""
    return {found["name"]: found["version"] for found in ENTRY.finditer(lock)}


def rehashed(lock: str, folder: Path) -> str:
    """Return a lock file that names the wheels of ``folder`` by their hashes, and is the same otherwise."""

    def entry(found: re.Match[str]) -> str:
        digest = hashlib.sha256((folder / _file(found["name"], found["version"])).read_bytes()).hexdigest()
        return f"{found['name']}=={found['version']}{found['marker'] or ''} \\\n    --hash=sha256:{digest}"

    return ENTRY.sub(entry, lock)


def fill(folder: Path, wanted: dict[str, str]) -> None:
    """Put a wheel of each pinned distribution into ``folder``, and beside it one of a later version.

    The pages in ``folder/simple`` make an index of them (peps.python.org/pep-0503). In a folder of all wheels pip looks
    at each file for each package, which takes a minute.
    """
    for name, version in wanted.items():
        installed = distribution(name)
        # Without the description: old pips read all metadata anew for each package.
        metadata = (installed.read_text("METADATA") or "").partition("\n\n")[0] + "\n"
        files = dict(_files(installed)) if name in WORKS else {}
        for one, inside in ((version, files), (NEXT, {})):
            _write(folder, name, one, re.sub(r"(?m)^Version: .*", f"Version: {one}", metadata, count=1), inside)
        page = folder / "simple" / canonicalize_name(name) / "index.html"
        page.parent.mkdir(parents=True)
        files_of = (_file(name, one) for one in (version, NEXT))
        links = "".join(f'<a href="../../{file}">{file}</a>' for file in files_of)
        page.write_text(f"<!DOCTYPE html><html><body>{links}</body></html>", "utf-8")


def _files(installed: Distribution) -> Iterator[tuple[str, bytes]]:
    """Yield what a distribution put into site-packages."""
    for path in installed.files or ():
        if not path.parts[0].startswith("..") and path.suffix != ".pyc" and ".dist-info" not in path.parts[0]:
            yield path.as_posix(), path.read_binary()


def _file(name: str, version: str) -> str:
    return f"{re.sub('[-_.]+', '_', name)}-{version}-py3-none-any.whl"


def _write(folder: Path, name: str, version: str, metadata: str, files: dict[str, bytes]) -> None:
    info = f"{re.sub('[-_.]+', '_', name)}-{version}.dist-info"
    entries = distribution(name).read_text("entry_points.txt") if files else None
    contents = {
        **files,
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": WHEEL.encode(),
        **({f"{info}/entry_points.txt": entries.encode()} if entries else {}),
    }
    record = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in contents.items()]
    with zipfile.ZipFile(folder / _file(name, version), "w") as wheel:
        for path, data in contents.items():
            wheel.writestr(path, data)
        wheel.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,"]))


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
