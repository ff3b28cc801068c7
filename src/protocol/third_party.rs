//! `THIRD_PARTY_KEY`: vouchers that tell a third party what a product may use.
// device-protocol.md 1.4 and 2.6: the members of the request are PROVEN by a wire log, as is
// the routing NUANCE. What they hold beside that, and all of the answer, is ours.

use super::fields::{self, Der, Object, Read};
use super::message::{SIGNATURE_TYPE, json, written};
use super::response::BadResponse;
use crate::domain::time::Timestamp;
use serde::Serialize;
use uuid::Uuid;

/// The most vouchers in one request (ours).
pub const MAX_VOUCHERS: usize = 100;

/// Where vouchers may go (proven: the one that is known).
pub const ROUTINGS: [&str; 1] = ["NUANCE"];

/// What a voucher may be for (ours).
pub const ACTIONS: [&str; 2] = ["REGISTER", "DEREGISTER"];

/// Who a voucher says that it comes from, so that nobody takes it for a vendor's.
pub const ISSUER: &str = "O=Syncom Lab";

/// A request for vouchers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ThirdPartyKey {
    /// False: a rehearsal. All is checked, the vouchers say so, and no event is written.
    pub live: bool,
    /// What is to be vouched for.
    pub data: Vec<VoucherRequest>,
    /// Refuse while a license that the product uses is out of compliance.
    pub compliance_required: bool,
}

/// One voucher that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VoucherRequest {
    /// The product's own name for it; each at most once.
    pub id: String,
    /// The entitlement tag.
    pub name: String,
    /// What the third party is to read: signed as it is, never looked into.
    pub value: String,
    /// One of [`ROUTINGS`].
    pub routing: String,
    /// One of [`ACTIONS`].
    pub action: String,
    /// Which key of the third party the product means.
    pub key_id: Option<String>,
}

/// The vouchers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ThirdPartyKeyAnswer {
    /// One for each that was asked for, in their order.
    pub data: Vec<SignedVoucher>,
}

/// A voucher as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedVoucher {
    /// The `id` of the request.
    pub id: String,
    /// The text of a [`Voucher`]: what is signed.
    pub voucher: String,
    /// The signature over it.
    pub signature: VoucherSignature,
}

/// Made with the key that signs answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VoucherSignature {
    /// `SHA-256`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Serial number of the signing certificate, as decimal text.
    #[serde(serialize_with = "fields::write_serial")]
    pub key: Option<u64>,
    /// Over the UTF-8 bytes of the voucher's text.
    pub value: Der,
}

/// What a voucher says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Voucher {
    /// [`ISSUER`].
    pub issuer: String,
    /// The product instance.
    pub product_instance_identifier: Option<Uuid>,
    /// As asked for.
    #[serde(flatten)]
    pub request: VoucherRequest,
    /// How many of the tag's licenses the instance uses.
    pub count: u64,
    /// Whether it is meant, or a rehearsal.
    pub live: bool,
    /// When it was made.
    #[serde(serialize_with = "fields::write_millis")]
    pub issued_at: Timestamp,
}

impl ThirdPartyKey {
    pub(super) fn read(data: &Object<'_>) -> Read<Self> {
        let items = data.objects("data", MAX_VOUCHERS)?;
        if items.is_empty() {
            return Err(data.complain("data", "must have at least one element"));
        }
        let mut seen = std::collections::HashSet::new();
        let each = items.iter().map(|item| {
            let wanted = VoucherRequest::read(item)?;
            if !seen.insert(wanted.id.clone()) {
                return Err(item.complain("id", "must not be listed twice"));
            }
            Ok(wanted)
        });
        Ok(Self {
            data: each.collect::<Read<_>>()?,
            live: data.boolean("live")?,
            compliance_required: data.flag("compliance_required")?,
        })
    }
}

impl VoucherRequest {
    fn read(item: &Object<'_>) -> Read<Self> {
        Ok(Self {
            id: item.text_of("id", 255)?,
            name: item.text_of("name", 512)?,
            value: item.text("value")?,
            routing: one_of(item, "routing", &ROUTINGS)?,
            action: one_of(item, "action", &ACTIONS)?,
            key_id: item.optional_text("key_id")?,
        })
    }
}

fn one_of(item: &Object<'_>, name: &str, known: &[&str]) -> Read<String> {
    let text = item.text_of(name, 40)?;
    if known.contains(&text.as_str()) {
        return Ok(text);
    }
    Err(item.complain(name, format!("must be {}, is {text}", known.join(" or "))))
}

impl ThirdPartyKeyAnswer {
    pub(super) fn read(data: &Object<'_>) -> Read<Self> {
        let items = data.objects("data", MAX_VOUCHERS)?;
        Ok(Self { data: items.iter().map(SignedVoucher::read).collect::<Read<_>>()? })
    }
}

impl SignedVoucher {
    /// A voucher and the signature over its text.
    pub fn new(id: &str, voucher: String, signature: Vec<u8>, key: u64) -> Self {
        let signature =
            VoucherSignature { kind: SIGNATURE_TYPE, key: Some(key), value: Der(signature) };
        Self { id: id.to_owned(), voucher, signature }
    }

    fn read(item: &Object<'_>) -> Read<Self> {
        let signature = item.object("signature")?;
        if signature.text("type")? != SIGNATURE_TYPE {
            return Err(signature.complain("type", "must be SHA-256"));
        }
        Ok(Self {
            id: item.text("id")?,
            voucher: item.document("voucher")?.to_owned(),
            signature: VoucherSignature {
                kind: SIGNATURE_TYPE,
                key: signature.optional_serial("key")?,
                value: signature.der("value")?,
            },
        })
    }
}

impl Voucher {
    /// The text that is signed.
    pub fn to_text(&self) -> String {
        written(self)
    }

    /// Reads the text of a voucher. The signature is not checked here.
    pub fn parse(text: &str) -> Result<Self, BadResponse> {
        let value = json(text.as_bytes(), "voucher")?;
        let data = Object::root(&value, "voucher")?;
        Ok(Self {
            issuer: data.text("issuer")?,
            product_instance_identifier: data.optional_uuid("product_instance_identifier")?,
            request: VoucherRequest::read(&data)?,
            count: data.count("count")?,
            live: data.boolean("live")?,
            issued_at: data.millis("issued_at")?,
        })
    }
}
