//! The support desk of the lab: what only the vendor's support can do, done by whoever is signed
//! in and sees the Smart Account (A-RSV-01, A-RSV-14, A-RSV-17).

use crate::domain;
use crate::domain::reservation::Settlement;
use crate::engine::{AccountChange, Overview, ReservedInstance};
use crate::web::pages::ask::{Ask, Failure, Fields, Sent, show};
use crate::web::pages::confirm::ConfirmPage;
use crate::web::pages::cssm::place::frame;
use crate::web::pages::frame::{Frame, Skin, Tab};
use crate::web::pages::help;
use crate::web::pages::labels;
use crate::web::pages::labels::reservation as label;
use crate::web::pages::paging::cut;
use crate::web::pages::view::{Badge, Pager, Tone};
use actix_web::HttpResponse;
use askama::Template;

/// Something that support switches on and off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// In the form.
    pub value: &'static str,
    /// Its name.
    pub label: &'static str,
    /// What it decides on.
    pub hint: &'static str,
    /// Whether it is on.
    pub on: bool,
}

/// An instance that holds a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskRow {
    /// The id in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its virtual account.
    pub virtual_account: String,
    /// Its page.
    pub href: String,
    /// What it waits for.
    pub badge: Option<Badge>,
    /// Whether an update waits for its confirmation code.
    pub pending: bool,
}

/// The support desk.
#[derive(Template, Clone, Debug)]
#[template(path = "pages/reservations/support.html")]
pub struct SupportPage {
    /// The frame.
    pub frame: Frame,
    /// The Smart Account.
    pub account: String,
    /// Whether it is switched here; a satellite's are switched in CSSM.
    pub may_switch: bool,
    /// What can be switched.
    pub switches: Vec<Switch>,
    /// What holds reservations.
    pub rows: Vec<DeskRow>,
    /// Where one is.
    pub pager: Pager,
}

/// The page.
pub async fn desk(ask: Ask) -> HttpResponse {
    show(&ask, async {
        let overview = ask.overview().await?;
        let mut all = ask.engine().reserved_instances(&ask.visit.who, ask.domain()).await?;
        all.sort_by_key(|of| !of.standing.pending);
        let frame = frame(&ask, &overview, Tab::Outside);
        let rows = all.iter().map(|of| DeskRow::of(of, &frame)).collect();
        let (rows, pager) = cut(&ask, rows, |row: &DeskRow| row.id.clone(), "instance")?;
        let (account, switches) = (overview.account.name.clone(), switches(&overview));
        let may_switch = frame.skin == Skin::Cssm;
        Ok(SupportPage { frame, account, may_switch, switches, rows, pager })
    })
    .await
}

/// Switches something of the Smart Account.
pub async fn switch(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, fields) = sent.parts()?;
        let change = wanted(fields)?;
        let (who, to) = (&ask.visit.who, address(ask));
        let account = ask.engine().support_change_account(who, ask.domain(), change).await?;
        Ok(ask.done(&to, format!("{} is changed; the event log says by whom.", account.name)))
    })
    .await
}

/// Asks before an update is ended by support.
pub async fn ask_accept(ask: Ask) -> HttpResponse {
    show(&ask, async { question(&ask, Deed::Accept).await }).await
}

/// Ends an update as if its confirmation code had been entered.
pub async fn accept(sent: Sent) -> HttpResponse {
    settle(sent, Settlement::Accepted, "accepted").await
}

/// Asks before an update is rolled back by support.
pub async fn ask_roll_back(ask: Ask) -> HttpResponse {
    show(&ask, async { question(&ask, Deed::RollBack).await }).await
}

/// Ends an update as if nobody had asked for it.
pub async fn roll_back(sent: Sent) -> HttpResponse {
    settle(sent, Settlement::RolledBack, "rolled back").await
}

/// Asks before a dead device's instance is removed.
pub async fn ask_remove(ask: Ask) -> HttpResponse {
    show(&ask, async { question(&ask, Deed::Remove).await }).await
}

/// Removes the instance of a dead device.
pub async fn remove(sent: Sent) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (who, id) = (&ask.visit.who, ask.instance()?);
        let gone = ask.engine().support_remove(who, ask.domain(), id).await?;
        let name = gone.name();
        Ok(ask.done(&address(ask), format!("{} is removed.", name.trim_end())))
    })
    .await
}

async fn settle(sent: Sent, how: Settlement, word: &str) -> HttpResponse {
    sent.act(async {
        let (ask, _) = sent.parts()?;
        let (who, id) = (&ask.visit.who, ask.instance()?);
        let of = ask.engine().support_settle(who, ask.domain(), id, how).await?;
        let name = of.name();
        let sentence = format!("The update of {} is {word}.", name.trim_end());
        Ok(ask.done(&address(ask), sentence))
    })
    .await
}

fn address(ask: &Ask) -> String {
    format!("/sa/{}/support", ask.domain())
}

fn switches(overview: &Overview) -> Vec<Switch> {
    let account = &overview.account;
    vec![
        Switch {
            value: "export",
            label: "Export-controlled functionality",
            hint: "Tokens may allow it.",
            on: account.export_entitled,
        },
        Switch {
            value: "reservation",
            label: "License reservation",
            hint: "The Licenses tab has the button License Reservation.",
            on: account.reservation_enabled,
        },
        Switch {
            value: "inventory",
            label: "Add to Inventory",
            hint: "A device may bring licenses along when it reserves.",
            on: account.add_to_inventory,
        },
    ]
}

fn wanted(fields: &Fields) -> Result<AccountChange, domain::Error> {
    let on = match fields.get("on") {
        "yes" => Some(true),
        "no" => Some(false),
        other => return Err(domain::Error::invalid("on", format!("'{other}' is not yes or no"))),
    };
    let nothing = AccountChange::default();
    match fields.get("what") {
        "export" => Ok(AccountChange { export_entitled: on, ..nothing }),
        "reservation" => Ok(AccountChange { reservation_enabled: on, ..nothing }),
        "inventory" => Ok(AccountChange { add_to_inventory: on, ..nothing }),
        other => Err(domain::Error::invalid("what", format!("'{other}' cannot be switched"))),
    }
}

impl DeskRow {
    fn of(of: &ReservedInstance, frame: &Frame) -> Self {
        let (id, va) = (of.instance.id.to_string(), &of.virtual_account);
        let badge = match (of.standing.pending, of.standing.return_pending) {
            (true, _) => Some(label::UPDATE_PENDING),
            (false, true) => Some(label::RETURN_PENDING),
            (false, false) => None,
        };
        Self {
            href: format!("{}/inventory/{}/instances/{id}", frame.base(), va.number),
            id,
            name: of.instance.name().trim_end().to_owned(),
            virtual_account: va.name.as_str().to_owned(),
            badge: badge.map(|word| Badge::new(Tone::Attention, word)),
            pending: of.standing.pending,
        }
    }
}

/// What support does to a reservation.
#[derive(Clone, Copy)]
enum Deed {
    Accept,
    RollBack,
    Remove,
}

impl Deed {
    fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::RollBack => "roll-back",
            Self::Remove => "remove",
        }
    }

    fn title(self, name: &str) -> String {
        match self {
            Self::Accept => format!("Accept the update of {name}"),
            Self::RollBack => format!("Roll back the update of {name}"),
            Self::Remove => format!("Remove {name} without a return code"),
        }
    }

    fn consequence(self) -> &'static str {
        match self {
            Self::Accept => {
                "The new quantities are in force, as if the confirmation code had been entered. \
                 Do it when the device has installed the new code."
            }
            Self::RollBack => {
                "The old quantities are in force again, and the new code is void. Do it when the \
                 device has not installed the new code and never will."
            }
            Self::Remove => {
                "All that it holds is available again. If the device still lives it goes on using \
                 the licenses: do it only when the device is dead."
            }
        }
    }

    fn button(self, name: &str) -> String {
        match self {
            Self::Accept => "Accept the update".to_owned(),
            Self::RollBack => "Roll the update back".to_owned(),
            Self::Remove => format!("Remove {name}"),
        }
    }
}

async fn question(ask: &Ask, deed: Deed) -> Result<ConfirmPage, Failure> {
    let (overview, id) = (ask.overview().await?, ask.instance()?);
    let all = ask.engine().reserved_instances(&ask.visit.who, ask.domain()).await?;
    let found = all.iter().find(|of| of.instance.id == id);
    let of = found.ok_or_else(|| domain::Error::not_found("reserved instance", id.to_string()))?;
    let frame = frame(ask, &overview, Tab::Outside);
    let row = DeskRow::of(of, &frame);
    let fact = |name: &str, value: String| (name.to_owned(), value);
    Ok(ConfirmPage {
        title: deed.title(&row.name),
        facts: vec![
            fact(labels::instance::PRODUCT, of.instance.product_name.clone()),
            fact(frame.words().virtual_account, row.virtual_account),
        ],
        consequence: deed.consequence().to_owned(),
        refused: false,
        blockers: vec![],
        action: format!("{}/{id}/{}", address(ask), deed.word()),
        button: deed.button(&row.name),
        destroys: !matches!(deed, Deed::Accept),
        topic: help::SUPPORT,
        cancel: address(ask),
        frame,
    })
}
