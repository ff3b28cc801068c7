//! Reservation: the mode, the request, the code, and its return. Nothing of it is sent.
// device-protocol.md 4.3 to 4.5; numbers are those of XE-YANG.

use super::code::{Valid, return_code_of};
use super::table::{Kind, Rule};
use super::{Event, NotNow, Step};
use crate::device::notices::Notice;
use crate::device::reservation::{Installed, Request};
use crate::device::state::Registration;
use crate::domain::reservation;
use crate::domain::time::Timestamp;
use crate::protocol::codes::request;

/// What a user does about a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Reserve instead of registering.
    Enable,
    /// The other way round.
    Disable,
    /// Make a request code.
    Request(reservation::Kind),
    /// Give up the request.
    Cancel,
    /// Install an authorization code.
    Install(String),
    /// Give back what is installed.
    Return,
    /// Give back a code that was never installed.
    ReturnAuthorization(String),
    /// Forget the last confirmation code.
    ForgetConfirmation,
    /// Forget the last return code.
    ForgetReturn,
}

/// The same without what is given, for the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Mode on.
    Enable,
    /// Mode off.
    Disable,
    /// Request code.
    Request,
    /// No request.
    Cancel,
    /// Authorization code.
    Install,
    /// Return code of what is installed.
    Return,
    /// Return code of what is not.
    ReturnAuthorization,
    /// A last code.
    Forget,
}

impl What {
    /// What makes sense in the mode only.
    pub(super) const IN_MODE: &[Kind] = &[
        Kind::Reserve(Self::Request),
        Kind::Reserve(Self::Cancel),
        Kind::Reserve(Self::Install),
        Kind::Reserve(Self::Return),
        Kind::Reserve(Self::ReturnAuthorization),
        Kind::Reserve(Self::Forget),
    ];
}

impl Ask {
    pub(super) fn what(&self) -> What {
        match self {
            Self::Enable => What::Enable,
            Self::Disable => What::Disable,
            Self::Request(_) => What::Request,
            Self::Cancel => What::Cancel,
            Self::Install(_) => What::Install,
            Self::Return => What::Return,
            Self::ReturnAuthorization(_) => What::ReturnAuthorization,
            Self::ForgetConfirmation | Self::ForgetReturn => What::Forget,
        }
    }
}

/// Why a product does not reserve, install or return.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 40, 74.
    #[error(
        "Already registered: License Reservation is for products that are not. De-register first."
    )]
    Registered,
    /// Enabled twice.
    #[error("License Reservation is enabled already.")]
    AlreadyOn,
    /// Disabled twice.
    #[error("License Reservation is disabled already.")]
    AlreadyOff,
    /// 78.
    #[error("License Reservation is not enabled. Enable it first.")]
    Off,
    /// What needs a server.
    #[error(
        "License Reservation is enabled: the product does not talk to a server. Disable it first."
    )]
    Online,
    /// 120.
    #[error("A reservation request is in progress. Cancel it first.")]
    RequestInProgress,
    /// 75.
    #[error("No reservation request is in progress. Make a request code first.")]
    NoRequest,
    /// A code is installed.
    #[error("A reservation authorization code is installed. Return it first.")]
    Installed,
    /// 76, 106, 144.
    // device-protocol.md 3.4 (PROVEN).
    #[error("No reservation authorization code installed in device")]
    NothingInstalled,
    /// 9, 143.
    // device-protocol.md 3.4 (PROVEN).
    #[error("The requested item was not found")]
    NotFound,
    /// 101, 109 to 114, 165.
    #[error("The Reservation Authorization Code could not be read: {0}.")]
    Unreadable(String),
    /// 77.
    // device-protocol.md 3.4 (PROVEN), up to the colon.
    #[error(
        "The Reservation Authorization Code does not match the Reservation Request Code: it is for \
         {code}, this product is {own}."
    )]
    OtherDevice {
        /// The device that the code names.
        code: String,
        /// This one.
        own: String,
    },
    /// 45, 99.
    #[error(
        "The signature of the Reservation Authorization Code is not valid: a character was \
         altered, or it is of another server or for another product."
    )]
    Signature,
    /// Nobody is trusted.
    #[error(
        "The signature of the code cannot be checked: the product has no CA certificate. Get that \
         of the server (GET /_syncom/ca.pem) and give it with --ca FILE, or as the certificate on \
         the page of the reservation."
    )]
    NoRoot,
    /// 164.
    #[error("The code is for a {code} reservation; this product has asked for a {asked} one.")]
    WrongKind {
        /// What came.
        code: &'static str,
        /// What was asked for.
        asked: &'static str,
    },
    /// 100.
    #[error("The Reservation Authorization Code is installed already.")]
    AlreadyInstalled,
    /// 153.
    #[error(
        "The Reservation Authorization Code was used before: it was returned or replaced, and is \
         never installed again."
    )]
    UsedBefore,
    /// More than is reserved.
    #[error(
        "{license}: {wanted} would be in use, {reserved} are reserved. Reserve more on the portal \
         and install the new authorization code, or use fewer."
    )]
    OverReserved {
        /// Name or tag.
        license: String,
        /// How many.
        wanted: u64,
        /// Of how many.
        reserved: u64,
    },
}

/// The rule that refuses for that reason.
pub(super) const fn only(refusal: Refusal) -> Rule {
    Rule::Refuse(NotNow::Reservation(refusal))
}

fn asked(event: Event) -> Option<Ask> {
    match event {
        Event::Reserve(ask) => Some(ask),
        _ => None,
    }
}

impl Step {
    /// What an earlier registration left behind is of no use any more.
    pub(super) fn enable_reservation(&mut self, _: Event) {
        self.state.registration = Registration::default();
        self.state.reservation.enabled = true;
        self.tell(Notice::ReservationMode { on: true });
    }

    pub(super) fn disable_reservation(&mut self, _: Event) {
        self.state.reservation.enabled = false;
        self.tell(Notice::ReservationMode { on: false });
    }

    /// The same code until it is cancelled.
    // device-protocol.md 4.4 (PROVEN: CML test).
    pub(super) fn request_reservation(&mut self, event: Event) -> Result<(), NotNow> {
        let Some(Ask::Request(kind)) = asked(event) else { return Ok(()) };
        if self.state.reservation.request.as_ref().is_some_and(|request| request.kind != kind) {
            return Err(Refusal::RequestInProgress.into());
        }
        let product = &self.state.product;
        let several = !product.members.is_empty();
        let code = request::write(&product.sudi, &product.software_tag, kind, several);
        self.state.reservation.request = Some(Request { kind, code });
        Ok(())
    }

    pub(super) fn cancel_request(&mut self, _: Event) {
        self.state.reservation.request = None;
    }

    /// A first code, or that of an update: the new one takes the place of the old.
    pub(super) fn install_code(&mut self, event: Event) -> Result<(), NotNow> {
        let Some(Ask::Install(text)) = asked(event) else { return Ok(()) };
        let valid = self.unused(&text)?;
        let confirmation = valid.confirmation();
        let reservation = &mut self.state.reservation;
        reservation.request = None;
        reservation.last_confirmation = Some(confirmation);
        let installed = Installed {
            kind: valid.kind,
            code: text.trim().to_owned(),
            digest: valid.digest,
            installed_at: self.now,
            licenses: valid.licenses,
            units: valid.units,
        };
        let replaced = reservation.installed.replace(installed);
        reservation.spent.extend(replaced.map(|old| old.digest));
        self.settle_evaluation();
        self.tell(Notice::ReservationInstalled);
        Ok(())
    }

    /// A code that holds and was not used before.
    fn unused(&self, text: &str) -> Result<Valid, Refusal> {
        let valid = Valid::read(&self.state, text, self.now)?;
        let reservation = &self.state.reservation;
        let installed = reservation.installed.as_ref();
        if installed.is_some_and(|installed| installed.digest == valid.digest) {
            return Err(Refusal::AlreadyInstalled);
        }
        if reservation.spent.contains(&valid.digest) {
            return Err(Refusal::UsedBefore);
        }
        let asked = reservation.request.as_ref().map(|request| request.kind);
        match asked.or(installed.map(|installed| installed.kind)) {
            Some(asked) if asked != valid.kind => {
                Err(Refusal::WrongKind { code: valid.kind.code(), asked: asked.code() })
            }
            Some(_) | None => Ok(valid),
        }
    }

    pub(super) fn return_code(&mut self, _: Event) {
        let Some(installed) = self.state.reservation.installed.take() else { return };
        let code = return_code_of(&installed.code, &self.state);
        self.returned(code, installed.digest);
    }

    pub(super) fn return_authorization(&mut self, event: Event) -> Result<(), NotNow> {
        let Some(Ask::ReturnAuthorization(text)) = asked(event) else { return Ok(()) };
        let valid = self.unused(&text)?;
        let code = return_code_of(&text, &self.state);
        self.returned(code, valid.digest);
        Ok(())
    }

    fn returned(&mut self, code: Option<String>, digest: String) {
        let reservation = &mut self.state.reservation;
        reservation.request = None;
        reservation.last_confirmation = None;
        reservation.last_return = code;
        reservation.spent.push(digest);
        self.settle_evaluation();
        self.tell(Notice::ReservationReturned);
    }

    pub(super) fn forget_code(&mut self, event: Event) -> Result<(), NotNow> {
        let reservation = &mut self.state.reservation;
        let kept = match asked(event) {
            Some(Ask::ForgetConfirmation) => reservation.last_confirmation.take(),
            _ => reservation.last_return.take(),
        };
        kept.map(|_| ()).ok_or_else(|| Refusal::NotFound.into())
    }

    /// What is reserved is a hard limit; using less is always possible.
    // features.md F-HL-18 (seed 003).
    pub(super) fn use_reserved(&mut self, event: Event) -> Result<(), NotNow> {
        self.by_hand(&event)?;
        if let (Event::Use(counts), Some(installed)) = (&event, &self.state.reservation.installed) {
            for (tag, wanted) in counts {
                let limit = installed.limit(tag, self.now).unwrap_or(u64::MAX);
                let used = self.state.usage.get(tag).map_or(0, |usage| usage.count);
                if *wanted > limit && *wanted > used {
                    let feature = self.state.profile.feature(tag);
                    let license = feature.map_or(tag, |feature| &feature.title).clone();
                    let (wanted, reserved) = (*wanted, limit);
                    return Err(Refusal::OverReserved { license, wanted, reserved }.into());
                }
            }
        }
        self.use_licenses(event);
        Ok(())
    }

    /// Tells the terms of reserved licenses that have ended since `before`.
    pub(super) fn end_terms(&mut self, before: Timestamp) {
        let Some(installed) = &self.state.reservation.installed else { return };
        let before = before.max(installed.installed_at);
        let ended = installed.licenses.iter().filter(|l| l.ended(self.now) && !l.ended(before));
        for tag in ended.map(|license| license.tag.clone()).collect::<Vec<_>>() {
            self.tell(Notice::ReservationExpired { tag });
        }
    }
}
