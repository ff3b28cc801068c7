//! Managing the virtual accounts of a Smart Account.

use super::general::access;
use super::inventory::in_tree_order;
use super::place::{forbidden, frame};
use super::va_new::may_create;
use crate::domain::Error;
use crate::domain::local_account::Decision;
use crate::domain::people::Permission;
use crate::domain::tag;
use crate::domain::virtual_account::Access;
use crate::engine::{Overview, VirtualAccountRow};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::confirm::{Blocker, ConfirmPage};
use crate::web::pages::filters::{self, grouped};
use crate::web::pages::frame::{Frame, NavItem, Tab};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::paging::cut;
use crate::web::pages::satellite::manage;
use crate::web::pages::view::Pager;
use actix_web::HttpResponse;
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// One virtual account in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each decides on one part of the row")]
pub struct VaRow {
    /// The number in addresses.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// How deep it is nested; 0 is the top level.
    pub depth: usize,
    /// Free text; may be empty.
    pub description: String,
    /// `Public` or `Private`.
    pub access: String,
    /// Star.
    pub is_default: bool,
    /// The satellite it is attached to.
    pub satellite: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// Licenses it owns.
    pub licenses: i64,
    /// Products registered in it.
    pub instances: i64,
    /// Active tokens.
    pub tokens: i64,
    /// Whether the viewer may make it the default.
    pub may_make_default: bool,
    /// Whether the viewer may change it.
    pub may_change: bool,
    /// Whether the viewer may try to empty and delete it.
    pub may_delete: bool,
}

/// The list of virtual accounts.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/virtual_accounts/list.html")]
pub struct VirtualAccountsPage {
    /// The frame.
    pub frame: Frame,
    /// Part of a name or the beginning of a tag, kept in the address.
    pub search: String,
    /// Whether the search is by tag.
    pub by_tag: bool,
    /// The virtual accounts in order of the tree.
    pub accounts: Vec<VaRow>,
    /// The tabs of *Manage Account*; none in CSSM.
    pub tabs: Vec<NavItem>,
    /// Whether the viewer may create one.
    pub may_create: bool,
    /// Where one is.
    pub pager: Pager,
}

/// The list of virtual accounts.
pub async fn list(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let frame = frame(&ask, &overview, Tab::Outside);
        let found = matching(&ask.query, &overview).into_iter();
        let rows = found.map(|(depth, row)| VaRow::of(depth, row, &overview)).collect();
        let (accounts, pager) =
            cut(&ask, rows, |row: &VaRow| row.id.to_string(), "virtual account")?;
        let may_create = may_create(&overview).is_ok();
        let (search, by_tag) = (ask.query.get("search").to_owned(), by_tag(&ask.query));
        let tabs = manage::tabs(&frame, manage::PLACES);
        Ok(VirtualAccountsPage { frame, search, by_tag, accounts, tabs, may_create, pager })
    })
    .await
}

/// Those whose name holds the text, or one of whose tags begins with it (A-VAS-01), with how
/// deep they are nested.
pub(super) fn matching<'a>(
    asked: &Fields,
    overview: &'a Overview,
) -> Vec<(usize, &'a VirtualAccountRow)> {
    let wanted = asked.get("search").trim().to_lowercase();
    let fits = |(_, row): &(usize, &VirtualAccountRow)| match by_tag(asked) {
        _ if wanted.is_empty() => true,
        true => tag::any_begins_with(&row.tags, &wanted),
        false => row.virtual_account.name.as_str().to_lowercase().contains(&wanted),
    };
    in_tree_order(&overview.virtual_accounts).into_iter().filter(fits).collect()
}

impl VirtualAccountsPage {
    /// What is searched for, as the query of an address.
    pub fn chosen(&self) -> String {
        if self.search.is_empty() {
            return String::new();
        }
        let by = if self.by_tag { "tag" } else { "name" };
        format!("?search={}&by={by}", utf8_percent_encode(&self.search, NON_ALPHANUMERIC))
    }
}

fn by_tag(asked: &Fields) -> bool {
    asked.get("by") == "tag"
}

/// Asks before another virtual account becomes the default.
pub async fn ask_default(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (overview, row) = find(&ask).await?;
        Ok(default_question(&ask, &overview, &row))
    })
    .await
}

/// Makes a virtual account the default one.
pub async fn make_default(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (_, row) = find(ask).await?;
        let name = row.virtual_account.name.as_str();
        ask.engine().make_default(&ask.visit.who, ask.domain(), ask.va()?).await?;
        Ok(ask.done(&home(ask), format!("{name} is the default virtual account now.")))
    })
    .await
}

/// Asks before a virtual account is deleted, or lists what stands in the way.
pub async fn ask_delete(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let (overview, row) = find(&ask).await?;
        Ok(question(&ask, &overview, &row, "delete"))
    })
    .await
}

/// Deletes a virtual account.
pub async fn delete(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (_, row) = find(ask).await?;
        ask.engine().delete_virtual_account(&ask.visit.who, ask.domain(), ask.va()?).await?;
        let name = row.virtual_account.name.as_str();
        Ok(ask.done(&home(ask), format!("{name} is deleted.")))
    })
    .await
}

pub(super) fn home(ask: &Ask) -> String {
    format!("{}/virtual-accounts", ask.base())
}

pub(super) async fn find(ask: &Ask) -> Result<(Overview, VirtualAccountRow), Failure> {
    let overview = ask.overview().await?;
    let wanted = ask.va_text();
    if !overview.may_manage {
        return Err(managers_only(&overview));
    }
    let rows = &overview.virtual_accounts;
    let found = rows.iter().find(|row| row.virtual_account.number.to_string() == wanted);
    let row = found.ok_or_else(|| Error::not_found("virtual account", wanted))?.clone();
    Ok((overview, row))
}

pub(super) fn managers_only(overview: &Overview) -> Failure {
    forbidden(overview, Permission::ManageVirtualAccounts, &overview.account.name).into()
}

fn default_question(ask: &Ask, overview: &Overview, row: &VirtualAccountRow) -> ConfirmPage {
    let title = format!("Make {} the default", row.virtual_account.name.as_str());
    let refused = row.virtual_account.may_be_default().err().map(|error| error.to_string());
    ConfirmPage {
        button: title.clone(),
        title,
        refused: refused.is_some(),
        consequence: refused.unwrap_or_else(|| ask.words().default_gets.to_owned()),
        blockers: vec![],
        destroys: false,
        ..question(ask, overview, row, "default")
    }
}

fn question(ask: &Ask, overview: &Overview, row: &VirtualAccountRow, verb: &str) -> ConfirmPage {
    let (va, number) = (&row.virtual_account, row.virtual_account.number);
    let name = va.name.as_str();
    let refused = overview.may_be_deleted(row).err().map(|error| error.to_string());
    let inventory = format!("{}/inventory/{number}", ask.base());
    let empty = format!("{}/{number}/empty", home(ask));
    ConfirmPage {
        frame: frame(ask, overview, Tab::Outside),
        title: format!("Delete virtual account {name}"),
        facts: vec![],
        refused: refused.is_some(),
        blockers: refused.as_ref().map_or_else(Vec::new, |_| blockers(row, &inventory, &empty)),
        consequence: refused.unwrap_or_else(|| {
            "It is empty. Its event log stays readable under Activity.".to_owned()
        }),
        action: format!("{}/{number}/{verb}", home(ask)),
        button: format!("Delete {name}"),
        destroys: true,
        topic: help::VIRTUAL_ACCOUNTS,
        cancel: home(ask),
    }
}

fn blockers(row: &VirtualAccountRow, inventory: &str, empty: &str) -> Vec<Blocker> {
    let contents = row.contents;
    let parts = [
        (contents.licenses, "license", "licenses"),
        (contents.instances, "product instance", "instances"),
        (contents.tokens, "active token", "general"),
        (contents.children, "nested virtual account", "general"),
    ];
    let some = parts.into_iter().filter(|(count, ..)| *count > 0);
    let mut all: Vec<Blocker> = some
        .map(|(count, noun, tab)| Blocker {
            what: format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" }),
            href: Some(format!("{inventory}/{tab}")),
        })
        .collect();
    let may_be_moved = !all.is_empty() && row.virtual_account.satellite.is_none();
    if may_be_moved && !row.virtual_account.is_default {
        let what = "Move everything to another virtual account…".to_owned();
        all.push(Blocker { what, href: Some(empty.to_owned()) });
    }
    all
}

pub(super) fn value_of(access: Access) -> &'static str {
    match access {
        Access::Public => "public",
        Access::Private => "private",
    }
}

impl VaRow {
    fn of(depth: usize, row: &VirtualAccountRow, overview: &Overview) -> Self {
        let (va, contents) = (&row.virtual_account, row.contents);
        let may_manage = overview.may_manage;
        Self {
            id: va.number,
            name: va.name.as_str().to_owned(),
            depth,
            description: va.description.clone(),
            access: access(va.access).to_owned(),
            is_default: va.is_default,
            satellite: va.satellite.clone(),
            tags: row.tags.clone(),
            licenses: contents.licenses,
            instances: contents.instances,
            tokens: contents.tokens,
            may_make_default: may_manage && !va.is_default && va.satellite.is_none(),
            may_change: may_manage,
            may_delete: may_manage && overview.may_decide(Decision::VirtualAccounts).is_ok(),
        }
    }
}
