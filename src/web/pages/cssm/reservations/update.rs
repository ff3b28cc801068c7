//! *Update Reserved Licenses…*: the first of two phases (A-RSV-10, A-RSV-11).

use super::pages::{AddPage, Head, KindChoice, ReviewPage, SelectPage, device};
use super::rows::{Choosing, general, kept};
use super::{Reserved, Step, Steps, Way, refusal};
use crate::domain;
use crate::domain::reservation::{Kind, Refusal};
use crate::engine::{self, Error};
use crate::web::error::status;
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, act};
use crate::web::pages::help;
use crate::web::pages::labels::reservation as label;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// First step.
pub async fn begin(ask: Ask) -> HttpResponse {
    act(&ask, async {
        let wizard = Wizard::of(&ask, &ask.query).await?;
        Ok(if wizard.adds() {
            ask.visit.render(&wizard.inventory())
        } else {
            ask.visit.render(&wizard.select(&[]))
        })
    })
    .await
}

/// Every step after it.
pub async fn send(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let wizard = Wizard::of(ask, fields).await?;
        Box::pin(wizard.answer()).await
    })
    .await
}

struct Wizard<'a> {
    ask: &'a Ask,
    of: Reserved,
    fields: &'a Fields,
}

impl<'a> Wizard<'a> {
    async fn of(ask: &'a Ask, fields: &'a Fields) -> Result<Self, Failure> {
        let of = Reserved::of(ask).await?;
        let (engine, who) = (ask.engine(), &ask.visit.who);
        engine.may_update_reservation(who, ask.domain(), of.view.instance.id).await?;
        Ok(Self { ask, of, fields })
    }

    fn adds(&self) -> bool {
        !self.of.view.inventory.is_empty()
    }

    /// Where the form that was sent leads.
    async fn answer(&self) -> Result<HttpResponse, Failure> {
        let (visit, back) = (&self.ask.visit, self.fields.get("go") == "back");
        Ok(match (Step::sent(self.fields), back) {
            (Step::Select, true) if self.adds() => visit.render(&self.inventory()),
            (Step::Inventory, false) if self.choosing().adding().is_none() => {
                visit.render_with(StatusCode::BAD_REQUEST, &self.inventory())
            }
            (Step::Select, false) => self.review_page().await?,
            (Step::Review, false) => self.update().await?,
            _ => visit.render(&self.select(&[])),
        })
    }

    fn choosing(&self) -> Choosing<'_> {
        let view = &self.of.view;
        let (offers, stock) = (&view.inventory[..], &view.rows[..]);
        Choosing { offers, stock, fields: self.fields, now: self.ask.now() }
    }

    fn head(&self, here: Step, but: &[Step]) -> Head {
        Head {
            title: label::UPDATE_DIALOG,
            about: format!("{} in {}", self.of.name(), self.of.inside.header.name),
            steps: Steps::of(Way::Update, self.adds(), here),
            action: self.of.to("update"),
            hidden: kept(self.fields, but),
            cancel: self.of.to(""),
            topic: help::RESERVATION_UPDATE,
        }
    }

    fn inventory(&self) -> AddPage {
        AddPage {
            frame: self.of.inside.frame.clone(),
            head: self.head(Step::Inventory, &[Step::Inventory]),
            rows: self.choosing().offers(),
            refused: None,
        }
    }

    fn select(&self, refusals: &[Refusal]) -> SelectPage {
        let choosing = self.choosing();
        let instance = &self.of.view.instance;
        let only = (Kind::Specific.code(), label::UPDATE_SPECIFIC, true);
        SelectPage {
            frame: self.of.inside.frame.clone(),
            head: self.head(Step::Select, &[Step::Select]),
            device: device(&instance.udi, &instance.product_name),
            kind: KindChoice { options: vec![only], error: None },
            rows: Some(choosing.rows(refusals)),
            added: choosing.added(),
            updates: true,
            refused: general(refusals),
        }
    }

    fn again(&self, refusals: &[Refusal]) -> HttpResponse {
        let code = refusals.first().map_or(StatusCode::BAD_REQUEST, |first| {
            status(&engine::Error::from(domain::Error::from(first.clone()))).0
        });
        self.ask.visit.render_with(code, &self.select(refusals))
    }

    fn refused(&self, error: Error) -> Result<HttpResponse, Failure> {
        match refusal(&error) {
            Some(refusal) => Ok(self.again(std::slice::from_ref(refusal))),
            None => Err(error.into()),
        }
    }

    async fn review_page(&self) -> Result<HttpResponse, Failure> {
        let (choosing, instance) = (self.choosing(), &self.of.view.instance);
        let (Some(rows), Some(add)) = (choosing.wanted(), choosing.adding()) else {
            return Ok(self.again(&[]));
        };
        let (engine, who) = (self.ask.engine(), &self.ask.visit.who);
        match engine.check_update(who, self.ask.domain(), instance.id, add, rows).await {
            Ok(refusals) if refusals.is_empty() => {}
            Ok(refusals) => return Ok(self.again(&refusals)),
            Err(error) => return self.refused(error),
        }
        Ok(self.ask.visit.render(&ReviewPage {
            frame: self.of.inside.frame.clone(),
            head: self.head(Step::Review, &[]),
            device: device(&instance.udi, &instance.product_name),
            checks: Vec::new(),
            rows: Some(choosing.reviewed()),
            consequence: "What is more leaves the pool when the code is made; what is less comes \
                          back with the confirmation code of the device.",
            updates: true,
            refused: None,
        }))
    }

    async fn update(&self) -> Result<HttpResponse, Failure> {
        let choosing = self.choosing();
        let (Some(rows), Some(add)) = (choosing.wanted(), choosing.adding()) else {
            return Ok(self.again(&[]));
        };
        let (engine, who, id) = (self.ask.engine(), &self.ask.visit.who, self.of.view.instance.id);
        match engine.update_reservation(who, self.ask.domain(), id, add, rows).await {
            Ok(_) => Ok(self.of.made(self.ask, Way::Update, self.adds())),
            Err(error) => self.refused(error),
        }
    }
}
