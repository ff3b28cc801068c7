//! One HTTP server for each site: plain and TLS listeners over the same routes.

use super::Listener;
use super::dated::dated;
use super::normalize::normalize;
use crate::domain::site::Edition;
use actix_web::dev::ServerHandle;
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::rt::task::JoinHandle;
use actix_web::{App, HttpServer, web};
use std::net::TcpListener;

/// Seconds that a stop waits for requests under way.
const STOP_SECONDS: u64 = 5;

/// The sockets of a site.
pub struct Sockets {
    /// Plain HTTP.
    pub http: TcpListener,
    /// HTTPS, with its certificate.
    pub https: (TcpListener, rustls::ServerConfig),
}

/// A running server.
pub struct Running {
    handle: ServerHandle,
    served: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Stops it: no new connections, requests under way are finished.
    pub async fn stop(self) {
        self.handle.stop(true).await;
        if let Ok(Err(error)) = self.served.await {
            tracing::warn!(%error, "a server ended badly");
        }
    }
}

/// Starts the server of a site.
pub fn start(
    listener: Listener,
    edition: Edition,
    sockets: Sockets,
    workers: usize,
) -> std::io::Result<Running> {
    let data = web::Data::new(listener);
    let (https, tls) = sockets.https;
    let server = HttpServer::new(move || {
        let headers = DefaultHeaders::new()
            .add(("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"))
            .add(("X-Content-Type-Options", "nosniff"))
            .add(("Referrer-Policy", "same-origin"));
        App::new()
            .app_data(data.clone())
            .wrap(headers)
            .wrap(from_fn(dated))
            .wrap(from_fn(normalize))
            .configure(|routes| super::routes(routes, edition))
    })
    .workers(workers)
    .shutdown_timeout(STOP_SECONDS)
    .disable_signals()
    .listen(sockets.http)?
    .listen_rustls_0_23(https, tls)?
    .run();
    // A server that nobody polls neither serves nor stops.
    Ok(Running { handle: server.handle(), served: actix_web::rt::spawn(server) })
}
