//! Where the product talks to, as both faces set it.

use super::faults::Fault;
use crate::device::client::device_url;
use crate::device::profile::Transport;
use crate::device::state::{Proxy, Settings, State};
use url::Url;

/// The longest URL or host that is taken (PROVEN: CML test refuses 257).
pub const LONGEST: usize = 256;
/// The port of a proxy unless another is given (DOC: seed 003).
pub const PROXY_PORT: u16 = 3128;

/// The three options of the product's page (DOC: seed 003).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// To Smart Software Manager.
    Direct,
    /// To a satellite.
    Gateway,
    /// To Smart Software Manager, through a proxy.
    Proxy,
}

impl Mode {
    /// All.
    pub const ALL: [Self; 3] = [Self::Direct, Self::Gateway, Self::Proxy];

    /// Its name in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Gateway => "gateway",
            Self::Proxy => "proxy",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Direct => "Direct",
            Self::Gateway => "Transport Gateway",
            Self::Proxy => "HTTP/HTTPS Proxy",
        }
    }

    /// A URL with the path of a satellite, when one is meant and the URL has none.
    pub fn whole(self, url: &str) -> String {
        let bare = Url::parse(url).is_ok_and(|url| url.path() == "/");
        match self {
            Self::Gateway if bare => format!("{}/SmartTransport", url.trim_end_matches('/')),
            Self::Gateway | Self::Direct | Self::Proxy => url.to_owned(),
        }
    }

    /// The mode of that name.
    pub fn find(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.key() == key)
    }
}

/// The option that the settings amount to; the path tells a satellite (ours).
// device-protocol.md 1.1 (PROVEN): the paths of On-Prem.
pub fn mode(state: &State) -> Mode {
    let url = state.settings.url.as_deref().unwrap_or_default();
    let gateway = ["/Transportgateway/", "/SmartTransport"].iter().any(|path| url.contains(path));
    match (&state.settings.proxy, gateway) {
        (Some(_), _) => Mode::Proxy,
        (None, true) => Mode::Gateway,
        (None, false) => Mode::Direct,
    }
}

/// A server's URL; one without a path gets that of the transport.
///
/// # Errors
/// It is none.
pub fn server_url(field: &str, text: &str, present: Transport) -> Result<(Url, Transport), Fault> {
    check_text(field, text)?;
    let transport = transport_of(text, present);
    let url = device_url(text.trim(), transport).map_err(|_| {
        let rule = "must begin with http:// or https:// and name a host";
        Fault::invalid(field, format!("'{text}' is no URL of a server: it {rule}"))
    })?;
    Ok((url, transport))
}

/// The envelope that an address expects, when its path says so.
// device-protocol.md 1.1 (PROVEN): the paths of both transports.
fn transport_of(text: &str, present: Transport) -> Transport {
    let has = |word: &str| text.contains(word);
    if has("/DDCEService") || has("/DeviceRequestHandler") {
        Transport::CallHome
    } else if has("/licservice/") || has("/SmartTransport") {
        Transport::Smart
    } else {
        present
    }
}

/// An HTTP proxy of this host and port.
///
/// # Errors
/// The host is none.
pub fn proxy(field: &str, server: &str, port: Option<u16>) -> Result<Proxy, Fault> {
    check_text(field, server)?;
    let wrong = || {
        let rule = "must be a host, or http://HOST or http://HOST:PORT";
        Fault::invalid(field, format!("'{server}' is no proxy: it {rule}"))
    };
    let server = server.trim();
    let text = if server.contains("://") { server.to_owned() } else { format!("http://{server}") };
    let mut url = Url::parse(&text).map_err(|_| wrong())?;
    let plain = url.path() == "/" && url.query().is_none() && url.username().is_empty();
    if !["http", "https"].contains(&url.scheme()) || !url.has_host() || !plain {
        return Err(wrong());
    }
    let port = port.or(explicit_port(&text)).unwrap_or(PROXY_PORT);
    url.set_port(Some(port)).map_err(|()| wrong())?;
    // The default port of a scheme is not shown by `Url`, but is to be kept.
    let host = url.host_str().ok_or_else(wrong)?;
    Ok(Proxy { url: format!("{}://{host}:{port}", url.scheme()), user: None, password: None })
}

/// Host and port of a proxy.
pub fn proxy_parts(proxy: &Proxy) -> (String, u16) {
    let rest = proxy.url.split_once("://").map_or(proxy.url.as_str(), |(_, rest)| rest);
    let host = rest.trim_end_matches('/');
    match explicit_port(&proxy.url) {
        Some(port) => (host.rsplit_once(':').map_or(host, |(host, _)| host).to_owned(), port),
        None => (host.to_owned(), PROXY_PORT),
    }
}

fn explicit_port(url: &str) -> Option<u16> {
    let (_, port) = url.trim_end_matches('/').rsplit_once(':')?;
    port.parse().ok()
}

fn check_text(field: &str, text: &str) -> Result<(), Fault> {
    let length = text.chars().count();
    if length == 0 || length > LONGEST {
        return Err(Fault::invalid(
            field,
            format!("it has {length} characters: must have 1 to {LONGEST}"),
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(Fault::invalid(field, "it holds control characters: must be printable text"));
    }
    Ok(())
}

/// Sets server and proxy together.
pub fn apply(settings: &mut Settings, url: &Url, transport: Transport, proxy: Option<Proxy>) {
    settings.url = Some(url.to_string());
    settings.transport = transport;
    settings.proxy = proxy;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// device-protocol.md 1.1: the path says which envelope a server expects.
    #[test]
    fn the_path_of_a_server_says_how_to_talk_to_it() {
        let known = |text| server_url("ssms", text, Transport::Smart).map(|(_, how)| how);
        let call_home = "https://tools.cisco.com/its/service/oddce/services/DDCEService";
        assert_eq!(known(call_home).unwrap(), Transport::CallHome);
        assert_eq!(known("https://sat/SmartTransport").unwrap(), Transport::Smart);
        let (url, how) = server_url("ssms", "http://127.0.0.1:9", Transport::Smart).unwrap();
        assert_eq!((url.path(), how), ("/licservice/license", Transport::Smart));
        for wrong in ["", "127.0.0.1", "ftp://x", "http://", "http://a\0b", &"x".repeat(257)] {
            let error = known(wrong).unwrap_err().to_string();
            assert!(error.starts_with("ssms: "), "{error}");
        }
    }

    #[test]
    fn a_proxy_has_a_host_and_a_port() {
        let told = |server, port| proxy("proxy.server", server, port).map(|p| proxy_parts(&p));
        assert_eq!(told("127.0.0.1", Some(49152)).unwrap(), ("127.0.0.1".to_owned(), 49152));
        assert_eq!(told("proxy.lab", None).unwrap(), ("proxy.lab".to_owned(), 3128));
        assert_eq!(told("http://proxy.lab:80", None).unwrap(), ("proxy.lab".to_owned(), 80));
        assert_eq!(told("http://proxy.lab", Some(80)).unwrap().1, 80);
        for wrong in ["", "http://a/b", "socks5://a", "a b", "user@host"] {
            assert!(told(wrong, None).is_err(), "{wrong}");
        }
    }
}
