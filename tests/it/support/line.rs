//! A line between two processes that can be cut.

use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Leads from a free port to a server, as long as it is whole.
pub struct Line {
    /// Where it begins: `http://127.0.0.1:…`.
    pub url: String,
    cut: watch::Sender<bool>,
}

impl Line {
    /// A whole line to a server.
    pub async fn to(server: &str) -> Self {
        let server: SocketAddr = server.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (cut, state) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // Who comes while it is cut is hung up on.
                if !*state.borrow() {
                    tokio::spawn(lead(client, server, state.clone()));
                }
            }
        });
        Self { url, cut }
    }

    /// Nothing goes through from now on.
    pub fn cut(&self) {
        self.cut.send_replace(true);
    }

    /// It is whole again.
    pub fn mend(&self) {
        self.cut.send_replace(false);
    }
}

/// One connection, until an end closes it or the line is cut.
async fn lead(mut client: TcpStream, server: SocketAddr, mut cut: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        _ = cut.wait_for(|cut| *cut) => {}
    }
}
