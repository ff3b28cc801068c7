//! The ways of a product to its server: TLS with our CA, and a proxy that asks who one is.

use crate::support::app::TestApp;
use crate::support::databases::{Database, Ground as _};
use crate::support::device::tags;
use crate::support::proxy::AskingProxy;
use syncom::app::CSSM;
use syncom::crypto::keys::KeyKind;
use syncom::device::client::Client;
use syncom::device::machine::{Event, RegistrationState};
use syncom::device::profile::Transport;
use syncom::device::state::{Proxy, Settings};
use syncom::device::{Device, DeviceError};
use syncom::protocol::third_party::{ThirdPartyKey, Voucher, VoucherRequest};

/// A server, and a product that trusts its CA.
struct Stage {
    app: TestApp,
    settings: Settings,
}

impl Stage {
    async fn set() -> Self {
        let app = TestApp::start(Database::sqlite(), |_| {}).await;
        let port = app.running.site(CSSM).unwrap().https.port();
        let ca_pem = std::fs::read_to_string(&app.running.ca).unwrap();
        let settings = Settings {
            url: Some(format!("https://127.0.0.1:{port}")),
            ca_pem: Some(ca_pem),
            ..Settings::default()
        };
        Self { app, settings }
    }

    /// Whether a new product can register with these settings.
    async fn register(&self, serial: &str) -> Result<RegistrationState, DeviceError> {
        let client = Client::from_settings(&self.settings)?;
        let mut device = Device::simulated(serial, KeyKind::P256)?;
        let token = self.app.lab().token.clone().unwrap();
        device.register(&client, &token, false, self.app.now()).await?;
        Ok(device.state().registration_state())
    }

    /// What keeps a new product from the server.
    async fn unreachable(&self) -> String {
        match self.register("000002").await {
            Err(DeviceError::Unreachable(why)) => why,
            other => panic!("{other:?}"),
        }
    }
}

/// device-protocol.md 1.5: only our CA, and only the name of the certificate.
#[actix_web::test]
async fn tls_needs_our_ca_and_the_right_name() {
    let mut stage = Stage::set().await;
    for transport in [Transport::Smart, Transport::CallHome] {
        stage.settings.transport = transport;
        let registered = stage.register(&format!("{transport:?}")).await.unwrap();
        assert_eq!(registered, RegistrationState::Complete);
    }
    stage.settings.transport = Transport::Smart;
    let ours = stage.settings.ca_pem.take();
    let why = stage.unreachable().await;
    assert!(why.contains("UnknownIssuer") && why.contains("--ca"), "{why}");
    stage.settings.ca_pem = ours;
    let server = stage.app.running.site(CSSM).unwrap().https;
    let proxy = AskingProxy::start(server, "lab", "secret").await;
    let password = Some("secret".to_owned());
    stage.settings.proxy =
        Some(Proxy { url: proxy.url.clone(), user: Some("lab".to_owned()), password });
    stage.settings.url = Some("https://another.example".to_owned());
    let why = stage.unreachable().await;
    assert!(why.contains("not valid for name"), "{why}");
    stage.app.leave().await;
}

/// device-protocol.md 1.3: a proxy with user and password, for both transports.
#[actix_web::test]
async fn a_proxy_may_ask_who_one_is() {
    let mut stage = Stage::set().await;
    let server = stage.app.running.site(CSSM).unwrap().https;
    let proxy = AskingProxy::start(server, "lab", "se:cret ä").await;
    let with = |user: Option<&str>, password: &str| {
        let (user, password) = (user.map(str::to_owned), Some(password.to_owned()));
        Some(Proxy { url: proxy.url.clone(), user, password })
    };
    stage.settings.proxy = with(Some("lab"), "se:cret ä");
    for transport in [Transport::Smart, Transport::CallHome] {
        stage.settings.transport = transport;
        let registered = stage.register(&format!("{transport:?}")).await.unwrap();
        assert_eq!(registered, RegistrationState::Complete);
    }
    assert!(proxy.tunnels() >= 2);
    let opened = proxy.tunnels();
    for (user, password) in [(Some("lab"), "wrong"), (None, "")] {
        stage.settings.proxy = with(user, password);
        let why = stage.unreachable().await;
        assert!(why.contains("407") || why.contains("proxy auth"), "{why}");
    }
    assert_eq!(proxy.tunnels(), opened);
    stage.app.leave().await;
}

/// device-protocol.md 2.6: the product asks for a voucher, checks it and keeps it; without use
/// it is told the proven words.
#[actix_web::test]
async fn a_product_keeps_the_vouchers_that_it_has_checked() {
    let stage = Stage::set().await;
    let client = Client::from_settings(&stage.settings).unwrap();
    let mut device = Device::simulated("000003", KeyKind::P256).unwrap();
    let (token, now) = (stage.app.lab().token.clone().unwrap(), stage.app.now());
    device.register(&client, &token, false, now).await.unwrap();
    let wanted = VoucherRequest {
        id: "speech".to_owned(),
        name: tags::ENHANCED_PLUS.to_owned(),
        value: "read me".to_owned(),
        routing: "NUANCE".to_owned(),
        action: "REGISTER".to_owned(),
        key_id: None,
    };
    let key = ThirdPartyKey { live: true, data: vec![wanted.clone()], compliance_required: false };
    let refused = device.handle(&client, Event::AskKey(key.clone()), now).await.unwrap_err();
    assert!(refused.to_string().contains("Product Instance is not consuming this tag :"));
    let counts = [(tags::ENHANCED_PLUS.to_owned(), 2)];
    device.use_licenses(&client, &counts, now).await.unwrap();
    device.handle(&client, Event::AskKey(key), now).await.unwrap();
    let voucher = Voucher::parse(&device.state().vouchers["speech"]).unwrap();
    assert_eq!((&voucher.request, voucher.count, &*voucher.issuer), (&wanted, 2, "O=Syncom Lab"));
    device.deregister(&client, now).await.unwrap();
    assert!(device.state().vouchers.is_empty());
    stage.app.leave().await;
}
