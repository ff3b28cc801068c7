//! The HTTP server of one product.

use super::Facade;
use super::faults::Fault;
use actix_web::dev::ServerHandle;
use actix_web::middleware::{DefaultHeaders, NormalizePath, TrailingSlash};
use actix_web::rt::task::JoinHandle;
use actix_web::{App, HttpRequest, HttpServer, web};
use std::net::TcpListener;

/// Seconds that a stop waits for requests under way (ours).
const STOP_SECONDS: u64 = 5;
/// The largest body that is read, in bytes (ours).
const BODY_LIMIT: usize = 256 * 1024;

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

/// Starts the server on a socket that is bound.
///
/// # Errors
/// The socket is of no use.
pub fn start(facade: Facade, socket: TcpListener) -> std::io::Result<Running> {
    let data = web::Data::new(facade);
    let server = HttpServer::new(move || {
        let headers = DefaultHeaders::new()
            .add(("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"))
            .add(("X-Content-Type-Options", "nosniff"))
            .add(("Referrer-Policy", "same-origin"));
        App::new()
            .app_data(data.clone())
            .app_data(web::PayloadConfig::new(BODY_LIMIT))
            .wrap(headers)
            .wrap(NormalizePath::new(TrailingSlash::Trim))
            .configure(super::api::configure)
            .configure(super::hosts::configure)
            .configure(super::pages::configure)
    })
    // One product has one user.
    .workers(1)
    .shutdown_timeout(STOP_SECONDS)
    .disable_signals()
    .listen(socket)?
    .run();
    // A server that nobody polls neither serves nor stops.
    Ok(Running { handle: server.handle(), served: actix_web::rt::spawn(server) })
}

/// What an address answers to a method that it does not know.
pub async fn other_method(request: HttpRequest) -> Result<&'static str, Fault> {
    Err(Fault::Method(request.method().to_string()))
}
