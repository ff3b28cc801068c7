//! `Communication Statistics`.

use super::super::page::Page;
use super::super::view::View;
use crate::device::machine::Exchange;
use crate::device::state::{Attempt, Counter};

/// The messages of later agents, and which of a classic agent counts there.
// PROVEN: the names (GENIE). Ours: registering establishes trust, renewing the certificate
// refreshes it, and leaving returns what was authorized.
const MESSAGES: [(&str, Option<Exchange>); 9] = [
    ("Trust Establishment", Some(Exchange::Registration)),
    ("Trust Acknowledgement", None),
    ("Usage Reporting", None),
    ("Result Polling", None),
    ("Authorization Request", Some(Exchange::Authorization)),
    ("Authorization Confirmation", None),
    ("Authorization Return", Some(Exchange::Deregistration)),
    ("Trust Sync", Some(Exchange::IdCertRenew)),
    ("Hello Message", None),
];

pub(super) fn communication(page: &mut Page, view: &View<'_>) {
    let level = if view.identity().is_some() { "DIRECT" } else { "INDIRECT" };
    page.heading("Communication Statistics:", 23);
    page.pair(0, "Communication Level Allowed", level);
    page.pair(0, "Overall State", "<empty>");
    for (name, exchange) in MESSAGES {
        let counter = exchange.and_then(|exchange| view.state.counters.get(&exchange));
        page.line(&format!("{name}:"));
        message(page, view, &counter.cloned().unwrap_or_default());
    }
    page.gap();
}

fn message(page: &mut Page, view: &View<'_>, counter: &Counter) {
    let Counter { sent, good, failed, failures, silences, .. } = counter;
    let attempts = format!(
        "Total={sent}, Success={good}, Fail={failed}  Ongoing Failure: Overall={failures} \
         Communication={silences}"
    );
    page.pair(2, "Attempts", &attempts);
    let last = match (counter.last_result.as_deref(), counter.last_answer) {
        (Some(result), Some(at)) => format!("{} on {}", response(result), view.date(at)),
        _ => "<none>".to_owned(),
    };
    page.pair(2, "Last Response", &last);
    let failure = counter.last_failure.clone();
    let attempt = Attempt { at: view.now, failure };
    let reason = view.reason(Some(&attempt));
    page.pair(4, "Failure Reason", reason.as_deref().unwrap_or("<none>"));
    page.pair(2, "Last Success Time", &view.date_or(counter.good_at, "<none>"));
    page.pair(2, "Last Failure Time", &view.date_or(counter.failed_at, "<none>"));
}

/// What an agent calls a refusal.
// PROVEN: GENIE `golden_output_8_proxy`.
fn response(result: &str) -> &str {
    if result == "FAILED" { "INVALID STATUS CODE" } else { result }
}
