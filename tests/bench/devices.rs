//! Registered products whose renewals are signed before the clock runs.

use super::server::Server;
use syncom::clock::wall_time;
use syncom::crypto::keys::{KeyKind, PrivateKey};
use syncom::device::Device;
use syncom::device::client::Client;
use syncom::device::state::Product;
use syncom::domain::time::Timestamp;
use syncom::protocol::bodies::{Authorization, EntitlementRequest, RequestBody};
use syncom::protocol::message::{Header, Request, SignedRequest};

const TAG: &str = concat!(
    "regid.2026-01.com.syncom.UCM_ENHANCED_PLUS,1.0_",
    "0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0002"
);

/// Products of one key: the server does the same work for each, and making
/// RSA keys is not what is measured.
pub struct Fleet {
    devices: Vec<Device>,
    address: String,
    sent: Timestamp,
    signed: u64,
}

impl Fleet {
    /// Registers one product for each connection, with RSA-2048 as real agents.
    pub async fn register(server: &Server, count: usize) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let token = server.ready["lab"]["token"].as_str().expect("a token").to_owned();
        let client = client(server);
        let first = Device::new(Product::simulated("BENCH"), KeyKind::Rsa2048).expect("a key");
        let mut devices = Vec::new();
        for number in 0..count {
            let mut state = first.state().clone();
            state.product = Product::simulated(&format!("BENCH{number:06}"));
            let mut device = Device::from_state(state).expect("a product");
            device.register(&client, &token, true, wall_time()).await.expect("registered");
            devices.push(device);
        }
        Self { devices, address: server.address(), sent: wall_time(), signed: 0 }
    }

    /// Signs so many renewals of each product, each later than the last.
    pub fn sign(&mut self, each: usize, changing: bool) -> Vec<Vec<Vec<u8>>> {
        let (address, signed) = (self.address.clone(), self.signed);
        self.signed += each as u64;
        let sent = self.sent;
        let halves: Vec<&[Device]> = self.devices.chunks(self.devices.len().div_ceil(2)).collect();
        std::thread::scope(|scope| {
            let threads: Vec<_> = halves
                .into_iter()
                .map(|half| {
                    let address = &address;
                    scope.spawn(move || {
                        let one = |device| renewals(device, address, sent, signed, each, changing);
                        half.iter().map(one).collect::<Vec<_>>()
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("signed")).collect()
        })
    }

    /// Deregisters all, so that the next level begins alike. Its timestamps lie
    /// after all that were signed.
    pub async fn leave(mut self, server: &Server) {
        let client = client(server);
        for device in &mut self.devices {
            let later = later(self.sent, self.signed + 60_000);
            device.deregister(&client, later).await.expect("deregistered");
        }
    }
}

fn client(server: &Server) -> Client {
    Client::new(&server.url(), None, None).expect("a client")
}

fn later(than: Timestamp, millis: u64) -> Timestamp {
    Timestamp::from_millis(than.millis() + i64::try_from(millis).expect("small")).expect("a date")
}

fn renewals(
    device: &Device,
    address: &str,
    sent: Timestamp,
    signed: u64,
    each: usize,
    changing: bool,
) -> Vec<Vec<u8>> {
    let state = device.state();
    let key = PrivateKey::from_pem(&state.key_pem).expect("a key");
    let identity = state.registration.identity.as_ref().expect("an identity");
    (1..=each as u64)
        .map(|number| {
            let count = if changing { 1 + number % 2 } else { 1 };
            let body = RequestBody::Authorization(Authorization {
                entitlements: vec![EntitlementRequest {
                    tag: TAG.to_owned(),
                    version: None,
                    count,
                }],
            });
            let nonce = (signed + number).to_string();
            let mut header = Header::new(body.request_type(), state.product.sudi.clone(), nonce);
            header.product_instance_identifier = Some(identity.product_instance_identifier);
            header.id_cert_serial_number = Some(identity.serial);
            header.signing_cert_serial_number = Some(identity.signer_serial);
            let timestamp = later(sent, signed + number);
            let text = Request { header, timestamp, body }.to_text();
            let signature = key.sign(text.as_bytes()).expect("a signature");
            let body = SignedRequest::envelope(&text, signature);
            format!(
                "POST /licservice/license HTTP/1.1\r\nHost: {address}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes()
        })
        .collect()
}
