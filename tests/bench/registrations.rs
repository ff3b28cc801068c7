//! Signed registrations of products that the server does not know, ready to be sent.

use super::load::Script;
use super::requests::post;
use syncom::clock::wall_time;
use syncom::crypto::csr;
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::device::profile::Profile;
use syncom::device::state::Product;
use syncom::protocol::bodies::{Registration, RequestBody, RequestType};
use syncom::protocol::fields::Der;
use syncom::protocol::message::{Header, Request, SignedRequest};

/// As many as `total`, each with a P-256 key of its own, dealt to connections.
pub fn signed(token: &str, connections: usize, total: usize) -> Vec<Script> {
    let profile = Profile::find("sim").unwrap();
    let script = |connection: usize| {
        let each = (0..total / connections).map(|at| at * connections + connection);
        Script::once(each.map(|number| registration(&profile, token, number)).collect(), "OK")
    };
    (0..connections).map(script).collect()
}

fn registration(profile: &Profile, token: &str, number: usize) -> Vec<u8> {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let product = Product::of(profile, &format!("PRE{number:06}"));
    let nonce = format!("9{number:012}");
    let header = Header::new(RequestType::Registration, product.sudi.clone(), nonce);
    let body = RequestBody::Registration(Box::new(Registration {
        idtoken: token.to_owned(),
        csr: Der(csr::make(&key, &product.name).unwrap()),
        software_tag_identifier: product.software_tag,
        hostname: product.hostname,
        force: false,
        product_name: product.name,
        product_version: Some(product.version),
        ha_members: Vec::new(),
    }));
    let text = Request { header, timestamp: wall_time(), body }.to_text();
    let signature = key.sign(text.as_bytes()).unwrap();
    post("/licservice/license", "", &SignedRequest::envelope(&text, signature))
}
