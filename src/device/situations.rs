//! Agents in every situation that there is, made by the machine alone: for tests of what agents
//! do and of what they show.

pub mod portal;

use super::DeviceError;
use super::exchange::Verified;
use super::machine::{
    self, Ask, AuthorizationState, Event, Exchange, ExportCommand, Outcome, Standing,
};
use super::state::State;
use crate::domain::reservation::Kind;
use crate::domain::time::Timestamp;
use crate::protocol::answers::{
    AnswerBody, AuthorizationAnswer, AuthorizationStatus, EnforceMode, EntitlementAnswer, Millis,
    RegistrationAnswer,
};
use crate::protocol::error_codes::StatusCode;
use crate::protocol::fields::Der;
use crate::protocol::third_party::ThirdPartyKey;
use chrono::TimeDelta;
use portal::{Portal, license};
use std::sync::Arc;
use uuid::Uuid;

/// The authorizations that an agent can have, registered or not.
pub const AUTHORIZATIONS: [AuthorizationState; 9] = [
    AuthorizationState::None,
    AuthorizationState::Eval,
    AuthorizationState::EvalExpired,
    AuthorizationState::Waiting,
    AuthorizationState::Authorized,
    AuthorizationState::OutOfCompliance,
    AuthorizationState::AuthorizationExpired,
    AuthorizationState::NotAuthorized,
    AuthorizationState::Reserved,
];

/// An agent, the licenses that it uses when it uses any, and a clock.
#[derive(Clone)]
pub struct Actor {
    /// The agent.
    pub state: State,
    /// Whom it trusts.
    pub portal: Arc<Portal>,
    uses: Vec<(String, u64)>,
    end: Timestamp,
    clock: Timestamp,
}

impl Actor {
    /// `fresh` brought to that standing and authorization at `end`; none if no agent can be
    /// there.
    pub fn at(
        fresh: State,
        uses: Vec<(String, u64)>,
        standing: Standing,
        authorization: AuthorizationState,
        end: Timestamp,
    ) -> Option<Self> {
        use AuthorizationState as A;
        let portal = Arc::new(Portal::new().ok()?);
        let mut actor = Self { state: fresh, portal, uses, end, clock: end };
        actor.state.settings.ca_pem = Some(actor.portal.ca_pem());
        match standing {
            Standing::SpecificReserved => return actor.reserved(Kind::Specific, authorization),
            Standing::UniversalReserved => return actor.reserved(Kind::Universal, authorization),
            _ => {}
        }
        let inside = standing.registration() == machine::RegistrationState::Complete
            || standing == Standing::Reregistering;
        match (inside, authorization) {
            (false, A::None | A::Eval) | (true, A::None) => {}
            (false, A::EvalExpired) => actor.ago(490, 0).uses(),
            (true, A::Waiting | A::Authorized | A::OutOfCompliance | A::NotAuthorized) => {
                actor.ago(2, 0).uses();
            }
            (true, A::AuthorizationExpired) => actor.ago(100, 0).uses(),
            (true, A::Eval | A::EvalExpired | A::Reserved) | (false, _) => return None,
        }
        if inside {
            actor.ago(0, 3).becomes_registered(authorization);
        } else if standing == Standing::Expired {
            actor.ago(370, 0).registers();
            actor.ago(1, 0).on(Event::Tick);
        }
        if !inside && authorization == A::Eval {
            actor.ago(0, 3).uses();
        }
        actor.ago(0, 1).stands(standing);
        actor.ago(0, 0).on(Event::Tick);
        Some(actor)
    }

    /// The same after a renewal of the certificate and an authorization that reached no server.
    #[must_use]
    pub fn failing(mut self) -> Self {
        for (minutes, event, exchange) in [
            (31, Event::RenewIdentity, Exchange::IdCertRenew),
            (29, Event::RenewAuthorization, Exchange::Authorization),
        ] {
            self.clock = self.end + TimeDelta::minutes(-minutes);
            self.on(event);
            self.answers(exchange, unreachable());
        }
        self.ago(0, 0).on(Event::Tick);
        self
    }

    fn ago(&mut self, days: i64, hours: i64) -> &mut Self {
        self.clock = self.end + TimeDelta::hours(-24 * days - hours);
        self
    }

    /// What the machine refuses changes nothing; whether it does is the business of its tests.
    fn on(&mut self, event: Event) {
        let (state, _) = machine::step(self.state.clone(), event, self.clock);
        self.state = state;
    }

    fn answers(&mut self, exchange: Exchange, outcome: Outcome) {
        self.on(Event::Answered(exchange, outcome));
    }

    fn uses(&mut self) {
        self.on(Event::Use(self.uses.clone()));
    }

    fn registers(&mut self) {
        self.on(Event::Register { token: "a token".to_owned(), force: false });
        self.answers(Exchange::Registration, Ok(registration(self.clock)));
    }

    fn becomes_registered(&mut self, authorization: AuthorizationState) {
        use AuthorizationState as A;
        let answer = match authorization {
            A::None | A::Eval | A::EvalExpired | A::Waiting | A::Reserved => None,
            A::Authorized | A::AuthorizationExpired => Some(AuthorizationStatus::Authorized),
            A::OutOfCompliance => Some(AuthorizationStatus::OutOfCompliance),
            A::NotAuthorized => {
                self.registers();
                self.clock = self.clock + TimeDelta::seconds(7);
                self.on(Event::RenewAuthorization);
                return self.answers(Exchange::Authorization, removed());
            }
        };
        if authorization == A::AuthorizationExpired {
            self.ago(100, 0);
        }
        self.registers();
        self.clock = self.clock + TimeDelta::seconds(7);
        if let Some(status) = answer {
            self.on(Event::RenewAuthorization);
            let answer = self.authorization(status);
            self.answers(Exchange::Authorization, Ok(answer));
        }
    }

    fn stands(&mut self, standing: Standing) {
        let register = Event::Register { token: "a token".to_owned(), force: true };
        match standing {
            // Those of a reservation are made before anything else.
            Standing::NotRegistered
            | Standing::Complete
            | Standing::Expired
            | Standing::SpecificReserved
            | Standing::UniversalReserved => {}
            Standing::Failed => {
                self.on(register);
                self.answers(
                    Exchange::Registration,
                    refused("{\"token\":[\"Not valid (a): b.\"]}"),
                );
            }
            Standing::Retry => {
                self.on(register);
                // The retry lies ahead of the end.
                self.ago(0, 0);
                self.answers(Exchange::Registration, unreachable());
            }
            Standing::Registering | Standing::Reregistering => self.on(register),
            Standing::Authorizing => self.on(Event::RenewAuthorization),
            Standing::Renewing => self.on(Event::RenewIdentity),
            Standing::AskingKey => self.on(Event::AskKey(ThirdPartyKey {
                live: true,
                data: Vec::new(),
                compliance_required: false,
            })),
            Standing::AskingExport => {
                self.on(Event::Export(ExportCommand::Request("regid.a,1.0_x".to_owned())));
            }
            Standing::Leaving => self.on(Event::Deregister),
            Standing::ReservationOn => self.asks(Ask::Enable),
            Standing::ReservationAsked => {
                self.asks(Ask::Enable);
                self.asks(Ask::Request(Kind::Specific));
            }
        }
    }

    fn asks(&mut self, ask: Ask) {
        self.on(Event::Reserve(ask));
    }

    /// A month ago it has reserved what it uses; where it is not authorized any more, the term of
    /// the first license has ended two days ago.
    fn reserved(mut self, kind: Kind, authorization: AuthorizationState) -> Option<Self> {
        use AuthorizationState as A;
        match (kind, authorization) {
            (_, A::None | A::Reserved) | (Kind::Specific, A::NotAuthorized) => {}
            _ => return None,
        }
        let term = (self.end.minus_days(90).date(), self.end.minus_days(2).date());
        let ends = authorization == A::NotAuthorized;
        let licenses = self.uses.iter().enumerate().map(|(number, (tag, count))| {
            license(tag, *count, Some(term).filter(|_| number == 0 && ends))
        });
        let licenses: Vec<_> = licenses.collect();
        self.ago(30, 0);
        let code = match kind {
            Kind::Specific => self.portal.specific(&self.state.product.sudi, self.clock, &licenses),
            Kind::Universal => self.portal.universal(&self.state, 1),
        };
        self.asks(Ask::Enable);
        self.asks(Ask::Request(kind));
        self.asks(Ask::Install(code.ok()?));
        if authorization != A::None {
            self.ago(29, 0).uses();
        }
        self.ago(0, 0).on(Event::Tick);
        Some(self)
    }

    /// The server's answer: the names of the profile; short of the last license, if any is.
    fn authorization(&self, status: AuthorizationStatus) -> (AnswerBody, Verified) {
        let short = status == AuthorizationStatus::OutOfCompliance;
        let last = self.uses.len().saturating_sub(1);
        let entitlements = self.uses.iter().enumerate().map(|(number, (tag, count))| {
            let feature = self.state.profile.feature(tag);
            EntitlementAnswer {
                tag: tag.clone(),
                version: Some("1.0".to_owned()),
                count: *count,
                enforce_mode: if short && number == last {
                    EnforceMode::OutOfCompliance
                } else {
                    EnforceMode::InCompliance
                },
                display_name: feature.map(|feature| feature.title.clone()),
                description: feature.map(|feature| feature.description.clone()),
                export_restricted: tag.contains("HSEC"),
                subscription_id: None,
                term_end: (number == 0).then(|| Millis(self.clock.plus_days(600))),
            }
        });
        let answer = AuthorizationAnswer {
            status,
            entitlements: entitlements.collect(),
            renew_at: self.clock.plus_days(30),
            // The server's clock is some minutes behind.
            expires_at: self.clock.plus_days(90) + TimeDelta::seconds(-334),
            smart_account: "Contoso Lab".to_owned(),
            virtual_account: "Tokyo".to_owned(),
        };
        (AnswerBody::Authorization(answer), verified(self.clock))
    }
}

/// A good answer to a registration.
pub(super) fn registration(now: Timestamp) -> (AnswerBody, Verified) {
    let answer = RegistrationAnswer {
        id_certificate: Der(vec![1]),
        smart_account: "Contoso Lab".to_owned(),
        virtual_account: "Berlin".to_owned(),
        export_control_allowed: true,
        registration_date: now,
        renew_at: now.plus_days(180),
        expires_at: now.plus_days(365),
    };
    (AnswerBody::Registration(answer), verified(now))
}

/// What makes an answer to be believed.
pub(super) fn verified(now: Timestamp) -> Verified {
    Verified {
        product_instance_identifier: Uuid::from_u128(1),
        identity_serial: Some(5),
        signers_pem: None,
        signer_serial: 3,
        root_on_first_use: false,
        server_time: now,
    }
}

/// No server.
pub(super) fn unreachable() -> Outcome {
    Err(DeviceError::Unreachable("no route".to_owned()))
}

/// A server that says no.
pub(super) fn refused(message: &str) -> Outcome {
    Err(DeviceError::Refused {
        status: StatusCode::Failed,
        message: message.to_owned(),
        server_time: None,
        retry_seconds: 0,
    })
}

/// A server that does not know the instance any more.
pub(super) fn removed() -> Outcome {
    refused(
        "{\"product_instance_identifier\":[\"The identity for the instance x is not valid.Please \
         re-register the instance.\"]}",
    )
}
