//! *Manage License Tags*: labels on licenses of a virtual account (A-LIC-10).

use super::custom_tags::hint;
use super::inventory::{VaHeader, VaTab};
use super::place::Inside;
use crate::domain::id::EntitlementId;
use crate::domain::people::Permission;
use crate::domain::{Error, tag};
use crate::engine;
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Fields, Sent, show};
use crate::web::pages::frame::Frame;
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::view::Field;
use actix_web::HttpResponse;
use askama::Template;

/// A license that can be tagged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taggable {
    /// The id in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The tags that it has.
    pub tags: Vec<String>,
    /// Whether it is chosen.
    pub ticked: bool,
}

/// The form of the tags.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/licenses/tags.html")]
pub struct LicenseTagsPage {
    /// The frame.
    pub frame: Frame,
    /// The virtual account.
    pub header: VaHeader,
    /// Labels with commas.
    pub tags: Field,
    /// How they are written.
    pub tags_hint: String,
    /// The licenses of the virtual account.
    pub licenses: Vec<Taggable>,
    /// What concerns no single field.
    pub refused: Option<String>,
}

/// The form; a license named in the address is chosen, with its tags.
pub async fn form(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let inside = ask.inside(VaTab::Licenses).await?;
        inside.require(Permission::TagLicenses)?;
        let found = ask.engine().licenses_of(&ask.visit.who, ask.domain(), inside.va()).await?;
        let mut page = LicenseTagsPage::of(inside, &found, &ask.query, hint(&ask).await?);
        if let [one] = page.licenses.iter().filter(|l| l.ticked).collect::<Vec<_>>()[..] {
            page.tags = Field::of(one.tags.join(", "));
        }
        Ok(page)
    })
    .await
}

/// Tags the chosen licenses, or shows the form again with what is wrong.
pub async fn save(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let inside = ask.inside(VaTab::Licenses).await?;
        match carry_out(ask, &inside, fields).await {
            Ok(sentence) => Ok(ask.done(&inside.to("licenses"), sentence)),
            Err(error) => {
                let (who, va) = (&ask.visit.who, inside.va());
                let found = ask.engine().licenses_of(who, ask.domain(), va).await?;
                let page = LicenseTagsPage::of(inside, &found, fields, hint(ask).await?);
                Ok(ask.visit.render_with(status(&error).0, &page.refuse(&error)))
            }
        }
    })
    .await
}

async fn carry_out(ask: &Ask, inside: &Inside, fields: &Fields) -> engine::Result<String> {
    let mut chosen: Vec<EntitlementId> = Vec::new();
    for text in fields.all("license") {
        chosen.push(text.parse().map_err(|_| Error::not_found("license", text))?);
    }
    if chosen.is_empty() {
        return Err(Error::invalid("license", "choose at least one license").into());
    }
    let (count, tags) = (chosen.len(), tag::parse(fields.get("tags"))?);
    let (engine, who) = (ask.engine(), &ask.visit.who);
    engine.tag_licenses(who, ask.domain(), inside.va(), chosen, tags).await?;
    Ok(format!("The tags of {count} licenses are saved."))
}

impl LicenseTagsPage {
    fn of(inside: Inside, found: &[engine::LicenseRow], fields: &Fields, hint: String) -> Self {
        let chosen: Vec<&str> = fields.all("license").collect();
        let licenses = found.iter().map(|row| {
            let id = row.pool.id().to_string();
            let ticked = chosen.contains(&id.as_str());
            let name = row.pool.entitlement.name.clone();
            Taggable { id, name, tags: row.tags.clone(), ticked }
        });
        Self {
            tags: Field::of(fields.get("tags")),
            tags_hint: hint,
            licenses: licenses.collect(),
            refused: None,
            frame: inside.frame,
            header: inside.header,
        }
    }

    fn refuse(mut self, error: &engine::Error) -> Self {
        match error {
            engine::Error::Domain(Error::Invalid { field: "tags", problem }) => {
                self.tags = self.tags.refused(problem);
            }
            other => self.refused = Some(message(other)),
        }
        self
    }
}
