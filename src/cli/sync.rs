//! `syncom sync`: carries files between a satellite and CSSM that have no network to each other.

use crate::device::client::tls;
use crate::protocol::sync::{Direction, Limits, claim};
use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::json;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const CSSM: &str = "http://127.0.0.1:8080";
const SATELLITE: &str = "http://127.0.0.1:8081";

/// Carry files between a satellite and CSSM that have no network to each other.
///
/// Both sites have to be served, each where it is; this asks the one that it can reach.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples, from the satellite to CSSM and back on a stick:
  syncom sync export 'Plant A' --user admin --to /mnt/stick        (at the satellite)
  syncom sync import /mnt/stick/Plant_A_request-7.sync --user ann  (at CSSM)
  syncom sync import /mnt/stick/Plant_A_response-7.sync --user admin
The password is read from SYNCOM_PASSWORD.")]
pub struct SyncArgs {
    /// The site [default: CSSM on port 8080 or the satellite on 8081, as the file says]
    #[arg(long, global = true)]
    url: Option<String>,
    /// Who asks, a user of that site
    #[arg(long, env = "SYNCOM_USER", global = true)]
    user: Option<String>,
    /// Their password
    #[arg(long, env = "SYNCOM_PASSWORD", hide_env_values = true, global = true)]
    password: Option<String>,
    /// The world
    #[arg(long, env = "SYNCOM_WORLD", global = true)]
    world: Option<String>,
    /// The server's CA certificate (PEM), for https
    #[arg(long, global = true, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Where a file is written [default: here, or beside the file that is imported]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    to: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    /// Write the file that the other side has to see
    ///
    /// Of a local account: its registration file until it is registered, then a request. With the
    /// --url of CSSM, of an On-Prem: its authorization file, or the last response again.
    Export {
        /// Name of the local account, or of the On-Prem
        account: String,
        /// Tell CSSM everything, not only what has changed
        #[arg(long)]
        full: bool,
    },
    /// Take a file that came from the other side
    ///
    /// CSSM takes registrations and requests, and answers with a file to be carried back; a
    /// satellite takes authorizations and responses.
    Import {
        /// The file
        file: PathBuf,
    },
}

/// Runs one command.
pub async fn run(args: SyncArgs) -> anyhow::Result<ExitCode> {
    let said = match &args.command {
        Command::Export { account, full } => export(&args, account, *full).await?,
        Command::Import { file } => import(&args, file).await?,
    };
    println!("{said}");
    Ok(ExitCode::SUCCESS)
}

async fn export(args: &SyncArgs, account: &str, full: bool) -> anyhow::Result<String> {
    let site = Site::of(args, SATELLITE)?;
    // Before a request gets its number: there is a place to write it to.
    let paper = paper(args.to.as_deref().unwrap_or(Path::new(".")))?;
    let kind = if full { "full" } else { "standard" };
    let body = json!({ "account": account, "kind": kind });
    write(paper, site.ask("export", |request| request.json(&body)).await?)
}

async fn import(args: &SyncArgs, file: &Path) -> anyhow::Result<String> {
    let shown = file.display();
    let bytes = std::fs::read(file).with_context(|| format!("{shown} cannot be read"))?;
    let header = claim(&bytes, Limits::default())
        .map_err(|bad| anyhow!("{shown} is no file of a satellite or of CSSM: {bad}"))?;
    let at = match header.direction {
        Direction::Registration | Direction::Request => CSSM,
        Direction::Authorization | Direction::Response => SATELLITE,
    };
    let site = Site::of(args, at)?;
    let beside = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = args.to.as_deref().or(beside).unwrap_or(Path::new("."));
    let paper = paper(folder)?;
    let answer = site
        .ask("import", |request| {
            request.header("content-type", "application/octet-stream").body(bytes)
        })
        .await?;
    write(paper, answer)
}

/// A file that has no name yet, in a directory that is there.
fn paper(folder: &Path) -> anyhow::Result<(tempfile::NamedTempFile, PathBuf)> {
    // Whoever sits at the other side may be somebody else.
    let readable = std::fs::Permissions::from_mode(0o644);
    let made = tempfile::Builder::new().permissions(readable).tempfile_in(folder);
    let made = made.with_context(|| format!("nothing can be written to {}", folder.display()))?;
    Ok((made, folder.to_owned()))
}

/// What a site answered.
enum Answer {
    /// A file, with its name.
    File(String, Vec<u8>),
    /// A sentence.
    Said(String),
}

/// Writes the file of an answer, whole or not at all, and tells what to do with it.
fn write(
    (mut paper, folder): (tempfile::NamedTempFile, PathBuf),
    answer: Answer,
) -> anyhow::Result<String> {
    let (name, bytes) = match answer {
        Answer::Said(sentence) => return Ok(sentence),
        Answer::File(name, bytes) => (name, bytes),
    };
    let path = folder.join(&name);
    let problem = || format!("{} cannot be written", path.display());
    paper.write_all(&bytes).with_context(problem)?;
    paper.as_file().sync_all().with_context(problem)?;
    paper.persist(&path).with_context(problem)?;
    let to = match claim(&bytes, Limits::default()).map(|header| header.direction) {
        Ok(Direction::Registration | Direction::Request) => "CSSM",
        Ok(Direction::Authorization | Direction::Response) => "the satellite",
        Err(bad) => bail!("{} is not whole: {bad}", path.display()),
    };
    let path = path.display();
    Ok(format!("{path} is written. Carry it to {to}, and there: syncom sync import {name}"))
}

/// A site, and who asks there.
struct Site<'a> {
    http: reqwest::Client,
    url: String,
    user: &'a str,
    password: &'a str,
    world: Option<&'a str>,
}

impl<'a> Site<'a> {
    fn of(args: &'a SyncArgs, otherwise: &str) -> anyhow::Result<Self> {
        let needed = |what: &str, flag: &str, variable: &str| {
            anyhow!("{what} of that site is needed: --{flag}, or {variable}")
        };
        let user = args.user.as_deref();
        let password = args.password.as_deref();
        let read =
            |path: &PathBuf| std::fs::read_to_string(path).context(path.display().to_string());
        let ca = args.ca.as_ref().map(read).transpose()?;
        let config = tls(ca.as_deref())?;
        Ok(Self {
            http: reqwest::Client::builder()
                .tls_backend_preconfigured(config)
                .no_proxy()
                .build()?,
            url: args.url.as_deref().unwrap_or(otherwise).trim_end_matches('/').to_owned(),
            user: user.ok_or_else(|| needed("A user", "user", "SYNCOM_USER"))?,
            password: password
                .ok_or_else(|| needed("The password", "password", "SYNCOM_PASSWORD"))?,
            world: args.world.as_deref(),
        })
    }

    async fn ask(
        &self,
        verb: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> anyhow::Result<Answer> {
        let url = format!("{}/_syncom/sync/{verb}", self.url);
        let mut request = with(self.http.post(&url)).basic_auth(self.user, Some(self.password));
        if let Some(world) = self.world {
            request = request.header("X-Syncom-World", world);
        }
        let silent = || format!("{} does not answer; --url names another site", self.url);
        let answer = request.send().await.with_context(silent)?;
        let (status, name) = (answer.status(), file_name(&answer));
        let bytes = answer.bytes().await.with_context(silent)?.to_vec();
        if !status.is_success() {
            let problem: Result<Problem, _> = serde_json::from_slice(&bytes);
            let problem = problem.with_context(|| format!("{url} is not Syncom: HTTP {status}"))?;
            bail!("{}: {}", self.url, problem.detail);
        }
        if let Some(name) = name {
            return Ok(Answer::File(name, bytes));
        }
        let said: Said =
            serde_json::from_slice(&bytes).with_context(|| format!("{url} is not Syncom"))?;
        Ok(Answer::Said(said.said))
    }
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

#[derive(Deserialize)]
struct Said {
    said: String,
}

/// The name that the site gives a file; nothing that leads out of the directory.
fn file_name(answer: &reqwest::Response) -> Option<String> {
    let told = answer.headers().get("content-disposition")?.to_str().ok()?;
    let name = told.split_once("filename=\"")?.1.strip_suffix('"')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    name.strip_suffix(".sync")?.chars().all(plain).then(|| name.to_owned())
}
