//! The machine on a clock that the test holds.

mod export;
mod host;
mod life;
mod pairs;
mod reservation;
mod timers;

use super::*;
use crate::device::profile::Profile;
use crate::device::situations::{refused, registration, removed, unreachable, verified};
use crate::device::state::Product;
use crate::protocol::answers::{
    AuthorizationAnswer, AuthorizationStatus, DeregistrationAnswer, IdCertRenewAnswer, Millis,
};
use crate::protocol::error_codes::StatusCode;
use crate::protocol::export_key::ExportKeyAnswer;
use crate::protocol::fields::Der;
use crate::protocol::third_party::ThirdPartyKeyAnswer;
use chrono::TimeDelta;

const TAG: &str = "regid.a,12.0_x";

fn day(n: u64) -> Timestamp {
    Timestamp::parse("2026-01-05T09:00:00Z").unwrap().plus_days(n)
}

fn fresh() -> State {
    let profile = Profile::find("sim").unwrap();
    let product = Product::of(&profile, "SIM000001");
    State::new(profile, product, "key".to_owned())
}

/// An agent that a test plays with.
struct Agent {
    state: State,
}

impl Agent {
    fn new() -> Self {
        Self { state: fresh() }
    }

    fn on(&mut self, event: Event, now: Timestamp) -> Result<Vec<Action>, NotNow> {
        let (state, done) = step(self.state.clone(), event, now);
        self.state = state;
        done
    }

    fn uses(&mut self, count: u64, now: Timestamp) {
        self.on(Event::Use(vec![(TAG.to_owned(), count)]), now).unwrap();
    }

    fn answer(&mut self, exchange: Exchange, outcome: Outcome, now: Timestamp) -> Vec<Action> {
        self.on(Event::Answered(exchange, outcome), now).unwrap()
    }

    fn registered(&mut self, now: Timestamp) {
        self.on(register(false), now).unwrap();
        self.answer(Exchange::Registration, Ok(good(Exchange::Registration, now)), now);
    }

    /// An authorization with that answer; one that is under way already is answered.
    fn authorized(&mut self, status: AuthorizationStatus, now: Timestamp) {
        if self.state.waiting_for.is_none() {
            self.on(Event::RenewAuthorization, now).unwrap();
        }
        self.answer(Exchange::Authorization, Ok(authorization(status, now)), now);
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Notice> {
        let told = self.on(Event::Tick, now).unwrap().into_iter();
        told.filter_map(|action| match action {
            Action::Tell(notice) => Some(notice),
            Action::Send(_) => None,
        })
        .collect()
    }

    fn registration(&self) -> RegistrationState {
        self.state.registration_state()
    }

    fn authorization(&self, now: Timestamp) -> AuthorizationState {
        self.state.authorization_state(now)
    }
}

fn register(force: bool) -> Event {
    Event::Register { token: "a token".to_owned(), force }
}

fn ask_key() -> Event {
    Event::AskKey(ThirdPartyKey { live: true, data: Vec::new(), compliance_required: false })
}

fn try_again(retry_seconds: u32) -> Outcome {
    Err(DeviceError::Refused {
        status: StatusCode::OkTryAgain,
        message: "{\"server\":[\"Server error occurred\"]}".to_owned(),
        server_time: None,
        retry_seconds,
    })
}

fn authorization(status: AuthorizationStatus, now: Timestamp) -> (AnswerBody, Verified) {
    let answer = AuthorizationAnswer {
        status,
        entitlements: Vec::new(),
        renew_at: now.plus_days(30),
        expires_at: now.plus_days(90),
        smart_account: "Contoso Lab".to_owned(),
        virtual_account: "Tokyo".to_owned(),
    };
    (AnswerBody::Authorization(answer), verified(now))
}

/// The answer about a key: since when the product has it.
fn export_key(license: &str, granted_at: Option<Timestamp>) -> AnswerBody {
    AnswerBody::ExportKey(ExportKeyAnswer {
        license: license.to_owned(),
        display_name: Some("Test".to_owned()),
        granted_at: granted_at.map(Millis),
    })
}

fn good(exchange: Exchange, now: Timestamp) -> (AnswerBody, Verified) {
    let body = match exchange {
        Exchange::Registration => return registration(now),
        Exchange::Authorization => return authorization(AuthorizationStatus::Authorized, now),
        Exchange::IdCertRenew => AnswerBody::IdCertRenew(IdCertRenewAnswer {
            id_certificate: Der(vec![2]),
            renew_at: now.plus_days(180),
            expires_at: now.plus_days(365),
        }),
        Exchange::ThirdPartyKey => {
            AnswerBody::ThirdPartyKey(ThirdPartyKeyAnswer { data: Vec::new() })
        }
        Exchange::ExportKey => export_key(TAG, Some(now)),
        Exchange::Deregistration => AnswerBody::Deregistration(DeregistrationAnswer {}),
    };
    (body, verified(now))
}
