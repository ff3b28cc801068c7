//! `show license eventlog`.
// PROVEN (GENIE `ShowLicenseEventlog2`): heading, form of time, `SAEVT_ENDPOINT_USAGE` and
// `SAEVT_PLATFORM` with their members, the words for an empty log. No other event of a classic
// agent is public, so all others come as `SAEVT_PLATFORM` with the name of their log message.

use super::page::Page;
use super::syslog::message;
use super::view::View;
use crate::device::notices::{Entry, Notice};
use chrono::TimeDelta;

/// The log, or that of the last days.
pub(super) fn eventlog(view: &View<'_>, days: Option<u16>) -> String {
    let mut page = Page::default();
    let entries = recent(view, days);
    if entries.is_empty() {
        page.line(" No EventLog Found.");
        return page.finish();
    }
    page.line("**** Event Log ****");
    page.gap();
    for entry in entries {
        let at = entry.at.utc().format("%Y-%m-%d %H:%M:%S%.3f UTC");
        page.line(&format!("{at} {}", event(view, &entry.notice)));
    }
    page.finish()
}

/// The entries to show, oldest first.
pub(super) fn recent<'a>(view: &View<'a>, days: Option<u16>) -> Vec<&'a Entry> {
    let entries = view.state.log.entries();
    let Some(days) = days else { return entries.collect() };
    entries.filter(|entry| view.now - entry.at <= TimeDelta::days(days.into())).collect()
}

fn event(view: &View<'_>, notice: &Notice) -> String {
    if let Notice::Usage { tag, count } = notice {
        return format!("SAEVT_ENDPOINT_USAGE count=\"{count}\" entitlementTag=\"{tag}\"");
    }
    let message = message(notice, view.state);
    let text = message.text.replace('"', "'");
    format!(
        "SAEVT_PLATFORM eventSource=\"SMART_LIC\" eventName=\"{}\" MSG=\"{text}\"",
        message.mnemonic
    )
}
