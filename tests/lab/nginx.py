"""nginx as an ordinary child process of the lab: one process, no file outside its own folder."""

from pathlib import Path

from tests.lab.process import Command
from tests.tools.debian import program

# One process, because workers would survive a kill -9 of their master.
FRAME = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  server_tokens off;
  default_type text/plain;
  types {{ text/html html; }}
  charset utf-8;
  client_body_temp_path {folder}/tmp;
  proxy_temp_path {folder}/tmp;
  fastcgi_temp_path {folder}/tmp;
  scgi_temp_path {folder}/tmp;
  uwsgi_temp_path {folder}/tmp;
{servers}
}}
"""


def write_configuration(folder: Path, servers: str) -> None:
    """`servers` holds the server blocks. The folder is made if need be."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder, servers=servers))


def command(name: str, folder: Path, network: str) -> Command:
    """How to run the nginx whose configuration lies in `folder`."""
    arguments = ("-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf"))
    return Command(name, (str(program("nginx")), *arguments), network)
