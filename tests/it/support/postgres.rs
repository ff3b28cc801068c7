//! A throw-away PostgreSQL cluster for one run of the tests.

use super::tools;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Names a server to use in place of a cluster of our own; its user must be able to create
/// databases.
const SERVER: &str = "TEST_DATABASE_URL";

/// Makes a cluster, says where it is, and takes it away when its standard input closes: when
/// the tests end, however they end. It ignores the signals of a Ctrl-C for that purpose.
///
/// A test makes and deletes hundreds of files, which cost more than their rows: the cluster is in
/// memory where two gigabytes are free there. It is asked for the least that can be lost.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
bin=$1 home=/tmp
free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${free:-0}" -gt 2000000 ] && [ -w /dev/shm ] && home=/dev/shm
dir=$(mktemp -d "$home/syncom-pg-XXXXXX") && chmod 711 "$dir" && cd "$dir" || exit 1
"$bin/initdb" -D "$dir/data" -U syncom -A trust --no-sync --no-locale -E UTF8 >log 2>&1 &&
"$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-k $dir -c listen_addresses= -c fsync=off \
  -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 \
  -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB \
  -c shared_buffers=64MB -c unix_socket_permissions=0777" start >/dev/null 2>&1 &&
echo "$dir" || tail -n 1 log >&2
cat >/dev/null
"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
cd / && rm -rf "$dir"
"#;

/// The supervisor lives as long as this process: its standard input is the child's pipe.
struct Cluster {
    url: String,
    _supervisor: Child,
}

/// The address of the server, without a database name; the first call starts it.
pub fn server() -> Result<&'static str, String> {
    static RUNNING: OnceLock<Result<Cluster, String>> = OnceLock::new();
    static NAMED: OnceLock<Option<String>> = OnceLock::new();
    if let Some(named) = NAMED.get_or_init(|| std::env::var(SERVER).ok()) {
        return Ok(named);
    }
    let running = RUNNING.get_or_init(|| start(&folder_of_programs()?));
    running.as_ref().map(|cluster| cluster.url.as_str()).map_err(Clone::clone)
}

fn start(programs: &Path) -> Result<Cluster, String> {
    let mut supervisor = shell()
        .args(["-c", SCRIPT, "sh"])
        .arg(programs)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the cluster's shell does not start: {error}"))?;
    let stdout = supervisor.stdout.take().expect("it is piped");
    let mut dir = String::new();
    BufReader::new(stdout).read_line(&mut dir).map_err(|error| error.to_string())?;
    match dir.trim() {
        "" => Err("initdb or the server failed; the line above tells why".into()),
        dir => Ok(Cluster {
            url: format!("postgresql://syncom@/postgres?host={dir}"),
            _supervisor: supervisor,
        }),
    }
}

/// PostgreSQL refuses to run as root.
fn shell() -> Command {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout.trim_ascii() != b"0" {
        return Command::new("sh");
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
    command
}

/// Debian keeps server programs outside `PATH`, one folder for each version.
fn folder_of_programs() -> Result<PathBuf, String> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    let initdb = tools::program("initdb", &folders)?;
    let real = initdb.canonicalize().map_err(|error| error.to_string())?;
    Ok(real.parent().expect("a file is in a folder").to_owned())
}
