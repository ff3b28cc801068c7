//! Registered products and their signed renewals, ready to be sent.
//!
//! Real agents sign with RSA-2048, so these do. They share one key: the server cannot tell, and
//! sixty-four keys would take longer to make than all runs to measure.

use super::load::Script;
use super::process::Server;
use super::requests::post;
use chrono::TimeDelta;
use syncom::clock::wall_time;
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::device::Device;
use syncom::device::client::Client;
use syncom::device::profile::Profile;
use syncom::device::state::{Identity, Product};
use syncom::domain::Timestamp;
use syncom::protocol::bodies::{Authorization, EntitlementRequest, RequestBody, RequestType};
use syncom::protocol::message::{Header, Request, SignedRequest};
use syncom::protocol::sudi::Sudi;

const TAG: &str =
    "regid.2026-01.com.syncom.UCM_ENHANCED_PLUS,1.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0002";
/// Threads that sign before a run.
const SIGNERS: usize = 2;

/// Products that are registered.
pub struct Fleet {
    key: PrivateKey,
    members: Vec<Member>,
}

/// What a message says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// That as much is used as before: an authorization renewal.
    TheSame,
    /// That another number is used.
    Another,
}

struct Member {
    sudi: Sudi,
    identity: Identity,
    /// The timestamp of the next message: each must be later than the one before.
    next: Timestamp,
    /// How many it uses.
    count: u64,
}

impl Fleet {
    /// Registers this many products with one key.
    pub async fn register(server: &Server, count: usize) -> Self {
        let key = PrivateKey::generate(KeyKind::Rsa2048).unwrap();
        let client = Client::new(server.url(), None, None).unwrap();
        let token = server.ready["lab"]["token"].as_str().unwrap();
        let mut members = Vec::new();
        for number in 1..=count {
            let profile = Profile::find("sim").unwrap();
            let product = Product::of(&profile, &format!("{number:06}"));
            let mut device = Device::with_key(profile, product, key.clone());
            let now = wall_time();
            device.register(&client, token, false, now).await.unwrap();
            let state = device.state();
            members.push(Member {
                sudi: state.product.sudi.clone(),
                identity: state.registration.identity.clone().unwrap(),
                next: now + TimeDelta::milliseconds(1),
                count: 1,
            });
        }
        Self { key, members }
    }

    /// Signs `total` messages for the first products, a script for each.
    pub fn sign(&mut self, products: usize, total: usize, says: Says) -> Vec<Script> {
        let (key, each) = (&self.key, total / products);
        let members = &mut self.members[..products];
        let chunk = products.div_ceil(SIGNERS);
        std::thread::scope(|scope| {
            let signers: Vec<_> = members
                .chunks_mut(chunk)
                .map(|part| {
                    scope.spawn(move || {
                        let script =
                            |member: &mut Member| Script::once(member.sign(key, each, says), "OK");
                        part.iter_mut().map(script).collect::<Vec<_>>()
                    })
                })
                .collect();
            signers.into_iter().flat_map(|signer| signer.join().unwrap()).collect()
        })
    }
}

impl Member {
    fn sign(&mut self, key: &PrivateKey, count: usize, says: Says) -> Vec<Vec<u8>> {
        (0..count).map(|_| self.message(key, says)).collect()
    }

    fn message(&mut self, key: &PrivateKey, says: Says) -> Vec<u8> {
        if says == Says::Another {
            self.count = 3 - self.count;
        }
        let nonce = self.next.millis().to_string();
        let mut header = Header::new(RequestType::Authorization, self.sudi.clone(), nonce);
        header.product_instance_identifier = Some(self.identity.product_instance_identifier);
        header.id_cert_serial_number = Some(self.identity.serial);
        header.signing_cert_serial_number = Some(self.identity.signer_serial);
        let (tag, count) = (TAG.to_owned(), self.count);
        let entitlements = vec![EntitlementRequest { tag, version: None, count }];
        let body = RequestBody::Authorization(Authorization { entitlements });
        let text = Request { header, timestamp: self.next, body }.to_text();
        self.next = self.next + TimeDelta::milliseconds(1);
        let signature = key.sign(text.as_bytes()).unwrap();
        post("/licservice/license", "", &SignedRequest::envelope(&text, signature))
    }
}
