//! Topics and plain words; what other styles print is read by parsers in `tests/it/parsers.rs`.

use super::*;
use crate::device::machine::{AuthorizationState, Key, Standing};
use crate::device::profile::Profile;
use crate::device::situations::{AUTHORIZATIONS, Actor};
use crate::device::state::Product;

fn end() -> Timestamp {
    Timestamp::parse("2027-05-20T09:00:00Z").unwrap()
}

fn actor(profile: &str, standing: Standing, authorization: AuthorizationState) -> Option<Actor> {
    let profile = Profile::find(profile).unwrap();
    let uses = profile.licenses.iter().map(|license| (license.tag.clone(), 4)).collect();
    let product = Product::of(&profile, "SIM000001");
    let fresh = State::new(profile, product, "key".to_owned());
    Actor::at(fresh, uses, standing, authorization, end())
}

fn shown(profile: &str, authorization: AuthorizationState, topic: Topic) -> String {
    let actor = actor(profile, Standing::Complete, authorization).unwrap();
    license(&actor.state, topic, end())
}

#[test]
fn topics_are_the_words_behind_show_license() {
    for topic in Topic::ALL {
        assert_eq!(topic.words().to_uppercase().parse(), Ok(topic));
    }
    assert_eq!("tech".parse(), Ok(Topic::TechSupport));
    assert_eq!("eventlog 2".parse(), Ok(Topic::Eventlog(Some(2))));
    for wrong in ["", "eventlog x", "all status"] {
        assert!(wrong.parse::<Topic>().unwrap_err().contains("must be one of all"), "{wrong}");
    }
}

/// device-protocol.md 3.2: no situation is without words in any style, nor a line without end.
#[test]
fn every_style_has_words_for_every_situation() {
    for profile in ["sim", "webex", "ios-xe", "asa", "nx-os", "ucm"] {
        for standing in Standing::ALL {
            for authorization in AUTHORIZATIONS {
                let Some(actor) = actor(profile, standing, authorization) else { continue };
                for topic in Topic::ALL {
                    let text = license(&actor.state, topic, end());
                    assert!(text.ends_with('\n') && text.len() > 10, "{profile} {topic:?}");
                    assert!(!text.starts_with('\n'), "{profile} {topic:?}: {text}");
                }
            }
        }
    }
}

/// A-EXP-03: who is registered without the flag may use what there is a key for.
#[test]
fn a_key_is_told_where_a_device_tells_it() {
    let mut state =
        actor("ios-xe", Standing::Complete, AuthorizationState::Authorized).unwrap().state;
    let tag = state.profile.feature("hseck9").unwrap().tag.clone();
    let identity = state.registration.identity.as_mut().unwrap();
    identity.export_control_allowed = false;
    let topics = [Topic::All, Topic::Status, Topic::TechSupport];
    for topic in topics {
        let text = license(&state, topic, end());
        assert!(text.contains("  Features Authorized:\n    <none>\n"), "{topic:?}: {text}");
    }
    assert!(license(&state, Topic::All, end()).contains("Export status: RESTRICTED - NOT ALLOWED"));
    state.export.keys.insert(tag.clone(), Key { name: None, granted_at: end() });
    for topic in topics {
        let text = license(&state, topic, end());
        assert!(text.contains("  Features Authorized:\n    hseck9\n"), "{topic:?}: {text}");
    }
    assert!(license(&state, Topic::All, end()).contains("Export status: RESTRICTED - ALLOWED"));
    assert_eq!(json(&state, end())["export"]["keys"], serde_json::json!([tag]));
    state.registration.identity = None;
    assert!(license(&state, Topic::Status, end()).contains("    <none>\n"));
}

/// Plain words tell the whole reason and what comes next.
#[test]
fn plain_words_have_all_that_happened() {
    let actor = actor("sim", Standing::Complete, AuthorizationState::Authorized).unwrap();
    let text = license(&actor.failing().state, Topic::TechSupport, end());
    for part in [
        "Failure reason: cannot reach the server: no route",
        "Certificate Renewal: 1 sent, 0 good, 1 failed; last: NO REPLY",
        "Agent Version: 0.1.0_syncom",
        "Next Timer: ",
        "Communication failed: cannot reach the server: no route",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// CUCM-DIR: all licenses of a publisher by their whole tags, in words of its own agent.
#[test]
fn a_publisher_lists_all_its_licenses() {
    let text = shown("ucm", AuthorizationState::OutOfCompliance, Topic::All);
    let since = "License Authorization Status: OUT OF COMPLIANCE as of May 20 06:00:07 2027 UTC";
    assert!(text.contains(since), "{text}");
    assert_eq!(text.matches("  Status: InCompliance\n").count(), 4, "{text}");
    assert_eq!(text.matches("  Status: OutOfCompliance\n").count(), 1, "{text}");
    let text = shown("ucm", AuthorizationState::None, Topic::Summary);
    assert_eq!(text.matches(" Init\n").count(), 5, "{text}");
}

/// GENIE, NTC: the forms of dates differ.
#[test]
fn each_style_writes_dates_in_its_own_form() {
    for (profile, date) in [
        ("ios-xe", "May 20 06:00:07 2027 UTC"),
        ("nx-os", "May 20 06:00:07 2027 UTC"),
        ("asa", "May 20 2027 06:00:07 UTC"),
    ] {
        let text = shown(profile, AuthorizationState::Authorized, Topic::Status);
        assert!(text.contains(&format!("Status: AUTHORIZED on {date}\n")), "{profile}: {text}");
    }
}
