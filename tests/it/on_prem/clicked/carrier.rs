//! Who carries files between CSSM and a satellite without a network, in front of one browser.

use crate::chromium::{click, fill, read, told};
use crate::support::air_gap::AirGap;
use crate::support::chromium::Chromium;
use crate::support::on_prem::LIST;
use crate::support::two_sides::move_clock;
use chrono::TimeDelta;
use fantoccini::{Client, Locator};
use std::path::{Path, PathBuf};
use syncom::config::LAB_PASSWORD;
use syncom::domain::Timestamp;

/// The button of a dialog.
const PRIMARY: Locator<'static> = Locator::Css("dialog .sheet-foot .primary");
/// The menu of the only row that is not over.
const ACTIONS: Locator<'static> = Locator::XPath(
    "//main//tr[not(contains(., 'removed'))]//button[starts-with(@popovertarget, 'actions-')]",
);
/// Where the satellite's synchronizations are.
const SYNC: &str = "/admin/synchronization";

/// `ann` in CSSM and `admin` on the satellite: one person with one browser.
pub struct Carrier<'a> {
    gap: &'a AirGap,
    chromium: Chromium,
}

impl<'a> Carrier<'a> {
    /// Somebody who has signed in at both ends, or `None` where browser tests are skipped.
    pub async fn begin(gap: &'a AirGap) -> Option<Self> {
        let one = Self { gap, chromium: Chromium::start().await? };
        one.sign_in().await;
        Some(one)
    }

    /// The browser's window.
    pub fn page(&self) -> &Client {
        self.chromium.page()
    }

    /// Closes the browser.
    pub async fn end(self) {
        self.chromium.close().await;
    }

    /// Signs in at both ends, with nothing left of the last session.
    async fn sign_in(&self) {
        let page = self.page();
        for (site, name) in
            [(self.gap.plants.satellite_url(), "admin"), (self.gap.cloud.url(), "ann")]
        {
            page.goto(&format!("{site}/login")).await.unwrap();
            fill(page, "f-username", name).await;
            fill(page, "f-password", LAB_PASSWORD).await;
            click(page, Locator::Css("main form button")).await;
            page.wait().for_element(Locator::Css(".bar .who")).await.unwrap();
        }
    }

    /// Lets time pass at both ends, over the lab's REST, and signs in again.
    pub async fn at(&self, now: Timestamp) {
        for url in [self.gap.cloud.url(), self.gap.plants.satellite_url()] {
            move_clock(url.clone(), now).await.unwrap();
            self.page().goto(&format!("{url}/login")).await.unwrap();
            self.page().delete_all_cookies().await.unwrap();
        }
        self.sign_in().await;
    }

    /// Opens a page of CSSM.
    pub async fn cssm(&self, path: &str) {
        self.page().goto(&format!("{}{path}", self.gap.cloud.url())).await.unwrap();
    }

    /// Opens a page of the satellite.
    pub async fn satellite(&self, path: &str) {
        self.page().goto(&format!("{}{path}", self.gap.plants.satellite_url())).await.unwrap();
    }

    /// Opens a tab of a virtual account of CSSM.
    pub async fn va(&self, name: &str, tab: &str) {
        self.cssm("/sa/lab.example/virtual-accounts").await;
        self.tab(name, tab).await;
    }

    /// Opens a tab of a local virtual account.
    pub async fn local(&self, name: &str, tab: &str) {
        self.satellite("/sa/Plant%20A/virtual-accounts").await;
        self.tab(name, tab).await;
    }

    async fn tab(&self, name: &str, tab: &str) {
        click(self.page(), Locator::LinkText(name)).await;
        click(self.page(), Locator::Css(&format!(".subtabs a[href$='/{tab}']"))).await;
        let open = format!(".subtabs a[href$='/{tab}'][aria-current]");
        self.page().wait().for_element(Locator::Css(&open)).await.unwrap();
    }

    /// Available or purchased, in use and balance of *UCM Enhanced Plus* on the Licenses tab that
    /// is open, such as `50 40 +10`; nothing when it is not listed.
    pub async fn figures(&self) -> Option<String> {
        let path = "//main//tr[th[starts-with(normalize-space(.), 'UCM Enhanced Plus')]]/td";
        let mut texts = Vec::new();
        for cell in self.page().find_all(Locator::XPath(path)).await.unwrap() {
            texts.push(cell.text().await.unwrap());
        }
        (!texts.is_empty()).then(|| format!("{} {} {}", texts[1], texts[2], texts[4]))
    }

    /// What the rows of the page's table begin with.
    pub async fn rows(&self) -> Vec<String> {
        let mut names = Vec::new();
        for name in self.page().find_all(Locator::Css("main tbody th")).await.unwrap() {
            names.push(name.text().await.unwrap());
        }
        names
    }

    /// Presses the button of the dialog.
    pub async fn press(&self) {
        click(self.page(), PRIMARY).await;
    }

    /// Chooses an action of the only row that is not over.
    pub async fn choose_action(&self, label: &str) {
        click(self.page(), ACTIONS).await;
        click(self.page(), Locator::LinkText(label)).await;
    }

    /// Chooses a file in the field for it.
    pub async fn choose(&self, file: &Path) {
        let field = self.page().wait().for_element(Locator::Id("f-file")).await.unwrap();
        field.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// Passwords of the satellite last for ever from now on; sessions end all the same.
    pub async fn passwords_last(&self) {
        self.satellite("/admin/security/password").await;
        fill(self.page(), "f-expiry_days", "0").await;
        click(self.page(), Locator::Css("main form .primary")).await;
        told(self.page(), "The rules are in effect").await;
    }

    /// Asks for the local account `Plant A`, and opens its page.
    pub async fn ask(&self) {
        let page = self.page();
        self.satellite("/admin/accounts").await;
        click(page, Locator::LinkText("New Account…")).await;
        for (field, text) in [
            ("f-name", "Plant A"),
            ("f-smart_account", "Contoso Lab"),
            ("f-virtual_account", "Sat-A-VA"),
            ("f-email", "plant@lab.example"),
        ] {
            fill(page, field, text).await;
        }
        self.press().await;
        told(page, "waits to be registered").await;
        click(page, Locator::LinkText("Plant A")).await;
    }

    /// *Manual Registration…* on the page of the local account: a file up, two hours, a file down.
    pub async fn register(&self) {
        let page = self.page();
        click(page, Locator::LinkText("Manual Registration…")).await;
        let make = Locator::Css("form[action$='/registration'] button");
        page.wait().for_element(make).await.unwrap();
        let manual = page.current_url().await.unwrap();
        click(page, make).await;
        let registration = self.chromium.downloaded("Plant_A_registration.sync").await;
        self.cssm(LIST).await;
        click(page, Locator::Css(".head-actions a.primary")).await;
        self.choose(&registration).await;
        self.press().await;
        told(page, "its authorization file will be ready later").await;
        self.at(self.gap.cloud.now() + TimeDelta::hours(2)).await;
        self.cssm(LIST).await;
        self.choose_action("Download Authorization File").await;
        let authorization = self.chromium.downloaded("Plant_A_authorization.sync").await;
        page.goto(manual.as_str()).await.unwrap();
        self.choose(&authorization).await;
        click(page, Locator::Css("form[action$='/manual'] button")).await;
        told(page, "Plant A is registered with CSSM").await;
        assert!(read(page, "main tbody tr").await.contains("Active"));
    }

    /// *Download File* in the dialog of the satellite.
    pub async fn request(&self, number: u64) -> PathBuf {
        self.satellite(SYNC).await;
        self.choose_action("Manual Synchronization…").await;
        click(self.page(), Locator::Css("dialog form[action$='/request'] button")).await;
        self.chromium.downloaded(&format!("Plant_A_request-{number}.sync")).await
    }

    /// Uploads a request in the dialog *File Sync…* of CSSM, and downloads the response.
    pub async fn hand_in(&self, request: &Path, number: u64) -> PathBuf {
        self.cssm(LIST).await;
        self.choose_action("File Sync…").await;
        self.choose(request).await;
        self.press().await;
        told(self.page(), "The file is taken").await;
        click(self.page(), Locator::LinkText("Download Response File")).await;
        self.chromium.downloaded(&format!("Plant_A_response-{number}.sync")).await
    }

    /// Uploads a response in the dialog of the satellite.
    pub async fn bring(&self, response: &Path) {
        self.satellite(SYNC).await;
        self.choose_action("Manual Synchronization…").await;
        self.choose(response).await;
        click(self.page(), Locator::Css("dialog form[action$='/response'] button")).await;
        told(self.page(), "The response is taken").await;
    }

    /// Both files of a month.
    pub async fn synchronize(&self, number: u64) {
        let request = self.request(number).await;
        let response = self.hand_in(&request, number).await;
        self.bring(&response).await;
    }

    /// *New Token…* in the local virtual account `Default`; its text.
    pub async fn token(&self, description: &str) -> String {
        let page = self.page();
        self.local("Default", "general").await;
        click(page, Locator::Css(".section-head a[href$='/tokens/new']")).await;
        fill(page, "f-description", description).await;
        click(page, Locator::Id("f-terms")).await;
        self.press().await;
        read(page, "#token-text").await
    }
}
