//! A satellite's way to CSSM inside the test: it loses, repeats and changes what it carries.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use syncom::domain;
use syncom::domain::id::OnPremUid;
use syncom::engine::uplink::{Credential, Exchange, Failure, Granted, Login, Reason, Uplink};
use syncom::engine::{Engine, Error, RegisterBy, RequestBy};

/// What happens to the next exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The request does not arrive.
    RequestLost,
    /// The request has arrived, its response does not.
    ResponseLost,
    /// The request arrives twice.
    Twice,
    /// A bit of the request is another one.
    RequestChanged,
    /// A bit of the response is another one.
    ResponseChanged,
}

/// A way to CSSM.
#[derive(Default)]
pub struct TestLink {
    cssm: Mutex<Option<Engine>>,
    fault: Mutex<Fault>,
    used: AtomicUsize,
}

impl TestLink {
    /// Leads to this CSSM from now on.
    pub fn lead_to(&self, cssm: &Engine) {
        *self.cssm.lock().unwrap() = Some(cssm.clone());
    }

    /// What is to happen to the next synchronization.
    pub fn fail_next(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }

    /// How often it was used.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::SeqCst)
    }

    fn cssm(&self) -> Engine {
        self.used.fetch_add(1, Ordering::SeqCst);
        self.cssm.lock().unwrap().clone().unwrap()
    }

    async fn carry(&self, credential: &str, mut file: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let cssm = self.cssm();
        let fault = std::mem::take(&mut *self.fault.lock().unwrap());
        let lost = || Err(Failure::Unreachable("the line is cut".to_owned()));
        let by = || RequestBy::Credential(credential.to_owned());
        match fault {
            Fault::RequestLost => return lost(),
            Fault::RequestChanged => change(&mut file, 0x8000, 3),
            _ => {}
        }
        let answer = cssm.take_request(by(), file.clone()).await.map_err(|error| failure(&error));
        match fault {
            Fault::ResponseLost => lost(),
            Fault::Twice => {
                let again = cssm.take_request(by(), file).await;
                assert!(again.is_err(), "the same request was taken twice");
                answer
            }
            Fault::ResponseChanged => answer.map(|mut file| {
                change(&mut file, 0x4000, 5);
                file
            }),
            _ => answer,
        }
    }
}

/// Changes a bit; `at` counts in parts of 65,536.
pub fn change(file: &mut [u8], at: usize, bit: u8) {
    let at = (file.len() * at) >> 16;
    file[at] ^= 1 << bit;
}

fn failure(error: &Error) -> Failure {
    let reason = match error {
        Error::Domain(domain::Error::OnPrem(refusal)) => match refusal.reason() {
            "unknown_on_prem" => Reason::UnknownOnPrem,
            "full_needed" => Reason::FullNeeded,
            "credential_ended" | "credential_unknown" => Reason::CredentialEnded,
            _ => Reason::Other,
        },
        Error::Domain(_) | Error::Unauthenticated(_) => Reason::Other,
        defect => panic!("{defect}"),
    };
    Failure::Refused { message: error.to_string(), reason }
}

fn by(login: &Login) -> RegisterBy {
    RegisterBy { user: login.user.clone(), password: login.password.clone() }
}

impl Uplink for TestLink {
    fn register<'a>(&'a self, login: &'a Login, file: Vec<u8>) -> Exchange<'a, Granted> {
        Box::pin(async move {
            let grant = self
                .cssm()
                .register_on_prem(by(login), file)
                .await
                .map_err(|error| failure(&error))?;
            let (secret, ends) = (grant.credential, grant.credential_ends);
            Ok(Granted { file: grant.file, credential: Credential { secret, ends } })
        })
    }

    fn sign_in<'a>(&'a self, login: &'a Login, uid: OnPremUid) -> Exchange<'a, Credential> {
        Box::pin(async move {
            let made = self.cssm().renew_on_prem_credential(by(login), uid).await;
            made.map(|made| Credential { secret: made.secret, ends: made.ends })
                .map_err(|error| failure(&error))
        })
    }

    fn synchronize<'a>(&'a self, credential: &'a str, file: Vec<u8>) -> Exchange<'a, Vec<u8>> {
        Box::pin(self.carry(credential, file))
    }
}
