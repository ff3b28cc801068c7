//! Active User contracts: pages below `/flex/contracts`, in the hub's frame.

pub mod forms;
pub mod forward;
pub mod ledger;
pub mod list;
pub mod new;
pub mod people;
pub mod plan;
pub mod words;

use crate::domain::active_user::{Contract, State};
use crate::domain::id::ContractId;
use crate::domain::{self, Error};
use crate::web::pages::ask::Ask;
use crate::web::pages::frame::NavItem;
use crate::web::pages::view::{Badge, Severities, Tone};
use actix_web::web::{ServiceConfig, get, post};

/// The routes of contracts.
pub fn configure(routes: &mut ServiceConfig) {
    const ONE: &str = "/flex/contracts/{id}";
    let at = |rest: &str| format!("{ONE}{rest}");
    routes
        .route("/hub/{key}/contracts", get().to(list::of_organization))
        .route("/flex/contracts", get().to(list::all))
        .route("/flex/contracts/new", get().to(new::blank))
        .route("/flex/contracts/new", post().to(new::open))
        .route(ONE, get().to(plan::show_plan))
        .route(&at("/ledger"), get().to(ledger::entries))
        .route(&at("/people"), get().to(people::list))
        .route(&at("/people/new"), get().to(people::blank))
        .route(&at("/people/new"), post().to(people::add))
        .route(&at("/people/enable"), get().to(people::ask_enable))
        .route(&at("/people/enable"), post().to(people::enable))
        .route(&at("/people/disable"), get().to(people::ask_disable))
        .route(&at("/people/disable"), post().to(people::disable))
        .route(&at("/people/leave"), get().to(people::ask_leave))
        .route(&at("/people/leave"), post().to(people::leave))
        .route(&at("/true-forward"), get().to(forward::show_forward))
        .route(&at("/true-forward"), post().to(forward::confirm))
        .route(&at("/renew"), get().to(forms::ask_renew))
        .route(&at("/renew"), post().to(forms::renew))
        .route(&at("/order"), get().to(forms::ask_order))
        .route(&at("/order"), post().to(forms::place_order))
        .route(&at("/adjust"), get().to(forms::ask_adjust))
        .route(&at("/adjust"), post().to(forms::adjust));
}

/// The contract in the address.
pub(super) fn id(ask: &Ask) -> domain::Result<ContractId> {
    let text = ask.segment("id");
    text.parse().map_err(|_| Error::not_found("contract", text))
}

/// The address of a contract.
pub(super) fn base(id: ContractId) -> String {
    format!("/flex/contracts/{id}")
}

/// The pages of a contract; `here` is the path of the present one.
pub fn sections(id: ContractId, here: &str) -> Vec<NavItem> {
    let rows = [
        ("Plan", ""),
        ("People", "/people"),
        ("True Forward", "/true-forward"),
        ("Ledger", "/ledger"),
    ];
    let item = |(label, path): (&'static str, &str)| NavItem {
        label,
        href: format!("{}{path}", base(id)),
        current: path == here,
        alerts: Severities::default(),
    };
    rows.into_iter().map(item).collect()
}

/// Where a contract stands, as a badge.
pub(super) fn state(contract: &Contract) -> Badge {
    match contract.state {
        State::Running => Badge::new(Tone::Good, "Running"),
        State::Waiting => Badge::new(Tone::Attention, "True Forward waits"),
        State::Ended => Badge::new(Tone::Neutral, "Ended"),
    }
}
