"""Whether mujaz and Python's huggingface_hub share one cache: what either pulled, the other finds without a download.

    python tests/golden/hub/python_interop.py target/release/mujaz

Both talk to a small hub on loopback in this file. It needs huggingface_hub; `cargo test` does not need it.
"""

import hashlib
import http.server
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import urllib.parse

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "org/model"
FILES = {
    "README.md": b"# A model\n",
    "config.json": b'{"model_type": "marian", "d_model": 8}',
    "generation_config.json": b"{}",
    "pytorch_model.bin": random.Random(1).randbytes(700_000),
    "source.spm": random.Random(2).randbytes(20_000),
    "target.spm": random.Random(3).randbytes(21_000),
    "vocab.json": b'{"</s>": 0}',
}
WANTED = sorted(set(FILES) - {"README.md"})


def is_large(name):
    return name.endswith((".bin", ".spm"))


def git(data):
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def etag(name):
    data = FILES[name]
    return hashlib.sha256(data).hexdigest() if is_large(name) else git(data)


def item(name):
    data = FILES[name]
    entry = {"type": "file", "path": name, "oid": git(data), "size": len(data)}
    if is_large(name):
        entry["lfs"] = {"oid": etag(name), "size": len(data), "pointerSize": 134}
    return entry


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bodies = []  # names of the files whose bytes were sent

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        path = urllib.parse.unquote(self.path.split("?")[0])
        api = f"/api/models/{REPOSITORY}"
        if path == api or path.startswith(f"{api}/revision/"):
            info = {"id": REPOSITORY, "modelId": REPOSITORY, "sha": COMMIT, "private": False, "gated": False,
                    "tags": [], "downloads": 0, "likes": 0, "cardData": {"license": "apache-2.0"},
                    "siblings": [{"rfilename": name} for name in FILES]}
            return self.answer(200, json.dumps(info).encode(), Content_Type="application/json")
        if path.startswith(f"{api}/tree/"):
            return self.answer(200, json.dumps([item(name) for name in FILES]).encode(), Content_Type="application/json")
        head = f"/{REPOSITORY}/resolve/"
        if path.startswith(head):
            revision, name = path[len(head):].removeprefix("refs/").removeprefix("pr/").split("/", 1)
            data = FILES.get(name)
            if data is None:
                return self.answer(404, X_Error_Code="EntryNotFound")
            headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{etag(name)}"', "Accept-Ranges": "bytes"}
            if is_large(name):
                headers |= {"X-Linked-ETag": f'"{etag(name)}"', "X-Linked-Size": len(data)}
            if self.command == "GET":
                self.bodies.append(name)
            start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
            if start:
                headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            return self.answer(206 if start else 200, data[start:], **headers)
        return self.answer(404, X_Error_Code="RepoNotFound")

    do_HEAD = do_GET


def main(mujaz):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["HF_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
    os.environ["HF_HUB_DISABLE_XET"] = "1"
    import huggingface_hub
    from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download

    print("huggingface_hub", huggingface_hub.__version__)

    def run(home, *arguments, offline=False):
        environment = {"HOME": home, "HF_HOME": home, "MUJAZ_DATA": f"{home}/data", "HF_ENDPOINT": os.environ["HF_ENDPOINT"]}
        if offline:
            environment |= {"HF_ENDPOINT": "http://127.0.0.1:1", "HF_HUB_OFFLINE": "1"}
        done = subprocess.run([mujaz, "models", *arguments], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, (arguments, done)
        return done.stdout

    def whole(folder):
        for name in WANTED:
            assert open(f"{folder}/{name}", "rb").read() == FILES[name], name

    # What Python pulled is found offline, is verified, and a pull transfers nothing.
    for revision in ["main", COMMIT, "refs/pr/7"]:
        with tempfile.TemporaryDirectory() as home:
            snapshot_download(REPOSITORY, revision=revision, cache_dir=f"{home}/hub")
            name = REPOSITORY if revision == "main" else f"{REPOSITORY}@{revision}"
            assert run(home, "verify", name, offline=True).count("right") == len(WANTED)
            shown = json.loads(run(home, "show", name, "--json", offline=True))
            assert shown["pulled"]["commit"] == COMMIT and shown["pulled"]["verified"], shown
            Hub.bodies.clear()
            run(home, "pull", name)
            assert Hub.bodies == [], Hub.bodies
            print("Python to mujaz, revision", revision, "ok")

    # What mujaz pulled Python finds offline, and online it transfers nothing.
    for revision in ["main", COMMIT, "refs/pr/7"]:
        with tempfile.TemporaryDirectory() as home:
            run(home, "pull", REPOSITORY if revision == "main" else f"{REPOSITORY}@{revision}")
            cache = f"{home}/hub"
            whole(snapshot_download(REPOSITORY, revision=revision, cache_dir=cache, local_files_only=True))
            for name in WANTED:
                path = hf_hub_download(REPOSITORY, name, revision=revision, cache_dir=cache, local_files_only=True)
                assert open(path, "rb").read() == FILES[name]
            Hub.bodies.clear()
            whole(snapshot_download(REPOSITORY, revision=revision, cache_dir=cache, allow_patterns=WANTED))
            assert Hub.bodies == [], Hub.bodies
            report = scan_cache_dir(cache)
            assert not report.warnings, report.warnings
            (repository,) = report.repos
            assert repository.repo_id == REPOSITORY and repository.nb_files == len(WANTED), repository
            print("mujaz to Python, revision", revision, "ok")

    # What mujaz removes is gone for Python too, and its own files stay.
    with tempfile.TemporaryDirectory() as home:
        snapshot_download(REPOSITORY, cache_dir=f"{home}/hub")
        run(home, "remove", REPOSITORY, offline=True)
        report = scan_cache_dir(f"{home}/hub")
        assert [file.file_name for repo in report.repos for rev in repo.revisions for file in rev.files] == ["README.md"]
        print("removed by mujaz ok; warnings of Python:", report.warnings)

    # Both at once: nothing is transferred twice by mujaz, and both end with the right files.
    with tempfile.TemporaryDirectory() as home:
        thread = threading.Thread(target=lambda: snapshot_download(REPOSITORY, cache_dir=f"{home}/hub"))
        thread.start()
        run(home, "pull", REPOSITORY)
        thread.join()
        whole(snapshot_download(REPOSITORY, cache_dir=f"{home}/hub", local_files_only=True))
        assert run(home, "verify", REPOSITORY, offline=True).count("right") == len(WANTED)
        print("both at once ok")


main(os.path.abspath(sys.argv[1]))
