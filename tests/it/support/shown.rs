//! Texts of simulated products in every situation, and what is to be read in them.
//!
//! What is expected comes from the state itself, by ways of its own: nothing here asks the code
//! that writes the texts.

use chrono::TimeDelta;
use serde_json::{Value, json};
use syncom::device::machine::{AuthorizationState, Exchange, Key, RegistrationState, Standing};
use syncom::device::notices::Notice;
use syncom::device::profile::{Profile, Transport};
use syncom::device::show::{self, Topic};
use syncom::device::situations::{AUTHORIZATIONS, Actor};
use syncom::device::state::{Attempt, Member, Product, Proxy, State, Usage};
use syncom::domain::reservation::Kind;
use syncom::domain::time::Timestamp;
use syncom::protocol::sudi::Sudi;

/// The profiles whose texts are checked; each has the style of its name.
pub const STYLES: [&str; 4] = ["ios-xe", "asa", "nx-os", "ucm"];

const EXTRA: &str = "regid.2026-01.com.example.EXTRA,2.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0fff";

/// One of three products of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variation {
    /// One license, Call Home.
    Simple,
    /// All licenses and one that the profile does not know, Smart Transport through a proxy, the
    /// host name hidden, four nodes, two export authorization keys.
    Rich,
    /// As simple, after failures.
    Failing,
}

/// Every text of a style, in every situation.
pub fn cases(style: &str) -> Vec<Value> {
    let end = Timestamp::parse("2027-05-20T09:41:07Z").unwrap();
    let mut cases = Vec::new();
    for variation in [Variation::Simple, Variation::Rich, Variation::Failing] {
        for standing in Standing::ALL {
            for authorization in AUTHORIZATIONS {
                let (fresh, uses) = product(style, variation);
                let actor = Actor::at(fresh, uses, standing, authorization, end);
                let Some(actor) = actor else { continue };
                let actor = match variation {
                    Variation::Failing if standing == Standing::Complete => actor.failing(),
                    Variation::Simple | Variation::Rich | Variation::Failing => actor,
                };
                assert_eq!(actor.state.authorization_state(end), authorization, "{standing:?}");
                let expected = expected(&actor.state, end);
                cases.extend(Topic::ALL.map(|topic| {
                    json!({
                        "name": format!("{variation:?} {standing:?} {authorization:?}"),
                        "style": style,
                        "topic": topic.words(),
                        "text": show::license(&actor.state, topic, end),
                        "expected": expected,
                    })
                }));
            }
        }
    }
    cases
}

fn product(style: &str, variation: Variation) -> (State, Vec<(String, u64)>) {
    let profile = Profile::find(style).unwrap();
    let mut product = Product::of(&profile, "FCW2134L0RN");
    let mut uses: Vec<_> = profile
        .licenses
        .iter()
        .zip(4..)
        .map(|(license, count)| (license.tag.clone(), count))
        .collect();
    if variation == Variation::Rich {
        uses.push((EXTRA.to_owned(), 7));
        product.send_hostname = false;
        let nodes = ["Active", "Standby", "Member", "Member"].into_iter().enumerate();
        let pid = product.sudi.udi_pid.clone().unwrap();
        product.members = nodes
            .map(|(number, role)| Member {
                role: role.to_owned(),
                sudi: Sudi::hardware(&pid, &format!("FCW2134L0R{number}")),
            })
            .collect();
    } else {
        uses.truncate(1);
    }
    let mut state = State::new(profile, product, "key".to_owned());
    state.settings.transport = Transport::CallHome;
    if variation == Variation::Rich {
        let granted_at = Timestamp::parse("2027-01-05T09:00:00Z").unwrap();
        let keys =
            uses.iter().take(2).map(|(tag, _)| (tag.clone(), Key { name: None, granted_at }));
        state.export.keys = keys.collect();
        state.settings.transport = Transport::Smart;
        state.settings.url = Some("http://lab.example:8080/SmartTransport".to_owned());
        state.settings.proxy =
            Some(Proxy { url: "http://10.1.2.3:3128".to_owned(), user: None, password: None });
    }
    (state, uses)
}

fn expected(state: &State, now: Timestamp) -> Value {
    let product = &state.product;
    let smart = state.settings.transport == Transport::Smart;
    let udi = |sudi: &Sudi| json!({ "pid": sudi.udi_pid, "sn": sudi.udi_serial_number });
    let mut nodes = serde_json::Map::new();
    for member in &product.members {
        let role = member.role.to_lowercase();
        let name = if nodes.contains_key(&role) { format!("{role}2") } else { role };
        nodes.insert(name, udi(&member.sudi));
    }
    let licenses: Vec<_> = state
        .usage
        .iter()
        .filter(|(_, usage)| usage.count > 0)
        .map(|(tag, usage)| license(state, now, tag, usage))
        .collect();
    json!({
        "now": second(now),
        "registration": registration(state),
        "authorization": authorization(state, now),
        "licenses": licenses,
        "hostname": product.send_hostname,
        "transport": {
            "type": if smart { "Smart" } else { "Callhome" },
            "url": state.settings.url.as_ref().filter(|_| smart),
            "proxy": smart.then_some(["10.1.2.3", "3128"]),
        },
        "udi": udi(&product.sudi),
        "nodes": nodes,
        "agent": state.profile.texts.agent_version,
        "software": product.software_tag,
        "counters": counters(state),
        "events": events(state),
        "reservation": reservation(state),
    })
}

fn registration(state: &State) -> Value {
    let registration = &state.registration;
    let identity = registration.identity.as_ref();
    let words = match state.registration_state() {
        RegistrationState::NotRegistered => "UNREGISTERED",
        RegistrationState::InProgress => "REGISTERING - REGISTRATION IN PROGRESS",
        RegistrationState::Complete => "REGISTERED",
        RegistrationState::Retry => "UNREGISTERED - RETRY IN PROGRESS",
        RegistrationState::Failed => "UNREGISTERED - REGISTRATION FAILED",
        RegistrationState::Expired => "UNREGISTERED - REGISTRATION EXPIRED",
        RegistrationState::Reserving => "RESERVATION IN PROGRESS",
        RegistrationState::SpecificReservation => "REGISTERED - SPECIFIC LICENSE RESERVATION",
        RegistrationState::UniversalReservation => "REGISTERED - UNIVERSAL LICENSE RESERVATION",
    };
    let failed = registration.last_attempt.as_ref().filter(|attempt| attempt.failure.is_some());
    let code = state.reservation.installed.as_ref();
    let since = identity.map(|one| one.registered_at).or(code.map(|code| code.installed_at));
    let registered = match since {
        Some(since) => json!({ "word": "SUCCEEDED", "at": second(since) }),
        None => attempt(failed),
    };
    let renewed = registration.last_renewal.as_ref().filter(|_| identity.is_some());
    json!({
        "words": words,
        "smart_account": identity.map(|identity| &identity.smart_account),
        "virtual_account": identity.map(|identity| &identity.virtual_account),
        "export": identity.is_some_and(|identity| identity.export_control_allowed),
        "registered": registered,
        "renewed": attempt(renewed),
        "renew_at": identity.map(|identity| second(identity.renew_at)),
        "expires_at": identity.map(|identity| second(identity.expires_at)),
        "retry_at": registration.pending.as_ref().and_then(|p| p.next_attempt).map(second),
    })
}

fn authorization(state: &State, now: Timestamp) -> Value {
    use AuthorizationState as A;
    let authorization = &state.authorization;
    let (words, at) = match state.authorization_state(now) {
        A::None => ("No Licenses in Use", None),
        A::Eval => ("EVAL MODE", None),
        A::EvalExpired => ("EVAL EXPIRED", None),
        A::Waiting => ("WAITING", None),
        A::Authorized => ("AUTHORIZED", authorization.answered_at),
        A::OutOfCompliance => ("OUT OF COMPLIANCE", authorization.answered_at),
        A::AuthorizationExpired => ("AUTHORIZATION EXPIRED", authorization.deadline),
        A::NotAuthorized if state.reservation.enabled => ("NOT AUTHORIZED - RESERVED", None),
        A::NotAuthorized => ("NOT AUTHORIZED", None),
        A::Reserved => {
            let code = state.reservation.installed.as_ref().unwrap();
            ("AUTHORIZED - RESERVED", Some(code.installed_at))
        }
    };
    let inside = state.registration.identity.is_some();
    let left = state.evaluation_left(now).num_seconds();
    let (days, rest) = (left / 86_400, left % 86_400);
    let (hours, minutes, seconds) = (rest / 3_600, rest % 3_600 / 60, rest % 60);
    let left = format!("{days} days, {hours} hours, {minutes} minutes, {seconds} seconds");
    json!({
        "words": words,
        "at": at.map(second),
        "evaluation_left": (state.unlicensed() && state.in_use()).then_some(left),
        "last": attempt(authorization.last_attempt.as_ref().filter(|_| inside)),
        "next": authorization.next_attempt.filter(|_| inside).map(second),
        "deadline": authorization.deadline.filter(|_| inside).map(second),
    })
}

fn reservation(state: &State) -> Value {
    let reservation = &state.reservation;
    let code = reservation.installed.as_ref();
    let words = code.map(|code| match code.kind {
        Kind::Specific => "SPECIFIC INSTALLED",
        Kind::Universal => "UNIVERSAL INSTALLED",
    });
    json!({
        "enabled": reservation.enabled,
        "status": words.unwrap_or("NOT INSTALLED"),
        "at": code.map(|code| second(code.installed_at)),
        "request": reservation.request.as_ref().map(|request| &request.code),
        "confirmation": reservation.last_confirmation,
        "code": code.map(|code| &code.code),
        "counts": code.map(|code| code.licenses.iter().map(|l| l.count).collect::<Vec<_>>()),
        "ends": code.map(|code| {
            let ends = code.licenses.iter().filter_map(|license| license.last_day);
            ends.map(|day| day.format("%Y-%m-%d").to_string()).collect::<Vec<_>>()
        }),
    })
}

fn attempt(attempt: Option<&Attempt>) -> Value {
    attempt.map_or(Value::Null, |attempt| {
        let word = if attempt.failure.is_some() { "FAILED" } else { "SUCCEEDED" };
        json!({ "word": word, "at": second(attempt.at) })
    })
}

fn license(state: &State, now: Timestamp, tag: &str, usage: &Usage) -> Value {
    let feature = state.profile.feature(tag);
    let short = tag.split(',').next().unwrap().rsplit('.').next().unwrap();
    let title = feature.map(|feature| feature.title.as_str());
    let name = usage.display_name.as_deref().or(title);
    let described = feature.map(|feature| feature.description.as_str());
    let column = name.unwrap_or(short);
    let cut = column.get(..20).filter(|_| column.len() > 23);
    let column = cut.map_or(column.to_owned(), |cut| format!("{cut}..."));
    let described = usage.description.as_deref().or(described).or(name).unwrap_or(short);
    json!({
        "tag": tag,
        "short": short,
        "title": name.map_or(format!("({short}):"), |name| format!("{name} ({short}):")),
        "told_name": usage.display_name,
        "column": column,
        "feature": feature.map_or(short, |feature| &feature.name),
        "description": described,
        "count": usage.count,
        "version": usage.version,
        "status": status(state, now, tag, usage),
        "export_status":
            if usage.export_restricted { "RESTRICTED - ALLOWED" } else { "NOT RESTRICTED" },
        "reserved": state.reservation.installed.as_ref().and_then(|code| code.limit(tag, now)),
    })
}

fn status(state: &State, now: Timestamp, tag: &str, usage: &Usage) -> &'static str {
    use AuthorizationState as A;
    if let Some(code) = &state.reservation.installed {
        // The first license is the one whose term has ended, where one has.
        let ended =
            code.of(tag).any(|license| license.last_day.is_some_and(|day| day < now.date()));
        return if ended { "NOT AUTHORIZED" } else { "AUTHORIZED - RESERVED" };
    }
    match (state.authorization_state(now), usage.enforce_mode.as_deref()) {
        (A::Eval, _) => "EVAL MODE",
        (A::EvalExpired, _) => "EVAL EXPIRED",
        (A::AuthorizationExpired, _) => "AUTHORIZATION EXPIRED",
        (A::NotAuthorized, _) => "NOT AUTHORIZED",
        (A::Authorized | A::OutOfCompliance, Some("in-compliance")) => "AUTHORIZED",
        (A::Authorized | A::OutOfCompliance, Some("out-of-compliance")) => "OUT OF COMPLIANCE",
        (A::Authorized | A::OutOfCompliance | A::Waiting | A::None | A::Reserved, _) => "WAITING",
    }
}

fn counters(state: &State) -> Value {
    let mut all = serde_json::Map::new();
    for (exchange, name) in [
        (Exchange::Registration, "trust_establishment"),
        (Exchange::Authorization, "authorization_request"),
        (Exchange::IdCertRenew, "trust_sync"),
        (Exchange::Deregistration, "authorization_return"),
    ] {
        let counter = state.counters.get(&exchange).cloned().unwrap_or_default();
        let attempts =
            [counter.sent, counter.good, counter.failed, counter.failures, counter.silences];
        let one = json!({
            "attempts": attempts,
            "last_success_time": counter.good_at.map(second),
            "last_failure_time": counter.failed_at.map(second),
        });
        all.insert(name.to_owned(), one);
    }
    Value::Object(all)
}

fn events(state: &State) -> Vec<Value> {
    let entries = state.log.entries();
    entries
        .map(|entry| {
            let begins = match &entry.notice {
                Notice::Usage { count, .. } => format!("SAEVT_ENDPOINT_USAGE count=\"{count}\" "),
                _ => "SAEVT_PLATFORM eventSource=\"SMART_LIC\" eventName=\"".to_owned(),
            };
            json!({ "at": second(entry.at), "begins": begins })
        })
        .collect()
}

/// To the second, as texts have it.
fn second(instant: Timestamp) -> String {
    let millis = instant.millis().rem_euclid(1000);
    (instant + TimeDelta::milliseconds(-millis)).utc().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
