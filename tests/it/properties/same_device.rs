//! One device, reserved in two Smart Accounts at the same moment.

use crate::support::app::TestApp;
use crate::support::databases::{Database, Ground, on_both_databases};
use crate::support::rest::{Answer, Rest};
use futures_util::future::join;
use serde_json::json;
use syncom::device::profile::Profile;
use syncom::domain::reservation::Kind;
use syncom::protocol::codes::request;
use syncom::protocol::sudi::Sudi;

on_both_databases!(of_two_accounts_one_gets_the_device);

/// How often the two race.
const ROUNDS: u32 = 40;

/// The lab beside another account that can reserve.
pub struct Two(TestApp);

impl Ground for Two {
    async fn on(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("two.yaml");
        let lab = include_str!("../../../src/lab/fixtures/lab.yaml");
        let more = "
  - name: Other Lab
    domain: other.example
    agreement: { version: \"1.0\", accepted_by: zoe }
    reservation_enabled: true
    virtual_accounts:
      - { name: Vault, default: true, description: Licenses }
    users:
      - { name: zoe, roles: [{ role: Smart Account Administrator }] }
    licenses:
      - { license: Meetings Host, virtual_account: Vault, type: perpetual, quantity: 1000 }
";
        std::fs::write(&path, format!("{lab}{more}")).unwrap();
        let fixture = path.display().to_string();
        Self(TestApp::start(database, |config| config.fixture = fixture).await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

async fn reserve(rest: &Rest, domain: &str, code: &str) -> Answer {
    let path = format!(
        "/services/api/smart-accounts-and-licensing/v1/accounts/{domain}/virtual-accounts/Vault/\
         reserve-licenses"
    );
    let body =
        json!({"reservationRequests":[{"reservationCode":code,"reservationType":"UNIVERSAL"}]});
    rest.post(&path, &body).await
}

/// A-RSV-03: exactly one reserves the device, and the other is told that it is reserved already.
async fn of_two_accounts_one_gets_the_device(two: &Two) {
    let (ulf, zoe) = (two.0.rest_as("ulf").await, two.0.rest_as("zoe").await);
    let tag = Profile::find("sim").unwrap().software_tag;
    for round in 0..ROUNDS {
        let device = Sudi::hardware("SIM", &format!("BOTH{round}"));
        let code = request::write(&device, &tag, Kind::Universal, false);
        let both = (reserve(&ulf, "lab.example", &code), reserve(&zoe, "other.example", &code));
        let (one, other) = join(both.0, both.1).await;
        let mut outcomes = [one.status, other.status];
        outcomes.sort_unstable();
        assert_eq!(outcomes, [200, 422], "round {round}: {one:?} {other:?}");
        let refused = if one.status == 422 { one } else { other };
        assert!(refused.text.contains("is reserved already"), "{refused:?}");
    }
}
