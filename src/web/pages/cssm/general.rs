//! The General tab: properties of a virtual account and its tokens.

use super::inventory::{VaHeader, VaTab};
use super::place::Inside;
use crate::domain::Timestamp;
use crate::domain::people::Permission;
use crate::domain::token::{MirroredToken, Status};
use crate::domain::virtual_account::Access;
use crate::engine::{TokenView, Workspace};
use crate::web::pages::ask::{Ask, Failure, show};
use crate::web::pages::filters::grouped;
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Badge, Pager, Tone, When};
use crate::web::tenant::tenant_url;
use actix_web::HttpResponse;
use askama::Template;

/// One registration token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// The id in addresses.
    pub id: String,
    /// The whole token; `None` for viewers, who may not let products in.
    pub token: Option<String>,
    /// Its beginning and its end, for the table.
    pub short: String,
    /// When it ends.
    pub expires: When,
    /// `0`, `3` or `3 of 10`.
    pub uses: String,
    /// The export flag: Allowed or Not Allowed.
    pub export: &'static str,
    /// Free text; may be empty.
    pub description: String,
    /// A user's name.
    pub created_by: String,
    /// Where it is in its life.
    pub status: Badge,
    /// Whether the viewer may revoke it now.
    pub may_revoke: bool,
    /// Whether the viewer may remove it now.
    pub may_remove: bool,
}

/// Properties of a virtual account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaProperties {
    /// Free text; may be empty.
    pub description: String,
    /// Star.
    pub is_default: bool,
    /// `Public` or `Private`.
    pub access: String,
    /// The virtual account it is nested under.
    pub parent: Option<String>,
    /// The satellite it is attached to.
    pub satellite: Option<String>,
    /// Whether the viewer may make it the default.
    pub may_make_default: bool,
    /// On a satellite: where products of the local account report by policy.
    pub tenant_url: Option<String>,
}

/// The General tab.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/inventory/general.html")]
pub struct GeneralPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// Its properties.
    pub properties: VaProperties,
    /// The tokens, newest first.
    pub tokens: Vec<TokenRow>,
    /// Where one is.
    pub pager: Pager,
    /// Why no token can be made here; `None` when one can.
    pub no_new_token: Option<String>,
    /// Whether the viewer manages tokens in other virtual accounts, too.
    pub several: bool,
}

/// The General tab.
pub async fn tab(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let inside = ask.inside(VaTab::General).await?;
        let rows = TokenRow::all(&ask, &inside).await?;
        let may = inside.may(Permission::ManageTokens);
        let (tokens, pager) = cut(&ask, rows, |row: &TokenRow| row.id.clone(), "token")?;
        let (properties, no_new_token) = (VaProperties::of(&ask, &inside), no_new_token(&inside));
        let several = may && inside.manages_several();
        let Inside { frame, header, .. } = inside;
        Ok(GeneralPage { frame, header, properties, tokens, pager, no_new_token, several })
    })
    .await
}

fn no_new_token(inside: &Inside) -> Option<String> {
    if let Some(satellite) = &inside.header.satellite {
        return Some(format!(
            "Tokens for this virtual account are made on the satellite {satellite} and appear \
             here after its next synchronization."
        ));
    }
    let may = inside.may(Permission::ManageTokens);
    (!may).then(|| "Your role lets you see tokens, but not create or copy them.".to_owned())
}

impl VaProperties {
    fn of(ask: &Ask, inside: &Inside) -> Self {
        let tenant = inside.overview.workspace.as_ref().and_then(Workspace::tenant);
        let va = &inside.row.virtual_account;
        let manages = inside.overview.may_manage;
        Self {
            description: va.description.clone(),
            is_default: va.is_default,
            access: access(va.access).to_owned(),
            parent: inside.row.parent.clone(),
            satellite: va.satellite.clone(),
            may_make_default: manages && !va.is_default && va.satellite.is_none(),
            tenant_url: tenant.map(|tenant| tenant_url(&ask.origin, &tenant)),
        }
    }
}

/// The export flag of a token or product instance in words.
pub fn export(allowed: bool) -> &'static str {
    if allowed { labels::token::ALLOWED } else { labels::token::NOT_ALLOWED }
}

/// The access level in a word.
pub fn access(access: Access) -> &'static str {
    match access {
        Access::Public => "Public",
        Access::Private => "Private",
    }
}

impl TokenRow {
    /// A token as its row shows it to somebody who may or may not manage tokens.
    pub fn of(view: &TokenView, may: bool, now: Timestamp) -> Self {
        let token = &view.token;
        let uses = grouped(token.uses);
        let dead = view.status != Status::Active;
        Self {
            id: token.id.to_string(),
            token: may.then(|| token.text.clone()),
            short: token.short(),
            expires: When::at(token.expires_at, now),
            uses: token.max_uses.map_or(uses.clone(), |max| format!("{uses} of {}", grouped(max))),
            export: export(token.export_allowed),
            description: token.description.clone(),
            created_by: token.created_by.clone(),
            status: badge(view.status),
            may_revoke: may && matches!(view.status, Status::Active | Status::Exhausted),
            may_remove: may && dead,
        }
    }
}

impl TokenRow {
    /// The tokens of a virtual account, those that its satellite has told of last.
    async fn all(ask: &Ask, inside: &Inside) -> Result<Vec<Self>, Failure> {
        let (who, domain, now) = (&ask.visit.who, ask.domain(), ask.now());
        let own = ask.engine().list_tokens(who, domain, inside.va()).await?;
        let theirs = ask.engine().satellite_tokens(who, domain, inside.va()).await?;
        let may = inside.may(Permission::ManageTokens);
        let own = own.iter().map(|view| Self::of(view, may, now));
        Ok(own.chain(theirs.iter().map(|token| Self::mirrored(token, now))).collect())
    }

    /// A token of a satellite: to be seen, no more.
    fn mirrored(token: &MirroredToken, now: Timestamp) -> Self {
        let uses = grouped(token.uses);
        Self {
            id: token.id.to_string(),
            token: None,
            short: token.short.clone(),
            expires: When::at(token.expires_at, now),
            uses: token.max_uses.map_or(uses.clone(), |max| format!("{uses} of {}", grouped(max))),
            export: export(token.export_allowed),
            description: token.description.clone(),
            created_by: token.created_by.clone(),
            status: badge(token.status(now)),
            may_revoke: false,
            may_remove: false,
        }
    }
}

fn badge(status: Status) -> Badge {
    let tone = match status {
        Status::Active => Tone::Good,
        Status::Expired => Tone::Neutral,
        Status::Revoked => Tone::Bad,
        Status::Exhausted => Tone::Attention,
    };
    Badge::new(tone, status.name())
}
