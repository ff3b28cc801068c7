//! The rules of a reservation, one after the other.

use super::*;
use crate::device::situations::portal::{Portal, license};
use crate::domain::reservation;
use crate::protocol::codes::{Entitlement, confirmation, return_code};
use crate::protocol::sudi::Sudi;

const OTHER: &str = "regid.b,1.0_y";

struct Offline {
    agent: Agent,
    portal: Portal,
}

impl Offline {
    /// Reservation mode, and a root that is trusted.
    fn new() -> Self {
        let (mut agent, portal) = (Agent::new(), Portal::new().unwrap());
        agent.state.settings.ca_pem = Some(portal.ca_pem());
        let mut offline = Self { agent, portal };
        offline.does(Ask::Enable).unwrap();
        offline
    }

    fn does(&mut self, ask: Ask) -> Result<Vec<Action>, NotNow> {
        self.agent.on(Event::Reserve(ask), day(1))
    }

    fn asked(mut self, kind: reservation::Kind) -> Self {
        self.does(Ask::Request(kind)).unwrap();
        self
    }

    fn code(&self, licenses: &[Entitlement]) -> String {
        self.portal.specific(&self.agent.state.product.sudi, day(1), licenses).unwrap()
    }

    fn installed(mut self, licenses: &[Entitlement]) -> Self {
        let code = self.code(licenses);
        self.does(Ask::Install(code)).unwrap();
        self
    }

    fn refused(&mut self, ask: Ask) -> Refusal {
        let before = self.agent.state.clone();
        let NotNow::Reservation(refusal) = self.does(ask).unwrap_err() else { panic!() };
        assert_eq!(self.agent.state, before, "{refusal}");
        refusal
    }

    fn uses(&mut self, count: u64, now: Timestamp) -> Result<Vec<Action>, NotNow> {
        self.agent.on(Event::Use(vec![(TAG.to_owned(), count)]), now)
    }
}

fn specific() -> Offline {
    Offline::new().asked(reservation::Kind::Specific)
}

fn some(count: u64) -> [Entitlement; 1] {
    [license(TAG, count, None)]
}

/// A-RSV-03, AS-23: the request code is the same until it is cancelled, and after.
#[test]
fn a_request_code_is_constant() {
    let mut offline = specific();
    let code = offline.agent.state.reservation.request.clone().unwrap().code;
    assert!(code.starts_with("CB-Z"), "{code}");
    offline.does(Ask::Request(reservation::Kind::Specific)).unwrap();
    assert_eq!(offline.agent.state.reservation.request.clone().unwrap().code, code);
    let other = offline.refused(Ask::Request(reservation::Kind::Universal));
    assert_eq!(other, Refusal::RequestInProgress);
    offline.does(Ask::Cancel).unwrap();
    assert_eq!(offline.agent.state.reservation.request, None);
    offline.does(Ask::Request(reservation::Kind::Universal)).unwrap();
    let code = offline.agent.state.reservation.request.clone().unwrap().code;
    assert!(code.starts_with("DB-Z"), "{code}");
}

/// AS-23, A-RSV-20: an installed code registers the product and gives a confirmation code.
#[test]
fn an_installed_code_authorizes() {
    let offline = specific().installed(&some(3));
    let agent = &offline.agent;
    assert_eq!(agent.registration(), RegistrationState::SpecificReservation);
    assert_eq!(agent.authorization(day(1)), AuthorizationState::None);
    let reservation = &agent.state.reservation;
    let code = reservation.installed.as_ref().unwrap();
    let read =
        crate::protocol::codes::AuthorizationCode::read(&code.code, &agent.state.product.sudi);
    let secret = read.unwrap().secret();
    let expected = confirmation(&secret, &agent.state.product.sudi);
    assert_eq!(reservation.last_confirmation.as_deref(), Some(expected.as_str()));
    assert_eq!(reservation.request, None);
}

/// A-RSV-22: a satellite's code brings its certificate along; below another root, without it, and
/// with that of a product it is not believed.
#[test]
fn a_satellite_s_code_is_believed_by_its_certificate() {
    let mut offline = specific();
    let sudi = offline.agent.state.product.sudi.clone();
    let install = |code: &str| Ask::Install(code.to_owned());
    let good = offline.portal.of_satellite(&sudi, day(1), &some(3)).unwrap();
    let stranger = Portal::new().unwrap().of_satellite(&sudi, day(1), &some(3)).unwrap();
    let forged = offline.portal.of_product(&sudi, day(1), &some(3)).unwrap();
    let (begin, end) = ("<certificates>", "</certificates>");
    let chain = |code: &str| {
        let from = code.find(begin).unwrap();
        code[from..code.find(end).unwrap() + end.len()].to_owned()
    };
    let without = good.replace(&chain(&good), "");
    let of_other = good.replace(&chain(&good), &chain(&stranger));
    let altered = good.replace("<count>3<", "<count>4<");
    for code in [&stranger, &forged, &without, &of_other, &altered] {
        assert_eq!(offline.refused(install(code)), Refusal::Signature, "{code}");
    }
    offline.does(install(&good)).unwrap();
    assert_eq!(offline.agent.registration(), RegistrationState::SpecificReservation);
}

/// AS-28, device-protocol 4.5: each wrong code has its own words, and changes nothing.
#[test]
fn wrong_codes_are_told_apart() {
    let mut offline = specific();
    let good = offline.code(&some(3));
    let portal = Portal::new().unwrap();
    let sudi = offline.agent.state.product.sudi.clone();
    let foreign = portal.specific(&sudi, day(1), &some(3)).unwrap();
    let altered = good.replace("<count>3<", "<count>4<");
    let other = Sudi::hardware("SIM", "OTHER");
    let other = offline.portal.specific(&other, day(1), &some(3)).unwrap();
    let universal = offline.portal.universal(&offline.agent.state, 1).unwrap();
    let install = |code: &str| Ask::Install(code.to_owned());
    assert!(matches!(offline.refused(install("<a>")), Refusal::Unreadable(_)));
    assert!(matches!(offline.refused(install("DAxyz")), Refusal::Unreadable(_)));
    let text = offline.refused(install(&other)).to_string();
    let proven = "The Reservation Authorization Code does not match the Reservation Request Code";
    assert!(text.starts_with(proven), "{text}");
    assert_eq!(offline.refused(install(&foreign)), Refusal::Signature);
    assert_eq!(offline.refused(install(&altered)), Refusal::Signature);
    assert!(matches!(offline.refused(install(&universal)), Refusal::WrongKind { .. }));
    offline.agent.state.settings.ca_pem = None;
    let text = offline.refused(install(&good)).to_string();
    assert!(text.contains("--ca") && text.contains("/_syncom/ca.pem"), "{text}");
    offline.agent.state.settings.ca_pem = Some(offline.portal.ca_pem() + &portal.ca_pem());
    offline.does(install(&foreign)).unwrap();
    assert_eq!(offline.refused(install(&foreign)), Refusal::AlreadyInstalled);
}

/// AS-26: an update keeps the mode, has another confirmation code, and the replaced code is never
/// installed again.
#[test]
fn an_update_replaces_the_code() {
    let mut offline = specific();
    let first = offline.code(&some(3));
    offline.does(Ask::Install(first.clone())).unwrap();
    let before = offline.agent.state.reservation.last_confirmation.clone();
    let offline_update = offline.code(&some(5));
    offline.does(Ask::Install(offline_update)).unwrap();
    assert_ne!(offline.agent.state.reservation.last_confirmation, before);
    assert_eq!(offline.agent.registration(), RegistrationState::SpecificReservation);
    assert!(offline.uses(5, day(1)).is_ok());
    assert_eq!(offline.refused(Ask::Install(first)), Refusal::UsedBefore);
}

/// AS-28: what is given back prints a return code, falls back to evaluation, and is spent.
#[test]
fn a_returned_code_is_spent() {
    let mut offline = specific();
    let code = offline.code(&some(3));
    offline.does(Ask::Install(code.clone())).unwrap();
    offline.uses(2, day(1)).unwrap();
    assert_eq!(offline.agent.authorization(day(1)), AuthorizationState::Reserved);
    assert_eq!(offline.agent.state.evaluation.running_since, None, "nothing is evaluated");
    offline.does(Ask::Return).unwrap();
    let state = &offline.agent.state;
    let read = crate::protocol::codes::AuthorizationCode::read(&code, &state.product.sudi);
    let expected = return_code(&read.unwrap().secret(), &state.product.sudi);
    assert_eq!(state.reservation.last_return.as_deref(), Some(expected.as_str()));
    assert_eq!(offline.agent.registration(), RegistrationState::NotRegistered);
    assert_eq!(offline.agent.authorization(day(1)), AuthorizationState::Eval);
    assert_eq!(
        offline.refused(Ask::Return).to_string(),
        "No reservation authorization code installed in device"
    );
    offline.does(Ask::Request(reservation::Kind::Specific)).unwrap();
    assert_eq!(offline.refused(Ask::Install(code)), Refusal::UsedBefore);
}

/// AS-29, A-RSV-16: a code that was never installed is given back, and can then not be installed.
#[test]
fn a_code_that_was_never_installed_is_returned() {
    let mut offline = specific();
    let code = offline.code(&some(3));
    assert!(matches!(
        offline.refused(Ask::ReturnAuthorization("<a>".to_owned())),
        Refusal::Unreadable(_)
    ));
    offline.does(Ask::ReturnAuthorization(code.clone())).unwrap();
    assert!(offline.agent.state.reservation.last_return.as_deref().unwrap().starts_with('C'));
    offline.does(Ask::Request(reservation::Kind::Specific)).unwrap();
    assert_eq!(offline.refused(Ask::Install(code.clone())), Refusal::UsedBefore);
    assert_eq!(offline.refused(Ask::ReturnAuthorization(code)), Refusal::UsedBefore);
}

/// F-HL-18: what is reserved is a hard limit, for each license; less is always possible.
#[test]
fn more_than_reserved_is_refused() {
    let mut offline = specific();
    offline.uses(9, day(1)).unwrap();
    let mut offline = offline.installed(&some(3));
    assert_eq!(offline.agent.authorization(day(1)), AuthorizationState::NotAuthorized);
    let text = offline.uses(10, day(1)).unwrap_err().to_string();
    assert!(text.contains("10 would be in use, 3 are reserved"), "{text}");
    offline.uses(8, day(1)).unwrap();
    assert!(offline.uses(9, day(1)).is_err());
    offline.uses(3, day(1)).unwrap();
    assert_eq!(offline.agent.authorization(day(1)), AuthorizationState::Reserved);
    let none = Event::Use(vec![(OTHER.to_owned(), 1), (TAG.to_owned(), 1)]);
    assert!(offline.agent.on(none, day(1)).unwrap_err().to_string().contains("0 are reserved"));
    assert_eq!(offline.agent.state.usage[TAG].count, 3, "all or nothing");
}

/// F-HL-18: a universal reservation has no limit.
#[test]
fn a_universal_reservation_has_no_limit() {
    let mut offline = Offline::new().asked(reservation::Kind::Universal);
    let code = offline.portal.universal(&offline.agent.state, 4).unwrap();
    offline.does(Ask::Install(code)).unwrap();
    offline.uses(1_000_000, day(1)).unwrap();
    assert_eq!(offline.agent.authorization(day(1)), AuthorizationState::Reserved);
    assert_eq!(offline.agent.registration(), RegistrationState::UniversalReservation);
    let specific = offline.code(&some(1));
    assert!(matches!(offline.refused(Ask::Install(specific)), Refusal::WrongKind { .. }));
}

/// A-RSV-21, AS-32: when a term ends, the product itself finds its licenses not authorized.
#[test]
fn an_ended_term_is_not_authorized() {
    let (first, last) = (day(0).date(), day(10).date());
    let term = [license(TAG, 1, None), license(TAG, 2, Some((first, last)))];
    let mut offline = specific().installed(&term);
    offline.uses(3, day(1)).unwrap();
    let end = Timestamp::midnight(last).plus_days(1);
    assert_eq!(offline.agent.state.next_due(), Some(end));
    assert!(offline.agent.tick(end.just_before()).is_empty());
    assert_eq!(offline.agent.authorization(end.just_before()), AuthorizationState::Reserved);
    let told = offline.agent.tick(end);
    assert_eq!(told, [Notice::ReservationExpired { tag: TAG.to_owned() }]);
    assert_eq!(offline.agent.authorization(end), AuthorizationState::NotAuthorized);
    assert!(offline.agent.tick(end.plus_days(1)).is_empty(), "told once");
    offline.uses(1, end).unwrap();
    assert_eq!(offline.agent.authorization(end), AuthorizationState::Reserved);
}

/// AS-23: a file for a group holds one code for each unit; each takes its own.
#[test]
fn a_group_takes_its_own_code_of_a_file() {
    let mut offline = Offline::new();
    let own = offline.agent.state.product.sudi.clone();
    let standby = Sudi::hardware("SIM", "STANDBY");
    let member = |role: &str, sudi: &Sudi| crate::device::state::Member {
        role: role.to_owned(),
        sudi: sudi.clone(),
    };
    offline.agent.state.product.members = vec![member("Active", &own), member("Standby", &standby)];
    let mut offline = offline.asked(reservation::Kind::Specific);
    let code = offline.agent.state.reservation.request.clone().unwrap().code;
    assert!(code.starts_with("CE-Z"), "{code}");
    let codes = [&standby, &own].map(|s| offline.portal.specific(s, day(1), &some(2)).unwrap());
    let strangers = [Sudi::hardware("SIM", "A"), Sudi::hardware("SIM", "B")];
    let strangers = strangers.map(|s| offline.portal.specific(&s, day(1), &some(2)).unwrap());
    let file = |codes: &[String]| format!("<smartLicense>{}</smartLicense>", codes.concat());
    let text = offline.refused(Ask::Install(file(&strangers))).to_string();
    assert!(text.contains("of its 2 codes, none is for"), "{text}");
    offline.does(Ask::Install(file(&codes))).unwrap();
    let installed = offline.agent.state.reservation.installed.clone().unwrap();
    assert!(installed.units.contains(&standby.key()), "{:?}", installed.units);
}

/// A file of an earlier version has no reservation in it, and is read.
#[test]
fn an_earlier_state_is_read() {
    let mut file = serde_json::to_value(fresh()).unwrap();
    file.as_object_mut().unwrap().remove("reservation").unwrap();
    let read: State = serde_json::from_value(file).unwrap();
    assert_eq!(read, fresh());
}
