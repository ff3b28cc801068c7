//! An authorization code as this product sees it: read, for it, and signed by somebody it trusts.

use super::Refusal;
use crate::crypto::ca;
use crate::crypto::chain::{self, Leaf};
use crate::crypto::secret::{digest, hex};
use crate::crypto::sign::PublicKey;
use crate::device::reservation::Reserved;
use crate::device::state::State;
use crate::domain::reservation::Kind;
use crate::domain::time::Timestamp;
use crate::protocol::codes::{AuthorizationCode, confirmation, return_code, udi_text};
use crate::protocol::sudi::Sudi;

/// A code that is for this product and holds.
pub(super) struct Valid {
    /// Single licenses, or all.
    pub(super) kind: Kind,
    /// By which it is known: of what is signed, because a signature can be written in two ways.
    pub(super) digest: String,
    /// What the product may use by it.
    pub(super) licenses: Vec<Reserved>,
    /// Other units that have a code in the same text.
    pub(super) units: Vec<String>,
    confirmation: String,
}

impl Valid {
    /// The checks in the order in which agents make them: readable, for this product, signed.
    // device-protocol.md 4.5: 101, 109-114, 165; 77; 45, 99.
    pub(super) fn read(state: &State, text: &str, now: Timestamp) -> Result<Self, Refusal> {
        let own = &state.product.sudi;
        let code = AuthorizationCode::read(text, own).map_err(|bad| Refusal::Unreadable(bad.0))?;
        let udi = udi_text(own);
        if let Some(other) = code.udi().filter(|other| *other != udi) {
            return Err(Refusal::OtherDevice { code: other.to_owned(), own: udi });
        }
        let trust = Trust::of(state, now)?;
        let tag = &state.product.software_tag;
        if !trust.signed(&code, own, tag) {
            return Err(Refusal::Signature);
        }
        let others = state.product.members.iter().map(|member| &member.sudi);
        let has_code = |sudi: &&Sudi| {
            let read = AuthorizationCode::read(text, sudi);
            let its = read.ok().filter(|code| code.udi() == Some(udi_text(sudi).as_str()));
            its.is_some_and(|code| trust.signed(&code, sudi, tag))
        };
        Ok(Self {
            digest: digest(&hex(&code.signed_bytes(own, tag))),
            units: others.filter(has_code).map(Sudi::key).collect(),
            confirmation: confirmation(&code.secret(), &code.device(own)),
            kind: match &code {
                AuthorizationCode::Specific(_) => Kind::Specific,
                AuthorizationCode::Universal(_) => Kind::Universal,
            },
            licenses: match code {
                AuthorizationCode::Specific(code) => {
                    code.entitlements.into_iter().map(Reserved::from).collect()
                }
                AuthorizationCode::Universal(_) => Vec::new(),
            },
        })
    }

    /// What the product answers when the code is installed.
    pub(super) fn confirmation(&self) -> String {
        self.confirmation.clone()
    }
}

/// The return code of a code that was read before.
pub(super) fn return_code_of(text: &str, state: &State) -> Option<String> {
    let sudi = &state.product.sudi;
    let code = AuthorizationCode::read(text, sudi).ok()?;
    Some(return_code(&code.secret(), &code.device(sudi)))
}

/// The certificates that the user trusts, DER, at an instant of the product's clock.
struct Trust {
    roots: Vec<Vec<u8>>,
    now: Timestamp,
}

impl Trust {
    fn of(state: &State, now: Timestamp) -> Result<Self, Refusal> {
        let pem = state.settings.ca_pem.as_deref().ok_or(Refusal::NoRoot)?;
        let ders = ca::certificates_from_pem(pem).map_err(|_| Refusal::NoRoot)?;
        let roots: Vec<_> =
            ders.into_iter().filter(|der| key_of(chain::read(der).ok()).is_some()).collect();
        if roots.is_empty() { Err(Refusal::NoRoot) } else { Ok(Self { roots, now }) }
    }

    fn signed(&self, code: &AuthorizationCode, device: &Sudi, tag: &str) -> bool {
        let (message, signature) = (code.signed_bytes(device, tag), code.signature());
        let mut keys = self.roots.iter().filter_map(|root| self.signer(root, code));
        keys.any(|key| key.verify(&message, &signature).is_ok())
    }

    /// The key that may have signed: the root's, or that of a satellite whose certificate the code
    /// brings along. A product's identity comes from the same root, but is no authority: otherwise
    /// each product could write codes for itself.
    fn signer(&self, root: &[u8], code: &AuthorizationCode) -> Option<PublicKey> {
        let Some((signer, above)) = code.certificates().split_first() else {
            return key_of(chain::read(root).ok());
        };
        let above: Vec<&[u8]> = above.iter().map(Vec::as_slice).collect();
        key_of(chain::verify(signer, &above, root, self.now).ok().filter(|leaf| leaf.authority))
    }
}

fn key_of(certificate: Option<Leaf>) -> Option<PublicKey> {
    PublicKey::from_spki_der(&certificate?.spki_der).ok()
}
