//! What CSSM's files cost a satellite. With SQLite alone: its one writer can be watched.

use super::mirrors::count_statements;
use super::steps::block_on;
use crate::support::databases::Database;
use crate::support::satellite::{login, wish};
use crate::support::sites::{Site, Sites};
use diesel::Connection as _;
use diesel::connection::InstrumentationEvent;
use std::sync::atomic::Ordering;
use syncom::domain::license::LicenseType;
use syncom::domain::line::Origin;
use syncom::domain::standing::SyncKind;
use syncom::engine::{Order, RequestBy};

const DOMAIN: &str = "lab.example";
const VA: &str = "Sat-A-VA";

async fn buy(cssm: &Site, quantity: i64) {
    let order = Order {
        smart_account: DOMAIN.to_owned(),
        virtual_account: Some(VA.to_owned()),
        license: "UCM Enhanced Plus".to_owned(),
        license_type: LicenseType::Perpetual,
        quantity,
        starts: None,
        ends: None,
        pending: false,
        enterprise_agreement: false,
        portable: true,
        origin: Origin::default(),
        factory: None,
    };
    cssm.engine.place_order(order).await.unwrap();
}

/// CSSM's answer to a request that is made now.
async fn response(sites: &Sites, number: i64) -> Vec<u8> {
    let (sat, cssm) = (&sites.satellites[0], &sites.cssm);
    let made = sat.engine.download_request(&sat.who, number, SyncKind::Standard).await.unwrap();
    let by = RequestBy::Person { who: cssm.who.clone(), domain: DOMAIN.into(), on_prem: 1 };
    cssm.engine.take_request(by, made.file).await.unwrap()
}

/// Uploads CSSM's answer; how many statements its transaction has.
async fn statements(sites: &Sites, number: i64) -> usize {
    let file = response(sites, number).await;
    let sat = &sites.satellites[0];
    let counted = sat.on_writer(count_statements).await;
    sat.engine.upload_response(&sat.who, number, file).await.unwrap();
    let count = counted.load(Ordering::SeqCst);
    sat.on_writer(|conn| conn.set_instrumentation(|_: InstrumentationEvent<'_>| {})).await;
    count
}

async fn registered(site: &Site, name: &str) -> i64 {
    let number = site.engine.request_local_account(&site.who, wish(name, VA)).await.unwrap().number;
    site.engine.approve_local_account(&site.who, number, login("ann")).await.unwrap();
    number
}

/// B-SYN-08: lines are read together, and those that are as before cost nothing more: as many
/// statements for thirty lines as for two. A line that is new costs its own.
#[test]
fn a_response_costs_what_it_changes() {
    block_on(async {
        let sites = Sites::open(&Database::sqlite()).await;
        let number = registered(&sites.satellites[0], "Plant A").await;
        let mut costs = Vec::new();
        for more in [2, 28] {
            for quantity in 1..=more {
                buy(&sites.cssm, quantity).await;
            }
            let changed = statements(&sites, number).await;
            let same = statements(&sites, number).await;
            assert!(changed >= same + usize::try_from(more).unwrap(), "{changed} {same}");
            costs.push(same);
        }
        assert!(costs[0] > 0);
        assert_eq!(costs[0], costs[1], "with fifteen times as many lines");
        let lines = sites.satellites[0].engine.drifted_pools().await.unwrap();
        assert_eq!(lines, []);
        sites.leave().await;
    });
}

/// AS-39, B-ACC-07: an authorization file is judged before anything is locked: what is wrong with
/// nothing is asked of the writer, and the right one works afterwards.
#[test]
fn a_wrong_authorization_does_not_reach_the_writer() {
    block_on(async {
        let sites = Sites::open(&Database::sqlite()).await;
        let (sat, cssm) = (&sites.satellites[0], &sites.cssm);
        let wanted = sat.engine.request_local_account(&sat.who, wish("Plant A", VA)).await;
        let number = wanted.unwrap().number;
        let file = sat.engine.local_registration_file(&sat.who, number).await.unwrap();
        let new = syncom::engine::NewOnPrem {
            name: String::new(),
            file,
            virtual_accounts: Vec::new(),
            email: String::new(),
        };
        let one = cssm.engine.create_on_prem(&cssm.who, DOMAIN, new).await.unwrap();
        let made = cssm.engine.download_authorization(&cssm.who, DOMAIN, one.number).await.unwrap();
        let counted = sat.on_writer(count_statements).await;
        let before = counted.load(Ordering::SeqCst);
        let (good, mut changed) = (made.file.clone(), made.file);
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        for bad in [changed, good[..good.len() - 9].to_vec(), Vec::new()] {
            let refused = sat.engine.take_authorization(&sat.who, number, bad).await;
            assert!(refused.unwrap_err().to_string().contains("The file is not taken"));
        }
        assert_eq!(counted.load(Ordering::SeqCst), before);
        let account = sat.engine.take_authorization(&sat.who, number, good).await.unwrap();
        assert!(account.account.is_some());
        assert!(counted.load(Ordering::SeqCst) > before);
        sites.leave().await;
    });
}
