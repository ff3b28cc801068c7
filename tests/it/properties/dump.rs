//! All that a site holds about licenses, as text that can be compared.

use crate::support::app::TestApp;
use std::sync::{Arc, Mutex};
use syncom::db::{self, Conn};
use syncom::domain::id::{SmartAccountId, VirtualAccountId};
use syncom::domain::paging::Seek;
use syncom::engine;

/// Reads with the site's own repositories.
pub async fn read<T: Send + 'static>(
    app: &TestApp,
    work: impl FnOnce(&mut Conn) -> db::Result<T> + Send + 'static,
) -> T {
    let found = Arc::new(Mutex::new(None));
    let place = Arc::clone(&found);
    let unit = move |conn: &mut Conn| -> engine::Result<bool> {
        *place.lock().unwrap() = Some(work(conn)?);
        Ok(true)
    };
    app.engine().seed(unit).await.unwrap();
    found.lock().unwrap().take().unwrap()
}

/// The state and the logs, without the ids of log rows.
pub async fn all(app: &TestApp) -> Vec<String> {
    read(app, |conn| {
        let account = db::accounts::all(conn)?.remove(0).id;
        let tree = db::virtual_accounts::tree(conn, account)?;
        let places: Vec<VirtualAccountId> = tree.all().iter().map(|va| va.id).collect();
        let mut lines = state(conn, &places)?;
        lines.extend(logs(conn, account)?);
        Ok(lines)
    })
    .await
}

fn state(conn: &mut Conn, places: &[VirtualAccountId]) -> db::Result<Vec<String>> {
    let mut lines = Vec::new();
    for pool in db::pools::list(conn, db::pools::Places::these(places))? {
        lines.push(format!("{} in use: {}", pool.entitlement.name, pool.reported));
        for line in pool.lines {
            let dates = (line.starts, line.due_at, line.settled_at);
            lines.push(format!("{} {:?} {dates:?}", line.quantity, line.booking));
        }
    }
    for instance in db::instances::list(conn, places)? {
        let told = instance.authorization.map(|told| told.at);
        let due = (instance.due_at, instance.alerting, instance.settled);
        lines.push(format!("{} {told:?} {due:?}", instance.name()));
    }
    for place in places {
        lines.extend(db::notices::dismissed(conn, *place)?);
        for token in db::tokens::list(conn, *place)? {
            lines.push(format!("token {} {:?}", token.uses, token.due_at));
        }
    }
    Ok(lines)
}

fn logs(conn: &mut Conn, account: SmartAccountId) -> db::Result<Vec<String>> {
    let filter = db::events::Filter {
        account,
        virtual_accounts: None,
        instance: None,
        entitlement: None,
        on_prem: None,
        kinds: None,
        of_account: false,
    };
    let events = db::events::page(conn, &filter, &Seek::First, 100_000)?.items;
    let mut lines: Vec<String> = events
        .into_iter()
        .map(|event| format!("{} {:?} {} {}", event.at, event.kind, event.message, event.actor))
        .collect();
    let filter = db::transactions::Filter { account, entitlement: None, kind: None, place: None };
    for row in db::transactions::page(conn, &filter, &Seek::First, 100_000)?.items {
        lines.push(format!("{} {:?} {} {:?}", row.at, row.kind, row.quantity, row.ends));
    }
    for mail in db::outbox::newest(conn, 100_000)? {
        lines.push(format!("{} {} {}", mail.at, mail.recipient, mail.subject));
    }
    Ok(lines)
}
