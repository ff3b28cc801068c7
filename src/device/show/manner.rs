//! In which the styles differ, apart from the order of their sections.

use crate::device::profile::{Style, Transport};

/// What a style calls things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// Form of a date, without its zone.
    pub(super) date: &'static str,
    /// Export-controlled functionality, allowed and not.
    pub(super) export: [&'static str; 2],
    /// Whether a product knows the names of its licenses before the server has told them.
    pub(super) knows_names: bool,
    /// What stands before the next attempt to register.
    pub(super) next_registration: &'static str,
    /// What stands after `License Authorization:`.
    pub(super) after_authorization: &'static str,
}

/// `Jan 05 09:00:00 2026`
// PROVEN: GENIE (IOS XE 2024), NTC (ASA 2018, IOS 2022), NX-OS 2021, CUCM-DIR 2018.
const YEAR_LAST: &str = "%b %d %H:%M:%S %Y";
/// `Jan 05 2026 09:00:00`
// PROVEN: NTC (two ASA of 2023), Expressway 2020.
const YEAR_BEFORE_TIME: &str = "%b %d %Y %H:%M:%S";

impl Manner {
    pub(super) fn of(style: Style) -> Self {
        let plain = Self {
            date: YEAR_BEFORE_TIME,
            export: ["ALLOWED", "NOT ALLOWED"],
            knows_names: true,
            next_registration: "Next Registration Attempt",
            after_authorization: "",
        };
        match style {
            Style::Plain | Style::Webex => plain,
            // GENIE, NTC: a blank stands after the colon.
            Style::IosXe => Self { date: YEAR_LAST, after_authorization: " ", ..plain },
            // NTC: before the server has spoken, the line begins with the bracket. Ours: its
            // reader knows no next attempt but a renewal.
            Style::Asa => {
                Self { knows_names: false, next_registration: "Next Renewal Attempt", ..plain }
            }
            Style::NxOs => Self {
                date: YEAR_LAST,
                export: ["Allowed", "Not Allowed"],
                after_authorization: " ",
                ..plain
            },
            Style::Ucm => Self {
                date: YEAR_LAST,
                export: ["Allowed", "Not Allowed"],
                knows_names: false,
                ..plain
            },
        }
    }
}

/// What a device says when no server was reached.
// device-protocol.md 3.4 (PROVEN: ASA, NSO as another Java agent, IOS).
pub(super) fn unreachable(style: Style, transport: Transport) -> &'static str {
    match (style, transport) {
        (Style::Ucm, _) => "Communication Send Error",
        (Style::IosXe | Style::NxOs, Transport::CallHome) => {
            "Fail to send out Call Home HTTP message."
        }
        (Style::Plain | Style::Webex | Style::IosXe | Style::Asa | Style::NxOs, _) => {
            "Communication message send error"
        }
    }
}
