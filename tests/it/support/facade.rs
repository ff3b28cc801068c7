//! A product at work with its own pages, at the test's own clock.

use super::browser::Browser;
use super::rest::{Answer, Rest};
use serde_json::Value;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syncom::clock::Clock;
use syncom::crypto::keys::KeyKind;
use syncom::device::Device;
use syncom::device::live::{Live, Timekeeper};
use syncom::device::profile::Profile;
use syncom::device::situations::portal::Portal;
use syncom::device::state::{Product, State};
use syncom::facade::Facade;
use syncom::facade::gate::Gate;
use syncom::facade::serve::{self, Running};

/// Who may sign in.
pub const USER: &str = "admin";
/// And how.
pub const PASSWORD: &str = "of this product";

/// A product that serves, until it is stopped.
pub struct TestFacade {
    /// Where: `http://127.0.0.1:…`.
    pub url: String,
    server: Running,
    timekeeper: Timekeeper,
    file: PathBuf,
}

/// A product of this kind fresh from the factory, which asks for its authorization at once.
pub fn product(profile: &str, server_url: &str) -> Device {
    let profile = Profile::find(profile).unwrap();
    let product = Product::of(&profile, &profile.serial);
    let mut device = Device::new(profile, product, KeyKind::P256).unwrap();
    device.timers_mut().set("first_authorization", "0").unwrap();
    device.timers_mut().set("first_authorization_latest", "0").unwrap();
    device.settings_mut().url = Some(format!("{server_url}/licservice/license"));
    device
}

/// A product that trusts the root of a portal, and that portal.
pub fn trusting(profile: &str) -> (Device, Portal) {
    super::app::install_crypto();
    let portal = Portal::new().unwrap();
    let mut device = product(profile, "http://127.0.0.1:9");
    device.settings_mut().ca_pem = Some(portal.ca_pem());
    (device, portal)
}

impl TestFacade {
    /// Starts a product, kept in a file of this folder.
    pub fn start(device: Device, folder: &Path, clock: &Clock) -> Self {
        let file = folder.join("device.json");
        let default_url = device.state().settings.url.clone().unwrap();
        let clock = clock.clone();
        let timekeeper = Live::start(device, file.clone(), Arc::new(move || clock.now())).unwrap();
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let live = timekeeper.live().clone();
        let gate = Gate::new(USER, PASSWORD);
        let server = serve::start(Facade { live, gate, default_url, port }, socket).unwrap();
        Self { url: format!("http://127.0.0.1:{port}"), server, timekeeper, file }
    }

    /// Stops it, and gives what its file holds.
    pub async fn stop(self) -> State {
        self.server.stop().await;
        self.timekeeper.stop().await;
        State::load(&self.file).unwrap()
    }

    /// A browser in which nobody has signed in.
    pub fn anonymous(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// A browser in which the user has signed in.
    pub async fn sign_in(&self) -> Browser {
        let browser = self.anonymous();
        let form = browser.get("/login").await.form("main form");
        let page = browser.submit(form.set("username", USER).set("password", PASSWORD)).await;
        assert!(!page.path.starts_with("/login"), "{}", page.text());
        browser
    }

    /// A call of the JSON, with this bearer.
    pub async fn call(&self, bearer: &str, method: &str, path: &str, body: &str) -> Answer {
        self.at(bearer, method, &format!("/api/v0/{path}"), body).await
    }

    async fn at(&self, bearer: &str, method: &str, path: &str, body: &str) -> Answer {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = http.request(method, format!("{}{path}", self.url));
        let request = request.header("content-type", "application/json").body(body.to_owned());
        let request = match bearer {
            "" => request,
            bearer => request.header("authorization", format!("Bearer {bearer}")),
        };
        Rest::new(&self.url).send(request).await
    }

    /// A call of our own about host licenses.
    pub async fn hosts(&self, bearer: &str, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.at(bearer, method, &format!("/_syncom/hosts{path}"), &body).await
    }

    /// A bearer.
    pub async fn bearer(&self) -> String {
        let body = serde_json::json!({"username": USER, "password": PASSWORD}).to_string();
        let answer = self.call("", "POST", "authenticate", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json.as_str().unwrap().to_owned()
    }

    /// The whole status.
    pub async fn status(&self, bearer: &str) -> Value {
        let answer = self.call(bearer, "GET", "licensing", "").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    }
}
