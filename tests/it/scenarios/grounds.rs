//! Labs that differ from the fixture in one thing.

use crate::support::app::TestApp;
use crate::support::databases::{Database, Ground};

const LAB: &str = include_str!("../../../src/lab/fixtures/lab.yaml");

async fn changed(database: Database, from: &str, to: &str) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.yaml");
    let text = LAB.replace(from, to);
    assert_ne!(text, LAB);
    std::fs::write(&path, text).unwrap();
    let fixture = path.display().to_string();
    TestApp::start(database, |config| config.fixture = fixture).await
}

/// The lab with `Sat-A-VA` attached to the satellite.
pub struct Attached(pub TestApp);

impl Ground for Attached {
    async fn on(database: Database) -> Self {
        Self(changed(database, "name: Sat-A-VA,", "name: Sat-A-VA, satellite: sat-a,").await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

/// The lab whose Smart Account is not entitled to export-controlled functionality.
pub struct NotEntitled(pub TestApp);

impl Ground for NotEntitled {
    async fn on(database: Database) -> Self {
        Self(changed(database, "export_entitled: true", "export_entitled: false").await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

/// The lab with 100 host licenses in `Tokyo` and 20 more in `Vault`.
pub struct HundredHosts(pub TestApp);

impl Ground for HundredHosts {
    async fn on(database: Database) -> Self {
        let line = |va: &str, quantity: u32, order: &str| {
            format!(
                "      - {{ license: Meetings Host, virtual_account: {va}, type: perpetual, \
                 quantity: {quantity}, order_number: \"{order}\", sku: MEET-HOST }}\n"
            )
        };
        let lines = line("Tokyo", 100, "SO-1003") + &line("Vault", 20, "SO-1009");
        Self(changed(database, &line("Vault", 25, "SO-1003"), &lines).await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}

/// The lab with a second Smart Account, where olga is the administrator.
pub struct TwoAccounts(pub TestApp);

impl Ground for TwoAccounts {
    async fn on(database: Database) -> Self {
        let last = "sku: N93-LAN1K9 }\n";
        let other = "  - name: Fabrikam Lab\n    domain: other.example\n    \
                     agreement: { version: \"1.0\", accepted_by: olga }\n    \
                     virtual_accounts: [{ name: DEFAULT, default: true, description: All }]\n    \
                     users: [{ name: olga, roles: [{ role: Smart Account Administrator }] }]\n";
        Self(changed(database, last, &format!("{last}{other}")).await)
    }

    async fn leave(self) {
        self.0.leave().await;
    }
}
