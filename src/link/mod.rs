//! A satellite's connection to CSSM over HTTP: the engine's [`Uplink`], with reqwest.
//!
//! The paths are ours (docs/SATELLITE.md); nothing public tells how the real ones look.

use crate::crypto::ca;
use crate::domain::Timestamp;
use crate::domain::id::OnPremUid;
use crate::engine::uplink::{Credential, Exchange, Failure, Granted, Login, Reason, Uplink};
use reqwest::{RequestBuilder, Response, StatusCode};
use rustls::pki_types::CertificateDer;
use serde::Deserialize;
use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use url::Url;

/// The longest answer that is read, in bytes: that of the largest file (ours).
const LIMIT: usize = 64 << 20;
/// How long an exchange may take (ours): CSSM writes a hundred thousand rows in a few seconds.
const PATIENCE: Duration = Duration::from_mins(5);

/// Where the credential stands in an answer, and when it ends.
const CREDENTIAL: &str = "x-syncom-credential";
const CREDENTIAL_ENDS: &str = "x-syncom-credential-ends";

/// A connection to CSSM.
pub struct Http {
    client: reqwest::Client,
    /// Known when CSSM listens: in the same process that is after the satellite was opened.
    base: OnceLock<Url>,
}

impl Http {
    /// A connection that trusts these certificates for TLS.
    ///
    /// # Errors
    /// They are no certificates.
    pub fn new(ca_pem: &str) -> anyhow::Result<Self> {
        let mut roots = rustls::RootCertStore::empty();
        for der in ca::certificates_from_pem(ca_pem)? {
            roots.add(CertificateDer::from(der))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(PATIENCE)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("syncom-satellite/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, base: OnceLock::new() })
    }

    /// Tells where CSSM listens; the first address counts.
    pub fn point_to(&self, base: Url) {
        drop(self.base.set(base));
    }

    fn post(&self, path: &str) -> Result<RequestBuilder, Failure> {
        let base = self.base.get();
        let url = base.and_then(|base| base.join(path).ok());
        let url = url.ok_or_else(|| Failure::Unreachable("its address is not known".to_owned()))?;
        Ok(self.client.post(url))
    }
}

impl Uplink for Http {
    fn register<'a>(&'a self, login: &'a Login, file: Vec<u8>) -> Exchange<'a, Granted> {
        Box::pin(async move {
            let request = self.post("/_syncom/on-prem/register")?;
            let request = request.basic_auth(&login.user, Some(&login.password));
            let answer = send(with_file(request, file)).await?;
            let credential = credential(&answer)?;
            Ok(Granted { file: body(answer).await?, credential })
        })
    }

    fn sign_in<'a>(&'a self, login: &'a Login, uid: OnPremUid) -> Exchange<'a, Credential> {
        Box::pin(async move {
            let request = self.post("/_syncom/on-prem/credential")?;
            let request = request.json(&serde_json::json!({ "uid": uid }));
            let request = request.basic_auth(&login.user, Some(&login.password));
            credential(&send(request).await?)
        })
    }

    fn synchronize<'a>(&'a self, credential: &'a str, file: Vec<u8>) -> Exchange<'a, Vec<u8>> {
        Box::pin(async move {
            let request = self.post("/_syncom/on-prem/sync")?.bearer_auth(credential);
            body(send(with_file(request, file)).await?).await
        })
    }
}

fn with_file(request: RequestBuilder, file: Vec<u8>) -> RequestBuilder {
    request.header("content-type", "application/octet-stream").body(file)
}

async fn send(request: RequestBuilder) -> Result<Response, Failure> {
    let answer = request.send().await.map_err(|error| unreachable(&error))?;
    if answer.status().is_success() {
        return Ok(answer);
    }
    Err(refusal(answer).await)
}

/// Problem details, as CSSM answers.
#[derive(Deserialize)]
struct Problem {
    detail: Option<String>,
    title: Option<String>,
    reason: Option<String>,
}

async fn refusal(answer: Response) -> Failure {
    let status = answer.status();
    let text = body(answer).await.unwrap_or_default();
    let problem: Option<Problem> = serde_json::from_slice(&text).ok();
    let told = problem.as_ref().and_then(|one| one.detail.clone().or_else(|| one.title.clone()));
    let reason = match problem.and_then(|one| one.reason).as_deref() {
        Some("unknown_on_prem") => Reason::UnknownOnPrem,
        Some("full_needed") => Reason::FullNeeded,
        Some("credential_ended" | "credential_unknown") => Reason::CredentialEnded,
        _ => Reason::Other,
    };
    let message = told.unwrap_or_else(|| format!("CSSM answered HTTP {status}."));
    if status == StatusCode::BAD_GATEWAY || status == StatusCode::SERVICE_UNAVAILABLE {
        return Failure::Unreachable(message);
    }
    Failure::Refused { message, reason }
}

fn credential(answer: &Response) -> Result<Credential, Failure> {
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let ends = header(CREDENTIAL_ENDS).and_then(Timestamp::parse);
    let secret = header(CREDENTIAL).map(str::to_owned);
    let both = secret.zip(ends).map(|(secret, ends)| Credential { secret, ends });
    both.ok_or_else(|| Failure::Unreachable("the answer has no credential".to_owned()))
}

async fn body(mut answer: Response) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LIMIT {
            return Err(Failure::Unreachable(format!("the answer has more than {LIMIT} bytes")));
        }
    }
    Ok(bytes)
}

/// An error with all its causes: without them it says only "error sending request".
fn unreachable(error: &reqwest::Error) -> Failure {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    Failure::Unreachable(text)
}
