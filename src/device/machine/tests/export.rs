//! Keys for export-restricted licenses: wishes, retries, and what they hold back.

use super::*;
use crate::device::state::Usage;

fn ask(command: ExportCommand) -> Event {
    Event::Export(command)
}

fn request() -> Event {
    ask(ExportCommand::Request(TAG.to_owned()))
}

fn give_back() -> Event {
    ask(ExportCommand::Return(TAG.to_owned()))
}

/// The refusal with code 147.
fn none_free() -> Outcome {
    Err(DeviceError::Refused {
        status: StatusCode::Failed,
        message: "{\"license\":[\"No license of Test is free\"]}".to_owned(),
        server_time: None,
        retry_seconds: 3_600,
    })
}

fn told(granted_at: Option<Timestamp>, now: Timestamp) -> (AnswerBody, Verified) {
    (export_key(TAG, granted_at), verified(now))
}

fn with_key() -> Agent {
    let mut agent = Agent::new();
    agent.registered(day(0));
    agent.on(request(), day(1)).unwrap();
    agent.answer(Exchange::ExportKey, Ok(told(Some(day(1)), day(1))), day(1));
    agent
}

/// A-EXP-03: a key is kept until it is returned, and its license looked at again.
#[test]
fn a_key_comes_and_goes() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    agent.state.usage.insert(TAG.to_owned(), Usage { count: 1, ..Usage::default() });
    assert_eq!(agent.on(request(), day(1)), Ok(vec![Action::Send(Exchange::ExportKey)]));
    let done = agent.answer(Exchange::ExportKey, Ok(told(Some(day(1)), day(1))), day(1));
    let received = Notice::ExportKeyReceived { license: TAG.to_owned() };
    assert_eq!(done, [Action::Tell(received)]);
    assert!(agent.state.authorization.changed, "is it covered now?");
    assert_eq!(agent.state.export.keys[TAG].name.as_deref(), Some("Test"));
    agent.on(give_back(), day(2)).unwrap();
    agent.answer(Exchange::ExportKey, Ok(told(None, day(2))), day(2));
    assert_eq!((agent.state.export.keys.len(), &agent.state.export.pending), (0, &None));
}

/// A-EXP-04: a request that is refused for now is sent again by its timer, others are not.
#[test]
fn what_is_not_free_is_asked_for_again() {
    let mut agent = Agent::new();
    agent.registered(day(0));
    agent.authorized(AuthorizationStatus::NoLicensesInUse, day(1));
    agent.on(request(), day(1)).unwrap();
    agent.answer(Exchange::ExportKey, none_free(), day(1));
    let next = agent.state.export.next_attempt().unwrap();
    assert!(((next - day(1)).num_minutes() - 60).abs() <= 3, "{next}");
    assert_eq!(agent.state.next_due(), Some(next));
    assert_eq!(agent.on(request(), day(1)), Err(NotNow::ExportPending), "one at a time");
    assert_eq!(agent.on(Event::Due, day(1)), Ok(vec![]));
    assert_eq!(agent.on(Event::Due, next), Ok(vec![Action::Send(Exchange::ExportKey)]));
    agent.answer(Exchange::ExportKey, refused("{\"license\":[\"not restricted\"]}"), next);
    assert_eq!(agent.state.export.pending, None, "refused for good");
    let failure = agent.state.export.last_request.as_ref().unwrap().failure.clone();
    assert!(failure.unwrap().contains("not restricted"));
}

/// A-EXP-03: cancelling ends the retries; the server is told of a request, not of a return.
#[test]
fn cancelling_ends_what_has_failed() {
    let mut agent = with_key();
    assert_eq!(agent.on(ask(ExportCommand::Cancel), day(2)), Err(NotNow::NoExportPending));
    agent.on(give_back(), day(2)).unwrap();
    agent.answer(Exchange::ExportKey, unreachable(), day(2));
    assert!(agent.state.export.next_attempt().is_some(), "a lost return is tried again");
    let done = agent.on(ask(ExportCommand::Cancel), day(2)).unwrap();
    assert_eq!(done, [Action::Tell(Notice::ExportCancelled { license: TAG.to_owned() })]);
    assert!(agent.state.export.pending.is_none() && agent.state.export.keys.contains_key(TAG));

    let mut agent = Agent::new();
    agent.registered(day(0));
    agent.on(request(), day(1)).unwrap();
    agent.answer(Exchange::ExportKey, try_again(60), day(1));
    let done = agent.on(ask(ExportCommand::Cancel), day(1));
    assert_eq!(done, Ok(vec![Action::Send(Exchange::ExportKey)]));
    assert_eq!(agent.state.export.message().unwrap().action.name(), "CANCEL");
    // The key had been given, and only the answer was lost.
    agent.answer(Exchange::ExportKey, Ok(told(Some(day(1)), day(1))), day(1));
    assert!(agent.state.export.keys.contains_key(TAG));
}

/// A-EXP-05: who holds a key does not leave; one that the server does not know is forgotten.
#[test]
fn a_key_holds_the_product_back() {
    let mut agent = with_key();
    assert_eq!(agent.on(Event::Deregister, day(2)), Err(NotNow::HoldsExportKeys));
    assert_eq!(agent.registration(), RegistrationState::Complete);
    agent.on(give_back(), day(3)).unwrap();
    agent.answer(Exchange::ExportKey, refused("{\"timestamp\":[\"Timestamp mismatch\"]}"), day(3));
    assert_eq!(agent.on(Event::Deregister, day(3)), Err(NotNow::HoldsExportKeys));
    agent.on(give_back(), day(4)).unwrap();
    agent.answer(Exchange::ExportKey, refused("{\"license\":[\"no key\"]}"), day(4));
    let left = agent.on(Event::Deregister, day(4));
    assert_eq!(left, Ok(vec![Action::Send(Exchange::Deregistration)]));
}

/// A-EXP-03: a key outlives the certificate under which it came; a request does not.
#[test]
fn a_key_outlives_the_registration() {
    let mut agent = with_key();
    agent.on(ask(ExportCommand::Request("regid.b,1.0_y".to_owned())), day(2)).unwrap();
    agent.answer(Exchange::ExportKey, none_free(), day(2));
    agent.tick(day(366));
    assert_eq!(agent.registration(), RegistrationState::Expired);
    assert!(agent.state.export.keys.contains_key(TAG) && agent.state.export.pending.is_none());
    assert_eq!(agent.on(give_back(), day(366)), Err(NotNow::NotRegistered));
}
