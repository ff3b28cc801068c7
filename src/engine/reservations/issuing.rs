//! Making authorization codes.

use super::reading::sudi;
use crate::db::{self, Conn};
use crate::domain::Timestamp;
use crate::domain::id::AuthorizationId;
use crate::domain::instance::Instance;
use crate::domain::license::{Entitlement, LicenseType};
use crate::domain::line::Line;
use crate::domain::reservation::{Authorization, Kind, Plan, State};
use crate::domain::site::Edition;
use crate::engine::Engine;
use crate::engine::error::{Error, Result};
use crate::protocol::codes::{self, specific, universal};
use crate::protocol::sudi::Sudi;

/// So many licenses of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedLicense {
    /// The license.
    pub entitlement: Entitlement,
    /// The line; none for a reporting-only license.
    pub line: Option<Line>,
    /// How many.
    pub quantity: i64,
}

/// A code that was given out.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The product instance that holds the licenses.
    pub instance: Instance,
    /// Single licenses or all.
    pub kind: Kind,
    /// The code.
    pub authorization: Authorization,
    /// What it says.
    pub licenses: Vec<ReservedLicense>,
}

/// A code that is to be made.
pub(super) struct Draft<'a> {
    pub(super) instance: &'a Instance,
    pub(super) kind: Kind,
    pub(super) licenses: &'a [ReservedLicense],
    pub(super) state: State,
    pub(super) actor: &'a str,
    pub(super) notes: &'a str,
    pub(super) now: Timestamp,
}

/// What a device shall hold according to a plan.
pub(super) fn licenses(plan: &Plan) -> Vec<ReservedLicense> {
    let of = plan.changes.iter().map(|change| ReservedLicense {
        entitlement: change.entitlement.clone(),
        line: change.line.clone(),
        quantity: change.after,
    });
    of.filter(|license| license.quantity > 0).collect()
}

/// Makes, signs and remembers a code.
pub(super) fn issue(engine: &Engine, conn: &mut Conn, draft: &Draft<'_>) -> Result<Authorization> {
    let device = sudi(&draft.instance.udi);
    let keys = engine.keys();
    let (code, signature) = match draft.kind {
        Kind::Specific => specific_code(engine, draft, &device)?,
        Kind::Universal => {
            // Chance, so that a device never gets the same code twice.
            let [.., a, b, c, d] = *engine.ids().uuid(draft.now).as_bytes();
            let number = u32::from_be_bytes([a, b, c, d]);
            let body = universal::body(number, &device, &draft.instance.software_tag);
            let signature = keys.sign_reservation(&body)?;
            let code = universal::frame(number, &signature).ok_or_else(|| {
                Error::Crypto(crate::crypto::Error::Certificate("the root's signature".into()))
            })?;
            (code, signature)
        }
    };
    let authorization = Authorization {
        id: AuthorizationId(engine.ids().uuid(draft.now)),
        account: draft.instance.account,
        instance: draft.instance.id,
        state: draft.state,
        code,
        confirmation: codes::confirmation(&signature, &device),
        return_code: codes::return_code(&signature, &device),
        made_at: draft.now,
        made_by: draft.actor.to_owned(),
        notes: draft.notes.to_owned(),
    };
    db::authorizations::insert(conn, &authorization)?;
    Ok(authorization)
}

/// A code for single licenses, and its signature. The root's key is CSSM's; a satellite's code says
/// who has signed instead (A-RSV-22).
fn specific_code(engine: &Engine, draft: &Draft<'_>, device: &Sudi) -> Result<(String, Vec<u8>)> {
    let keys = engine.keys();
    let body = specific::body(draft.instance.id.0, draft.now, &entitlements(draft.licenses));
    let (signature, chain) = match engine.edition() {
        Edition::Cssm => (keys.sign_reservation(body.as_bytes())?, Vec::new()),
        Edition::Satellite => (keys.sign_as_sub_ca(body.as_bytes())?, vec![keys.sub_ca_der()]),
    };
    Ok((specific::frame(&body, &signature, device, &chain), signature))
}

/// What the code says: quantities of the same tag, type and term are one entry.
fn entitlements(licenses: &[ReservedLicense]) -> Vec<specific::Entitlement> {
    let mut all: Vec<specific::Entitlement> = Vec::new();
    for license in licenses {
        let line = license.line.as_ref();
        let entry = specific::Entitlement {
            tag: license.entitlement.tag.clone(),
            count: u64::try_from(license.quantity).unwrap_or_default(),
            term: line.and_then(|line| Some((line.starts, line.ends?))),
            license_type: line.map_or("PERPETUAL", license_type).to_owned(),
            display_name: license.entitlement.name.clone(),
            description: license.entitlement.description.clone(),
            subscription: line.and_then(|line| line.origin.subscription_id.clone()),
        };
        let same = |known: &&mut specific::Entitlement| {
            specific::Entitlement { count: entry.count, ..(**known).clone() } == entry
        };
        match all.iter_mut().find(same) {
            Some(known) => known.count += entry.count,
            None => all.push(entry),
        }
    }
    all
}

/// Devices know three types (proven); what is for trying out is a term to them (ours).
fn license_type(line: &Line) -> &'static str {
    match line.license_type {
        LicenseType::Perpetual => "PERPETUAL",
        LicenseType::Term | LicenseType::Demo => "TERM",
        LicenseType::Subscription => "SUBSCRIPTION",
    }
}
