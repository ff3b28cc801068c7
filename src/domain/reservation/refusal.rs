//! Every way in which a reservation is refused.

use crate::domain::id::{EntitlementId, LineId};
use thiserror::Error as ThisError;

/// Why a reservation, an update, a code or a rehost is refused.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Refusal {
    /// A-RSV-01: support has not switched it on.
    #[error("License reservation is not enabled for {0}; the support desk can enable it.")]
    NotEnabled(String),
    /// A-RSV-03: the code is none.
    #[error("Reservation request code: {0}.")]
    RequestCode(String),
    /// A-RSV-03: nobody has heard of the product.
    #[error("Reservation request code: the product of this code is not known here.")]
    UnknownProduct,
    /// A-RSV-03: the device is here already.
    #[error("{device} is {what} already; a device can hold one reservation.")]
    DeviceKnown {
        /// The device.
        device: String,
        /// `registered` or `reserved`.
        what: &'static str,
    },
    /// A-RSV-04: what was asked for is not what the code is for.
    #[error("{0}")]
    Kind(&'static str),
    /// A-RSV-22: the code's 96 characters have no room for a certificate (ours).
    #[error(
        "This request code is universal, and only CSSM can answer it: an authorization code for \
         everything has no room for the satellite's certificate, without which no device believes \
         it. Use a request code for specific licenses, or reserve in CSSM."
    )]
    UniversalHere,
    /// A-RSV-05: all quantities are zero.
    #[error("There is nothing to reserve: give a quantity of at least 1 in one row.")]
    Nothing,
    /// A-RSV-10: the new quantities are those that are there.
    #[error("Nothing would change: give at least one license another quantity.")]
    Unchanged,
    /// A-RSV-05: a quantity below zero.
    #[error("{0} is not a quantity: whole numbers from 0 are the rule.")]
    Negative(i64),
    /// More than anybody owns.
    #[error("{0} is too many: at most {most} of one license are the rule.", most = super::MOST)]
    TooLarge(i64),
    /// A-RSV-05: more than there is.
    #[error(
        "{wanted} {license} were asked for, {available} available; reservations do not borrow."
    )]
    TooMany {
        /// The license.
        entitlement: EntitlementId,
        /// The row.
        line: Option<LineId>,
        /// Its name.
        license: String,
        /// What was asked for.
        wanted: i64,
        /// What could be reserved.
        available: i64,
    },
    /// A-RSV-10: a line that has ended cannot be held on.
    #[error("{license} ended on {ends}: set its quantity to 0 first.")]
    Ended {
        /// The line.
        line: LineId,
        /// Name of the license.
        license: String,
        /// Its last day.
        ends: String,
    },
    /// A row names a line that is not there.
    #[error("There is no such license in this virtual account: {0}.")]
    NoSuchLine(String),
    /// A-RSV-13: an update is in transit.
    #[error("An update of {0} waits for its confirmation code: enter it, or cancel the update.")]
    Pending(String),
    /// A-RSV-12: there is nothing to confirm or to cancel.
    #[error("No update of {0} waits for a confirmation code.")]
    NothingPending(String),
    /// A-RSV-12: it was entered before.
    #[error("This confirmation code is already confirmed.")]
    AlreadyConfirmed,
    /// The instance holds no reservation.
    #[error("{0} holds no license reservation.")]
    NotReserved(String),
    /// A-RSV-18: its licenses are with a replacement.
    #[error("The licenses of {0} were rehosted; it can only be removed with its return code.")]
    ReturnPending(String),
    /// A-RSV-12, A-RSV-15: a code that proves nothing.
    #[error("{field}: {problem}.")]
    WrongCode {
        /// `Reservation confirmation code` or `Reservation return code`.
        field: &'static str,
        /// Why.
        problem: String,
    },
    /// A-RSV-18, A-RSV-19.
    #[error(
        "Previous Product Return Pending: {pending} failed products are not returned yet (at most \
         {most} when the stock does not suffice), and {short} licenses are missing."
    )]
    PreviousReturnPending {
        /// Instances whose return is pending.
        pending: i64,
        /// The threshold.
        most: i64,
        /// How many are missing in stock.
        short: i64,
    },
    /// A-LIC-13: a reserved line that may not leave.
    #[error("{0} are not portable, so their product instance cannot move.")]
    NotPortable(String),
    /// A-RSV-02: a license of the product that was added once already, or cannot be.
    #[error("{0}")]
    Inventory(String),
}
