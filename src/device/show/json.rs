//! Everything as JSON, with ISO 8601 dates.

use crate::device::machine::{AuthorizationState, Export, RegistrationState};
use crate::device::reservation::Reserved;
use crate::device::state::{State, Usage};
use crate::domain::reservation::Kind;
use crate::domain::time::Timestamp;
use serde::Serialize;

/// The state at the instant `now`.
pub(super) fn json(state: &State, now: Timestamp) -> serde_json::Value {
    serde_json::to_value(Shown::of(state, now)).unwrap_or_default()
}

/// What `--json` prints.
#[derive(Serialize)]
struct Shown<'a> {
    kind: &'static str,
    udi: &'a crate::protocol::sudi::Sudi,
    hostname: Option<&'a str>,
    software_tag: &'a str,
    registration: RegistrationView<'a>,
    authorization: AuthorizationView,
    reservation: ReservationView<'a>,
    evaluation_seconds_left: i64,
    usage: Vec<UsageView<'a>>,
    export: ExportView<'a>,
}

#[derive(Serialize)]
struct ExportView<'a> {
    /// The tags of the licenses for which there are keys.
    keys: Vec<&'a str>,
    /// The tag of the license of the request or return that is to be tried again.
    pending: Option<&'a str>,
    next_attempt: Option<String>,
    last_failure: Option<&'a str>,
}

#[derive(Serialize)]
struct RegistrationView<'a> {
    state: RegistrationState,
    product_instance_identifier: Option<String>,
    smart_account: Option<&'a str>,
    virtual_account: Option<&'a str>,
    export_control_allowed: bool,
    id_cert_serial_number: Option<String>,
    registered_at: Option<String>,
    renew_at: Option<String>,
    expires_at: Option<String>,
    last_failure: Option<&'a str>,
}

#[derive(Serialize)]
struct AuthorizationView {
    state: AuthorizationState,
    answered_at: Option<String>,
    next_attempt: Option<String>,
    deadline: Option<String>,
    out_of_compliance_since: Option<String>,
    last_failure: Option<String>,
}

#[derive(Serialize)]
struct ReservationView<'a> {
    enabled: bool,
    request_code: Option<&'a str>,
    kind: Option<Kind>,
    installed_at: Option<String>,
    confirmation_code: Option<&'a str>,
    return_code: Option<&'a str>,
    licenses: &'a [Reserved],
}

impl<'a> ReservationView<'a> {
    fn of(state: &'a State) -> Self {
        let reservation = &state.reservation;
        let installed = reservation.installed.as_ref();
        let asked = reservation.request.as_ref();
        Self {
            enabled: reservation.enabled,
            request_code: asked.map(|request| request.code.as_str()),
            kind: installed.map(|code| code.kind).or(asked.map(|request| request.kind)),
            installed_at: installed.map(|code| code.installed_at.iso()),
            confirmation_code: reservation.last_confirmation.as_deref(),
            return_code: reservation.last_return.as_deref(),
            licenses: installed.map_or(&[], |code| &code.licenses),
        }
    }
}

#[derive(Serialize)]
struct UsageView<'a> {
    tag: &'a str,
    #[serde(flatten)]
    usage: &'a Usage,
}

impl<'a> Shown<'a> {
    fn of(state: &'a State, now: Timestamp) -> Self {
        let product = &state.product;
        Self {
            kind: "Syncom simulated product",
            udi: &product.sudi,
            hostname: product.hostname.as_deref(),
            software_tag: &product.software_tag,
            registration: RegistrationView::of(state),
            authorization: AuthorizationView::of(state, now),
            reservation: ReservationView::of(state),
            evaluation_seconds_left: state.evaluation_left(now).num_seconds(),
            usage: state.usage.iter().map(|(tag, usage)| UsageView { tag, usage }).collect(),
            export: ExportView::of(&state.export),
        }
    }
}

impl<'a> ExportView<'a> {
    fn of(export: &'a Export) -> Self {
        let attempts = [&export.last_request, &export.last_return].into_iter().flatten();
        let last = attempts.max_by_key(|attempt| attempt.at);
        Self {
            keys: export.keys.keys().map(String::as_str).collect(),
            pending: export.pending.as_ref().map(|pending| pending.license.as_str()),
            next_attempt: export.next_attempt().map(Timestamp::iso),
            last_failure: last.and_then(|attempt| attempt.failure.as_deref()),
        }
    }
}

impl<'a> RegistrationView<'a> {
    fn of(state: &'a State) -> Self {
        let identity = state.registration.identity.as_ref();
        let last = state.registration.last_renewal.as_ref();
        let last = last.or(state.registration.last_attempt.as_ref());
        Self {
            state: state.registration_state(),
            product_instance_identifier: identity
                .map(|i| i.product_instance_identifier.to_string()),
            smart_account: identity.map(|i| i.smart_account.as_str()),
            virtual_account: identity.map(|i| i.virtual_account.as_str()),
            export_control_allowed: identity.is_some_and(|i| i.export_control_allowed),
            id_cert_serial_number: identity.map(|i| i.serial.to_string()),
            registered_at: identity.map(|i| i.registered_at.iso()),
            renew_at: identity.map(|i| i.renew_at.iso()),
            expires_at: identity.map(|i| i.expires_at.iso()),
            last_failure: last.and_then(|attempt| attempt.failure.as_deref()),
        }
    }
}

impl AuthorizationView {
    fn of(state: &State, now: Timestamp) -> Self {
        let authorization = &state.authorization;
        let iso = |instant: Option<Timestamp>| instant.map(Timestamp::iso);
        Self {
            state: state.authorization_state(now),
            answered_at: iso(authorization.answered_at),
            next_attempt: iso(authorization.next_attempt),
            deadline: iso(authorization.deadline),
            out_of_compliance_since: iso(authorization.out_of_compliance_since),
            last_failure: authorization.last_attempt.clone().and_then(|attempt| attempt.failure),
        }
    }
}
