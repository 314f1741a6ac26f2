"""A load that is killed: nothing of it goes on."""

import os
import select
import subprocess
import sys
from pathlib import Path

from app.demo.loading import BATCH, PROCESSES
from tests.support.engines import ON_SQLITE

LOADING = f"""
from app import create_app
from app.demo import loading
with create_app().app_context():
    loading.load({20 * BATCH}, "one", lambda count: print(count, flush=True))
"""
PATIENCE_SECONDS = 30


@ON_SQLITE
def test_no_process_that_makes_inquiries_outlives_the_one_that_keeps_them(environ: dict[str, str]) -> None:
    command = [sys.executable, "-c", LOADING]
    everything = {**os.environ, **environ}
    with subprocess.Popen(command, env=everything, stdout=subprocess.PIPE) as loading:
        assert loading.stdout
        assert loading.stdout.readline().strip() == str(BATCH).encode()
        children = Path(f"/proc/{loading.pid}/task/{loading.pid}/children").read_text().split()
        ends = [os.pidfd_open(int(child)) for child in children]
        loading.kill()

    assert len(ends) >= PROCESSES
    for end in ends:
        assert select.select([end], [], [], PATIENCE_SECONDS)[0]
        os.close(end)
