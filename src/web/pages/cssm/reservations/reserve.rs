//! *License Reservation…*: from the request code of a device to its authorization code
//! (A-RSV-02 to A-RSV-08).

use super::pages::{AddPage, Head, RequestPage, ReviewPage, SelectPage, device};
use super::rows::{Choosing, general, kept, kinds};
use super::{Step, Steps, Way, is_about_code, made, refusal};
use crate::domain;
use crate::domain::people::Permission;
use crate::domain::reservation::{Kind, Refusal};
use crate::engine::{self, Error, RequestView, Reserve};
use crate::web::error::{message, status};
use crate::web::pages::ask::{Ask, Failure, Fields, SentFile, show};
use crate::web::pages::cssm::inventory::VaTab;
use crate::web::pages::cssm::place::Inside;
use crate::web::pages::help;
use crate::web::pages::labels::reservation as label;
use crate::web::pages::view::Field;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// First step.
pub async fn begin(ask: Ask) -> HttpResponse {
    show(&ask, async { Ok(Scene::of(&ask).await?.request(&ask.query, None)) }).await
}

/// Every step after it.
pub async fn send(sent: SentFile) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let scene = Scene::of(ask).await?;
        match sent.code("code") {
            Ok(code) => scene.answer(fields.with("code", &code)).await,
            Err(problem) => Ok(scene.again(fields, StatusCode::BAD_REQUEST, &problem)),
        }
    })
    .await
}

/// The virtual account where licenses are reserved.
struct Scene<'a> {
    ask: &'a Ask,
    inside: Inside,
}

impl<'a> Scene<'a> {
    async fn of(ask: &'a Ask) -> Result<Self, Failure> {
        let inside = ask.inside(VaTab::Licenses).await?;
        inside.require(Permission::ManageInstances)?;
        if let Some(satellite) = &inside.header.satellite {
            let problem = format!("{} belongs to the satellite {satellite}.", inside.header.name);
            return Err(domain::Error::Conflict(problem).into());
        }
        // A-RSV-01: refused before anything is typed.
        ask.engine().reservation_stock(&ask.visit.who, ask.domain(), inside.va()).await?;
        Ok(Self { ask, inside })
    }

    fn head(&self, adds: bool, here: Step) -> Head {
        Head {
            title: label::DIALOG,
            about: format!("For a device without a network, in {}", self.inside.header.name),
            steps: Steps::of(Way::Reserve, adds, here),
            action: self.inside.to("reserve"),
            hidden: Vec::new(),
            cancel: self.inside.to("licenses"),
            topic: help::RESERVATION,
        }
    }

    fn request(&self, fields: &Fields, error: Option<&str>) -> RequestPage {
        let code = Field::of(fields.get("code"));
        let head =
            self.head(false, Step::Request).at(Step::Request, kept(fields, &[Step::Request]));
        RequestPage {
            frame: self.inside.frame.clone(),
            head,
            code: error.map_or(code.clone(), |error| code.refused(error)),
            notes: None,
            refused: None,
        }
    }

    fn again(&self, fields: &Fields, code: StatusCode, error: &str) -> HttpResponse {
        self.ask.visit.render_with(code, &self.request(fields, Some(error)))
    }

    async fn answer(&self, fields: Fields) -> Result<HttpResponse, Failure> {
        let (who, domain) = (&self.ask.visit.who, self.ask.domain());
        let (va, code) = (self.inside.va(), fields.get("code").to_owned());
        match self.ask.engine().reservation_request(who, domain, va, code).await {
            Ok(view) => Wizard { scene: self, view, fields }.answer().await,
            Err(error) if is_about_code(&error) => {
                Ok(self.again(&fields, status(&error).0, &message(&error)))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// A request code that was read, and what was typed since.
struct Wizard<'a> {
    scene: &'a Scene<'a>,
    view: RequestView,
    fields: Fields,
}

impl Wizard<'_> {
    /// Where the form that was sent leads.
    async fn answer(&self) -> Result<HttpResponse, Failure> {
        let (adds, back) = (!self.view.inventory.is_empty(), self.fields.get("go") == "back");
        let visit = &self.scene.ask.visit;
        Ok(match (Step::sent(&self.fields), back) {
            (Step::Request, _) | (Step::Select, true) if adds => visit.render(&self.inventory()),
            (Step::Inventory | Step::Select, true) => {
                visit.render(&self.scene.request(&self.fields, None))
            }
            (Step::Inventory, false) if self.choosing().adding().is_none() => {
                visit.render_with(StatusCode::BAD_REQUEST, &self.inventory())
            }
            (Step::Request | Step::Inventory | Step::Code, _) | (Step::Review, true) => {
                visit.render(&self.select(&[], None))
            }
            (Step::Select, false) => self.review_page().await?,
            (Step::Review, false) => self.reserve().await?,
        })
    }

    fn choosing(&self) -> Choosing<'_> {
        Choosing {
            offers: &self.view.inventory,
            stock: &self.view.rows,
            fields: &self.fields,
            now: self.scene.ask.now(),
        }
    }

    fn head(&self, here: Step, but: &[Step]) -> Head {
        let head = self.scene.head(!self.view.inventory.is_empty(), here);
        head.at(here, kept(&self.fields, but))
    }

    fn inventory(&self) -> AddPage {
        AddPage {
            frame: self.scene.inside.frame.clone(),
            head: self.head(Step::Inventory, &[Step::Inventory]),
            rows: self.choosing().offers(),
            refused: None,
        }
    }

    fn select(&self, refusals: &[Refusal], kind_error: Option<String>) -> SelectPage {
        let choosing = self.choosing();
        let specific = self.view.kind == Kind::Specific;
        SelectPage {
            frame: self.scene.inside.frame.clone(),
            head: self.head(Step::Select, &[Step::Select]),
            device: device(&self.view.device, &self.view.product.name),
            kind: kinds((self.view.kind, self.scene.inside.frame.skin), &self.fields, kind_error),
            rows: specific.then(|| choosing.rows(refusals)),
            added: choosing.added(),
            updates: false,
            refused: general(refusals),
        }
    }

    /// What is asked for; none when a field holds no quantity.
    fn wanted(&self) -> Option<Reserve> {
        let choosing = self.choosing();
        let kind = Kind::parse(self.fields.get("kind")).unwrap_or(self.view.kind);
        let rows = match self.view.kind {
            Kind::Specific => choosing.wanted()?,
            Kind::Universal => Vec::new(),
        };
        let code = self.fields.get("code").to_owned();
        Some(Reserve { code, kind, add: choosing.adding()?, rows })
    }

    /// The licenses once more, with what the engine says of them.
    fn refused(&self, error: Error) -> Result<HttpResponse, Failure> {
        let (code, visit) = (status(&error).0, &self.scene.ask.visit);
        let page = match refusal(&error) {
            Some(Refusal::Kind(why)) => self.select(&[], Some((*why).to_owned())),
            Some(refusal) => self.select(std::slice::from_ref(refusal), None),
            None => return Err(error.into()),
        };
        Ok(visit.render_with(code, &page))
    }

    async fn review_page(&self) -> Result<HttpResponse, Failure> {
        let (ask, inside) = (self.scene.ask, &self.scene.inside);
        let Some(wanted) = self.wanted() else {
            return Ok(ask.visit.render_with(StatusCode::BAD_REQUEST, &self.select(&[], None)));
        };
        let (who, domain) = (&ask.visit.who, ask.domain());
        let checked = ask.engine().check_reserve(who, domain, inside.va(), wanted).await;
        let refusals = match checked {
            Ok(refusals) => refusals,
            Err(error) => return self.refused(error),
        };
        if let Some(first) = refusals.first().cloned() {
            let code = status(&engine::Error::from(domain::Error::from(first))).0;
            return Ok(ask.visit.render_with(code, &self.select(&refusals, None)));
        }
        let specific = self.view.kind == Kind::Specific;
        Ok(ask.visit.render(&ReviewPage {
            frame: inside.frame.clone(),
            head: self.head(Step::Review, &[]),
            device: device(&self.view.device, &self.view.product.name),
            checks: Vec::new(),
            rows: specific.then(|| self.choosing().reviewed()),
            consequence: "The licenses leave the pool when the code is made, and serve this \
                          device alone until they are returned.",
            updates: false,
            refused: None,
        }))
    }

    async fn reserve(&self) -> Result<HttpResponse, Failure> {
        let (ask, inside) = (self.scene.ask, &self.scene.inside);
        let Some(wanted) = self.wanted() else {
            return Ok(ask.visit.render_with(StatusCode::BAD_REQUEST, &self.select(&[], None)));
        };
        let (who, domain) = (&ask.visit.who, ask.domain());
        match ask.engine().reserve(who, domain, inside.va(), wanted).await {
            Ok(issued) => {
                let adds = !self.view.inventory.is_empty();
                Ok(ask.go(&made(inside, issued.instance.id, Way::Reserve, adds)))
            }
            Err(error) => self.refused(error),
        }
    }
}
