//! A CONNECT proxy: clients that have the real hosts built in reach the
//! emulator unchanged, and nothing else.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// The longest request head, in bytes.
const HEAD_LIMIT: usize = 8 * 1024;
/// How long a client may take to say where it wants to go.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// Where tunnels lead.
#[derive(Clone, Copy, Debug)]
pub struct Targets {
    /// The HTTPS listener of CSSM.
    pub cssm: SocketAddr,
    /// The HTTPS listener of the satellite.
    pub satellite: SocketAddr,
}

impl Targets {
    /// Where a host leads: the real service's hosts to CSSM, the address that
    /// On-Prem clients have built in to the satellite, all others nowhere.
    pub fn find(&self, authority: &str) -> Option<SocketAddr> {
        let (host, port) = authority.rsplit_once(':')?;
        let host = host.to_ascii_lowercase();
        match (host.as_str(), port) {
            ("127.0.0.1" | "localhost", "8443") => Some(self.satellite),
            (host, "443") if host.ends_with(".cisco.com") => Some(self.cssm),
            _ => None,
        }
    }
}

/// A running proxy.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Serves a listener until stopped; needs a runtime.
    pub fn start(listener: TcpListener, targets: Targets) -> std::io::Result<Self> {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((client, _)) => drop(tokio::spawn(serve(client, targets))),
                    Err(error) => tracing::warn!(%error, "the proxy could not accept"),
                }
            }
        });
        Ok(Self { address, task })
    }

    /// Stops accepting; tunnels under way end with the process.
    pub fn stop(&self) {
        self.task.abort();
    }
}

async fn serve(mut client: TcpStream, targets: Targets) {
    let head = tokio::time::timeout(HEAD_TIME, read_head(&mut client)).await;
    let Ok(Ok(head)) = head else { return };
    let done = match destination(&head, &targets) {
        Ok(target) => tunnel(&mut client, target).await,
        Err((status, text)) => {
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{text}",
                text.len()
            );
            client.write_all(answer.as_bytes()).await
        }
    };
    if let Err(error) = done {
        tracing::debug!(%error, "a tunnel ended");
    }
}

/// Reads up to the empty line that ends a request head.
async fn read_head(client: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD_LIMIT {
        head.push(client.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

type Refusal = (&'static str, String);

fn destination(head: &str, targets: &Targets) -> Result<SocketAddr, Refusal> {
    let line = head.lines().next().unwrap_or_default();
    let mut words = line.split(' ');
    if words.next() != Some("CONNECT") {
        let text = "This proxy only tunnels: CONNECT host:443.\n".to_owned();
        return Err(("405 Method Not Allowed", text));
    }
    let authority = words.next().unwrap_or_default();
    targets.find(authority).ok_or_else(|| {
        let text = format!(
            "{authority} is not part of the lab. This proxy leads *.cisco.com:443 to the emulated \
             CSSM and 127.0.0.1:8443 to the emulated satellite, and nowhere else.\n"
        );
        ("403 Forbidden", text)
    })
}

async fn tunnel(client: &mut TcpStream, target: SocketAddr) -> std::io::Result<()> {
    let mut server = TcpStream::connect(target).await?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    copy_bidirectional(client, &mut server).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The proxy leads only where the lab is.
    #[test]
    fn only_the_real_services_hosts_are_mapped() {
        let (cssm, satellite) = ("127.0.0.1:1".parse().unwrap(), "127.0.0.1:2".parse().unwrap());
        let targets = Targets { cssm, satellite };
        assert_eq!(targets.find("swapi.cisco.com:443"), Some(cssm));
        assert_eq!(targets.find("CloudSSO.Cisco.com:443"), Some(cssm));
        assert_eq!(targets.find("127.0.0.1:8443"), Some(satellite));
        for other in ["example.com:443", "cisco.com.evil.example:443", "swapi.cisco.com:80", "x"] {
            assert_eq!(targets.find(other), None, "{other}");
        }
    }
}
