//! An HTTP proxy that asks who one is, and leads every tunnel to one server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A proxy for `CONNECT`, alive as long as the test.
pub struct AskingProxy {
    /// Where it listens: `http://127.0.0.1:…`.
    pub url: String,
    tunnels: Arc<AtomicUsize>,
}

impl AskingProxy {
    /// Lets `user` with `password` through to `server`, whatever host they name.
    pub async fn start(server: SocketAddr, user: &str, password: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let pass = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        let tunnels = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&tunnels);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, server, pass.clone(), Arc::clone(&count)));
            }
        });
        Self { url, tunnels }
    }

    /// How many tunnels were opened.
    pub fn tunnels(&self) -> usize {
        self.tunnels.load(Ordering::SeqCst)
    }
}

async fn serve(mut client: TcpStream, server: SocketAddr, pass: String, count: Arc<AtomicUsize>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = client.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let known = head.lines().any(|line| {
        let (name, value) = line.split_once(": ").unwrap_or_default();
        name.eq_ignore_ascii_case("proxy-authorization") && value == pass
    });
    if !head.starts_with("CONNECT ") || !known {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic \
             realm=\"lab\"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        drop(client.write_all(refusal.as_bytes()).await);
        return;
    }
    count.fetch_add(1, Ordering::SeqCst);
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    drop(client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await);
    drop(tokio::io::copy_bidirectional(&mut client, &mut server).await);
}
