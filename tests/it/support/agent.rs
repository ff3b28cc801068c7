//! An agent of a few lines that writes whatever message a test wants, in either transport.

use syncom::clock::Clock;
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::crypto::{chain, csr};
use syncom::domain::Timestamp;
use syncom::protocol::answers::{AnswerBody, AuthorizationAnswer, RegistrationAnswer};
use syncom::protocol::bodies::{
    Authorization, EntitlementRequest, HaMember, IdCertRenew, Registration, RequestBody,
};
use syncom::protocol::call_home::CallHomeMessage;
use syncom::protocol::error_codes::StatusCode;
use syncom::protocol::fields::Der;
use syncom::protocol::message::{Header, Request, SignedRequest};
use syncom::protocol::response::{Response, SignedResponse};
use syncom::protocol::sudi::Sudi;

/// The software tag of product `SIM`.
const SOFTWARE_TAG: &str = "regid.2026-01.com.syncom.SIM,1.0_5d8f2c64-1f0e-4b6a-9c39-7d1f0c2b6a01";
/// Smart Transport on CSSM.
pub const SMART_TRANSPORT: &str = "/licservice/license";
/// Smart Call Home on CSSM.
pub const CALL_HOME: &str = "/its/service/oddce/services/DDCEService";
/// Smart Call Home on a satellite, or on a transport gateway.
pub const GATEWAY: &str = "/Transportgateway/services/DeviceRequestHandler";

/// What came back: HTTP status, content type, body.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub kind: String,
    pub text: String,
}

/// The agent.
pub struct Agent {
    pub header: Header,
    pub key: PrivateKey,
    http: reqwest::Client,
    url: String,
    clock: Clock,
    last: Option<Timestamp>,
    count: u64,
}

impl Agent {
    /// An agent of product `SIM` that will talk to a path of a server.
    pub fn new(url: &str, path: &str, serial: &str, clock: &Clock) -> Self {
        super::app::install_crypto();
        let sudi = Sudi::hardware("SIM", serial);
        let nobody = RequestBody::Authorization(Authorization { entitlements: Vec::new() });
        Self {
            header: Header::new(nobody.request_type(), sudi, "1".to_owned()),
            key: PrivateKey::generate(KeyKind::P256).unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            url: format!("{url}{path}"),
            clock: clock.clone(),
            last: None,
            count: 0,
        }
    }

    /// The signed JSON of a message; every one is later than the one before.
    pub fn message(&mut self, body: RequestBody) -> String {
        let next = self.last.map(|last| last + chrono::TimeDelta::milliseconds(1));
        let timestamp = next.map_or(self.clock.now(), |next| next.max(self.clock.now()));
        self.last = Some(timestamp);
        self.count += 1;
        let mut header = self.header.clone();
        // Keys differ, and with them the nonces of any two agents.
        let own = self
            .key
            .spki_der()
            .iter()
            .rev()
            .take(8)
            .fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        header.nonce = format!("{own}{}", self.count);
        body.request_type().name().clone_into(&mut header.request_type);
        if matches!(body, RequestBody::Registration(_)) {
            header.product_instance_identifier = None;
            header.id_cert_serial_number = None;
        }
        let text = Request { header, timestamp, body }.to_text();
        SignedRequest::envelope(&text, self.key.sign(text.as_bytes()).unwrap())
    }

    /// The message in the envelope that its path expects.
    pub fn wrapped(&self, message: String) -> String {
        if !self.wraps() {
            return message;
        }
        let id = format!("M{}", self.count);
        CallHomeMessage::request(id, self.clock.now(), message).to_xml()
    }

    fn wraps(&self) -> bool {
        self.url.ends_with(CALL_HOME) || self.url.ends_with(GATEWAY)
    }

    /// Posts bytes as they are.
    pub async fn post(&self, body: impl Into<reqwest::Body>) -> Reply {
        let answer = self.http.post(&self.url).body(body).send().await.unwrap();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        let status = answer.status().as_u16();
        Reply { status, kind, text: answer.text().await.unwrap() }
    }

    /// What an answer says, out of whichever envelope.
    pub fn read(&self, reply: &Reply) -> Response {
        let unwrapped =
            self.wraps().then(|| CallHomeMessage::parse(reply.text.as_bytes()).unwrap().attachment);
        let json = unwrapped.as_deref().unwrap_or(&reply.text);
        SignedResponse::parse(json.as_bytes()).unwrap().response
    }

    /// Sends a message and reads the answer.
    pub async fn send(&mut self, body: RequestBody) -> Response {
        let message = self.message(body);
        let reply = self.post(self.wrapped(message)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        self.read(&reply)
    }

    /// Sends a message that must be accepted.
    pub async fn done(&mut self, body: RequestBody) -> AnswerBody {
        let answer = self.send(body).await;
        assert_eq!(answer.status, StatusCode::Ok, "{answer:?}");
        answer.data.unwrap().body.unwrap()
    }

    /// Sends a message that must be refused; answers `status_message`.
    pub async fn refused(&mut self, body: RequestBody) -> String {
        let answer = self.send(body).await;
        assert_eq!(answer.status, StatusCode::Failed, "{answer:?}");
        answer.message.unwrap()
    }

    /// A registration, to be changed or sent.
    pub fn registration(&self, token: &str) -> Registration {
        Registration {
            idtoken: token.to_owned(),
            csr: Der(csr::make(&self.key, "SIM").unwrap()),
            software_tag_identifier: SOFTWARE_TAG.to_owned(),
            hostname: None,
            force: false,
            product_name: "Syncom SIM".to_owned(),
            product_version: None,
            ha_members: Vec::new(),
        }
    }

    /// Registers, and keeps its identity.
    pub async fn register(&mut self, wanted: Registration) -> RegistrationAnswer {
        let answer = self.send(RequestBody::Registration(Box::new(wanted))).await;
        assert_eq!(answer.status, StatusCode::Ok, "{answer:?}");
        let data = answer.data.unwrap();
        let Some(AnswerBody::Registration(registered)) = data.body else { panic!("{data:?}") };
        self.header.product_instance_identifier = data.product_instance_identifier;
        let leaf = chain::read(&registered.id_certificate.0).unwrap();
        self.header.id_cert_serial_number = leaf.serial;
        registered
    }

    /// The words with which a registration is refused.
    pub async fn turned_away(&mut self, wanted: Registration) -> String {
        self.refused(RequestBody::Registration(Box::new(wanted))).await
    }

    /// Reports what is in use.
    pub async fn report(&mut self, counts: &[(&str, u64)]) -> AuthorizationAnswer {
        let AnswerBody::Authorization(told) = self.done(in_use(counts)).await else { panic!() };
        told
    }

    /// Asks for a new certificate of the same key.
    pub async fn renew(&mut self) {
        let csr = Der(csr::make(&self.key, "SIM").unwrap());
        let body = RequestBody::IdCertRenew(IdCertRenew { csr });
        let AnswerBody::IdCertRenew(renewed) = self.done(body).await else { panic!() };
        let leaf = chain::read(&renewed.id_certificate.0).unwrap();
        self.header.id_cert_serial_number = leaf.serial;
    }
}

/// A report of use.
pub fn in_use(counts: &[(&str, u64)]) -> RequestBody {
    let entry = |(tag, count): &(&str, u64)| EntitlementRequest {
        tag: (*tag).to_owned(),
        version: None,
        count: *count,
    };
    RequestBody::Authorization(Authorization { entitlements: counts.iter().map(entry).collect() })
}

/// A unit of a high-availability group of `SIM`s.
pub fn unit(role: &str, serial: &str) -> HaMember {
    HaMember { role: role.to_owned(), sudi: Sudi::hardware("SIM", serial) }
}
