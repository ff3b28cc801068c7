//! The product's way to the server: one HTTP POST per message.

use super::DeviceError;
use super::profile::Transport;
use super::state::{Proxy, Settings};
use crate::crypto::ca;
use crate::domain::time::Timestamp;
use crate::protocol::call_home::CallHomeMessage;
use crate::protocol::message::SignedRequest;
use rustls::pki_types::CertificateDer;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The paths of both transports when a URL names none (PROVEN).
const SMART_PATH: &str = "/licservice/license";
const CALL_HOME_PATH: &str = "/its/service/oddce/services/DDCEService";

/// The content types of both.
const JSON: &str = "application/json";
const XML: &str = "text/xml";

/// The longest answer that is read, in bytes.
const LIMIT: usize = 3 * 1024 * 1024;

/// A connection to one server.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    url: Url,
    transport: Transport,
}

impl Client {
    /// A client for a device URL over Smart Transport, with the CA certificates to trust for TLS
    /// and an HTTP proxy.
    ///
    /// # Errors
    /// One of them is wrong.
    pub fn new(url: &str, ca_pem: Option<&str>, proxy: Option<&str>) -> Result<Self, DeviceError> {
        Self::from_settings(&Settings {
            url: Some(url.to_owned()),
            ca_pem: ca_pem.map(str::to_owned),
            proxy: proxy.map(|url| Proxy { url: url.to_owned(), user: None, password: None }),
            ..Settings::default()
        })
    }

    /// A client for the server of these settings.
    ///
    /// # Errors
    /// No server is set, or a setting is wrong.
    pub fn from_settings(settings: &Settings) -> Result<Self, DeviceError> {
        let url = settings.url.as_deref().ok_or_else(|| {
            DeviceError::Usage("no server is set: give --url http://HOST:PORT".to_owned())
        })?;
        let url = device_url(url, settings.transport)?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(settings.ca_pem.as_deref())?)
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("syncom-device/", env!("CARGO_PKG_VERSION")));
        builder = match &settings.proxy {
            Some(proxy) => builder.proxy(http_proxy(proxy)?),
            None => builder.no_proxy(),
        };
        let http = builder.build().map_err(|error| DeviceError::Usage(with_causes(&error)))?;
        Ok(Self { http, url, transport: settings.transport })
    }

    /// Where it talks to.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Sends a signed request and returns the JSON of the answer; `id` and `created` stand on the
    /// envelope of Call Home.
    pub(super) async fn post(
        &self,
        text: &str,
        signature: Vec<u8>,
        id: String,
        created: Timestamp,
    ) -> Result<Vec<u8>, DeviceError> {
        let message = SignedRequest::envelope(text, signature);
        let (kind, body) = match self.transport {
            Transport::Smart => (JSON, message),
            Transport::CallHome => (XML, CallHomeMessage::request(id, created, message).to_xml()),
        };
        let unreachable = |error: reqwest::Error| DeviceError::Unreachable(with_causes(&error));
        let request = self.http.post(self.url.clone()).header("content-type", kind).body(body);
        let mut response = request.send().await.map_err(unreachable)?;
        let (status, known) = (response.status(), has_type(&response, kind));
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LIMIT {
                return Err(DeviceError::BadAnswer(format!("it is longer than {LIMIT} bytes")));
            }
        }
        // Refusals of unreadable messages come with another status, but in our form.
        if status.is_success() || known {
            return self.unwrapped(bytes);
        }
        Err(DeviceError::Unreachable(format!("{} answered HTTP {status}", self.url)))
    }

    /// The JSON inside the envelope of this transport.
    fn unwrapped(&self, bytes: Vec<u8>) -> Result<Vec<u8>, DeviceError> {
        match self.transport {
            Transport::Smart => Ok(bytes),
            Transport::CallHome => CallHomeMessage::parse(&bytes)
                .map(|envelope| envelope.attachment.into_bytes())
                .map_err(|error| DeviceError::BadAnswer(error.to_string())),
        }
    }
}

/// Checks a URL; one without a path gets that of the transport.
///
/// # Errors
/// It is no URL of http or https.
pub fn device_url(text: &str, transport: Transport) -> Result<Url, DeviceError> {
    let wrong = |problem: &str| DeviceError::Usage(format!("--url {text}: {problem}"));
    let mut url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if !["http", "https"].contains(&url.scheme()) || url.host().is_none() {
        return Err(wrong("must begin with http:// or https:// and name a host"));
    }
    if url.path() == "/" {
        url.set_path(match transport {
            Transport::Smart => SMART_PATH,
            Transport::CallHome => CALL_HOME_PATH,
        });
    }
    Ok(url)
}

fn http_proxy(proxy: &Proxy) -> Result<reqwest::Proxy, DeviceError> {
    let known = reqwest::Proxy::all(&proxy.url)
        .map_err(|error| DeviceError::Usage(format!("--proxy {}: {error}", proxy.url)))?;
    Ok(match &proxy.user {
        Some(user) => known.basic_auth(user, proxy.password.as_deref().unwrap_or_default()),
        None => known,
    })
}

/// TLS with ring and nothing but the given certificates: no public CA vouches for a lab.
pub(crate) fn tls(ca_pem: Option<&str>) -> Result<rustls::ClientConfig, DeviceError> {
    let wrong = |problem: String| DeviceError::Usage(format!("CA file: {problem}"));
    let mut roots = rustls::RootCertStore::empty();
    if let Some(pem) = ca_pem {
        let ders = ca::certificates_from_pem(pem).map_err(|error| wrong(error.to_string()))?;
        if ders.is_empty() {
            return Err(wrong("it holds no certificate".to_owned()));
        }
        for der in ders {
            roots.add(CertificateDer::from(der)).map_err(|error| wrong(error.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn has_type(response: &reqwest::Response, wanted: &str) -> bool {
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with(wanted))
}

/// An error with all its causes in one line; without them it says only "error sending request".
pub(super) fn with_causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    if text.contains("UnknownIssuer") {
        text.push_str(" (give the server's CA certificate with --ca)");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_a_path_gets_the_one_of_smart_transport() {
        let url = |text| device_url(text, Transport::Smart).map(String::from);
        assert_eq!(
            url("http://127.0.0.1:8080").unwrap(),
            "http://127.0.0.1:8080/licservice/license"
        );
        assert_eq!(url("https://sat/SmartTransport").unwrap(), "https://sat/SmartTransport");
        assert!(url("ftp://127.0.0.1").is_err());
        assert!(url("127.0.0.1:8080").is_err());
    }

    #[test]
    fn a_ca_file_must_hold_certificates() {
        assert!(Client::new("https://localhost", None, None).is_ok());
        let error = Client::new("https://localhost", Some("nothing"), None).unwrap_err();
        assert!(error.to_string().contains("holds no certificate"), "{error}");
        assert!(Client::new("https://localhost", None, Some("::")).is_err());
    }
}
