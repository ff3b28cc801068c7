//! A message that breaks off: half of it, then nothing.

use crate::device::DeviceError;
use crate::device::client::Client;
use crate::device::prepared::Prepared;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// Sends half of a message and hangs up. Over https, the server sees no TLS in it.
pub(super) async fn send_half(client: &Client, prepared: &Prepared) -> DeviceError {
    match try_to_send_half(client, prepared.text()).await {
        Ok(()) => DeviceError::Unreachable("the connection broke".to_owned()),
        Err(error) => DeviceError::Unreachable(error.to_string()),
    }
}

async fn try_to_send_half(client: &Client, text: &str) -> std::io::Result<()> {
    let url = client.url();
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = TcpStream::connect((host, port)).await?;
    let half = text.get(..text.len() / 2).unwrap_or_default();
    let (path, length) = (url.path(), text.len());
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(half.as_bytes()).await?;
    stream.shutdown().await
}
