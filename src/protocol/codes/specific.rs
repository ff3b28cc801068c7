//! The authorization code of a specific reservation: XML on one line.
// device-protocol.md 4.2: the template is PROVEN by a published code; the dates of terms inside
// it are not public and written as devices show them.

use super::document::{self, Element};
use super::{BadCode, udi_text};
use crate::domain::time::Timestamp;
use crate::protocol::sudi::Sudi;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use quick_xml::escape::escape;
use std::fmt::Write as _;
use uuid::Uuid;

/// The most certificates that a code may bring along.
const CHAIN: usize = 4;

/// How devices show the last day of a term, in capitals (proven).
const DAY: &str = "%Y-%b-%d UTC";

/// So many licenses of one tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// Entitlement tag.
    pub tag: String,
    /// How many.
    pub count: u64,
    /// First and last day of a term; none of what is perpetual.
    pub term: Option<(NaiveDate, NaiveDate)>,
    /// `PERPETUAL`, `TERM` or `SUBSCRIPTION` (proven).
    pub license_type: String,
    /// Name for people.
    pub display_name: String,
    /// Longer text for people.
    pub description: String,
    /// Subscription it comes from.
    pub subscription: Option<String>,
}

/// A code, read but not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specific {
    /// The product instance.
    pub instance: Uuid,
    /// When it was made.
    pub made_at: Timestamp,
    /// What the device may use.
    pub entitlements: Vec<Entitlement>,
    /// The device, as [`udi_text`] writes it.
    pub udi: String,
    /// What is signed, as it stands there.
    pub signed: String,
    /// DER.
    pub signature: Vec<u8>,
    /// The certificates of the signer, DER, below the root's; none when the root has signed.
    pub certificates: Vec<Vec<u8>>,
}

/// What is to be signed.
pub fn body(instance: Uuid, made_at: Timestamp, entitlements: &[Entitlement]) -> String {
    let mut text = format!(
        "<authorizationCode><flag>A</flag><version>C</version><piid>{instance}</piid>\
         <timestamp>{}</timestamp><entitlements>",
        made_at.millis()
    );
    for of in entitlements {
        let day = |day: NaiveDate| day.format(DAY).to_string().to_uppercase();
        let (from, to) = of.term.map(|(from, to)| (day(from), day(to))).unwrap_or_default();
        let _ = write!(
            text,
            "<entitlement><tag>{}</tag><count>{}</count><startDate>{from}</startDate>\
             <endDate>{to}</endDate><licenseType>{}</licenseType><displayName>{}</displayName>\
             <tagDescription>{}</tagDescription><subscriptionID>{}</subscriptionID></entitlement>",
            escape(&of.tag),
            of.count,
            escape(&of.license_type),
            escape(&of.display_name),
            escape(&of.description),
            escape(of.subscription.as_deref().unwrap_or_default()),
        );
    }
    text.push_str("</entitlements></authorizationCode>");
    text
}

/// The whole code, from its signed body. A satellite's brings its certificates along, from the
/// signer's upwards, because a device knows the root alone (ours).
pub fn frame(body: &str, signature: &[u8], device: &Sudi, certificates: &[Vec<u8>]) -> String {
    let udi = udi_text(device);
    let certificate = |der| format!("<certificate>{}</certificate>", STANDARD.encode(der));
    let chain = match certificates {
        [] => String::new(),
        all => {
            let all: String = all.iter().map(certificate).collect();
            format!("<certificates>{all}</certificates>")
        }
    };
    format!(
        "<specificPLR>{body}<signature>{}</signature><udi>{}</udi>{chain}</specificPLR>",
        STANDARD.encode(signature),
        escape(&udi)
    )
}

/// The code for that device, of one or several.
pub(super) fn for_device(text: &str, device: &Sudi) -> Result<Specific, BadCode> {
    let root = document::read(text)?;
    let own = udi_text(device);
    let mut codes = match root.name.as_str() {
        "specificPLR" => vec![read(text, &root)?],
        "smartLicense" => {
            let all = root.children.iter().map(|child| read(text, child));
            all.collect::<Result<Vec<_>, _>>()?
        }
        other => {
            return Err(BadCode::new(format!("it is no authorization code: <{other:.40}>")));
        }
    };
    match codes.iter().position(|code| code.udi == own) {
        Some(at) => Ok(codes.swap_remove(at)),
        // A single code goes on to be refused by what it says: whose it is.
        None if codes.len() == 1 => Ok(codes.swap_remove(0)),
        None => Err(BadCode::new(format!("of its {} codes, none is for {own}", codes.len()))),
    }
}

fn read(text: &str, element: &Element) -> Result<Specific, BadCode> {
    if element.name != "specificPLR" {
        return Err(BadCode::new(format!(
            "<specificPLR> is missing, <{:.40}> is there",
            element.name
        )));
    }
    let code = element.one("authorizationCode")?;
    let version = &code.one("version")?.text;
    if version != "C" {
        return Err(BadCode::new(format!("its version {version:.8} is not known; C is")));
    }
    let field = |name: &str| -> Result<&str, BadCode> { Ok(code.one(name)?.text.as_str()) };
    let wrong = |name: &str| BadCode::new(format!("<{name}> cannot be read"));
    let millis = field("timestamp")?.parse().ok().and_then(Timestamp::from_millis);
    let signature = STANDARD.decode(&element.one("signature")?.text);
    let all = code.one("entitlements")?.children.iter().map(entitlement);
    Ok(Specific {
        instance: field("piid")?.parse().map_err(|_| wrong("piid"))?,
        made_at: millis.ok_or_else(|| wrong("timestamp"))?,
        entitlements: all.collect::<Result<_, _>>()?,
        udi: element.one("udi")?.text.clone(),
        signed: text.get(code.place.0..code.place.1).unwrap_or_default().to_owned(),
        signature: signature.map_err(|_| wrong("signature"))?,
        certificates: certificates(element)?,
    })
}

fn certificates(element: &Element) -> Result<Vec<Vec<u8>>, BadCode> {
    if element.children.iter().all(|child| child.name != "certificates") {
        return Ok(Vec::new());
    }
    let chain = element.one("certificates")?;
    if chain.children.is_empty() || chain.children.len() > CHAIN {
        let count = chain.children.len();
        return Err(BadCode::new(format!("it brings {count} certificates; 1 to {CHAIN} may be")));
    }
    let one = |child: &Element| match child.name.as_str() {
        "certificate" => {
            STANDARD.decode(&child.text).map_err(|_| BadCode::new("<certificate> cannot be read"))
        }
        other => Err(BadCode::new(format!("<{other:.40}> among the certificates"))),
    };
    chain.children.iter().map(one).collect()
}

fn entitlement(element: &Element) -> Result<Entitlement, BadCode> {
    let wrong = |name: &str| BadCode::new(format!("<{name}> of a license cannot be read"));
    let day = |name: &str| -> Result<Option<NaiveDate>, BadCode> {
        let Some(text) = element.some(name) else { return Ok(None) };
        NaiveDate::parse_from_str(&text, DAY).map(Some).map_err(|_| wrong(name))
    };
    Ok(Entitlement {
        tag: element.one("tag")?.text.clone(),
        count: element.one("count")?.text.parse().map_err(|_| wrong("count"))?,
        term: day("startDate")?.zip(day("endDate")?),
        license_type: element.one("licenseType")?.text.clone(),
        display_name: element.some("displayName").unwrap_or_default(),
        description: element.some("tagDescription").unwrap_or_default(),
        subscription: element.some("subscriptionID"),
    })
}
