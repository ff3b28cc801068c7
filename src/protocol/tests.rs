//! Tests of the codecs: round trips, refusals by name, and never a panic.

mod call_home;
mod document;
pub(super) mod fuzz;
mod refusals;
mod round_trips;

use super::bodies::*;
use super::fields::Der;
use super::message::{Header, Request, SignedRequest};
use super::sudi::Sudi;
use super::third_party::*;
use crate::domain::time::Timestamp;
use serde_json::{Value, json};

/// The instant at which every message of these tests is written.
fn now() -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00.123Z").unwrap()
}

fn request(body: RequestBody) -> Request {
    let sudi = Sudi::hardware("SIM", "SIM000001");
    let mut header = Header::new(body.request_type(), sudi, "7648120011223344".to_owned());
    if body.request_type() != RequestType::Registration {
        header.product_instance_identifier = Some(uuid::Uuid::from_u128(9));
        header.id_cert_serial_number = Some(16_451_298);
    }
    Request { header, timestamp: now(), body }
}

fn authorization() -> Request {
    request(RequestBody::Authorization(Authorization {
        entitlements: vec![EntitlementRequest {
            tag: "regid.2017-02.com.cisco.UCM_CUWL,12.0_x".to_owned(),
            version: Some("12.0".to_owned()),
            count: 4,
        }],
    }))
}

fn registration() -> Request {
    request(RequestBody::Registration(Box::new(Registration {
        idtoken: "dG9rZW4".to_owned(),
        csr: Der(vec![1, 2, 3]),
        software_tag_identifier:
            "regid.2026-01.com.syncom.SIM,1.0_0f4a3e62-5f2f-4a3c-9d6e-0d2b9b1d7a11".to_owned(),
        hostname: Some("dev-1".to_owned()),
        force: false,
        product_name: "Syncom SIM".to_owned(),
        product_version: Some("1.0".to_owned()),
        ha_members: vec![HaMember {
            role: "Active".to_owned(),
            sudi: Sudi::hardware("SIM", "SIM000001"),
        }],
    })))
}

fn voucher() -> VoucherRequest {
    VoucherRequest {
        id: "1".to_owned(),
        name: "regid.2017-02.com.cisco.UCM_CUWL,12.0_x".to_owned(),
        value: "account 7".to_owned(),
        routing: "NUANCE".to_owned(),
        action: "REGISTER".to_owned(),
        key_id: None,
    }
}

/// The three nested documents of a message, to be spoilt one member at a time.
struct Parts {
    header: Value,
    nonce: Value,
    data: Value,
}

impl Parts {
    fn of(request: &Request) -> Self {
        let inner: Value = serde_json::from_str(&request.to_text()).unwrap();
        let data = serde_json::from_str(inner["request_data"].as_str().unwrap()).unwrap();
        Self { header: inner["header"].clone(), nonce: inner["nonce"].clone(), data }
    }

    fn bytes(&self) -> Vec<u8> {
        let text = json!({
            "header": self.header, "nonce": self.nonce, "request_data": self.data.to_string(),
        });
        SignedRequest::envelope(&text.to_string(), vec![0; 64]).into_bytes()
    }
}
