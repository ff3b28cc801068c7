//! License reservation on the product's own pages.

use crate::support::browser::{Browser, Page};
use crate::support::facade::{TestFacade, trusting};
use syncom::clock::Clock;
use syncom::device::situations::portal::{Portal, license};
use syncom::domain::time::Timestamp;
use syncom::protocol::sudi::Sudi;

const HERE: &str = "/system/licenses/reservation";
const REGISTRATION: &str = "/system/licenses/registration";

/// A product with its pages, and a portal that it trusts.
struct Lab {
    facade: TestFacade,
    portal: Portal,
    sudi: Sudi,
    tag: String,
    _folder: tempfile::TempDir,
}

impl Lab {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (device, portal) = trusting("webex");
        let sudi = device.state().product.sudi.clone();
        let tag = device.state().profile.licenses[0].tag.clone();
        let facade = TestFacade::start(device, folder.path(), &Clock::wall());
        Self { facade, portal, sudi, tag, _folder: folder }
    }

    fn code(&self, count: u64) -> String {
        let now = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        self.portal.specific(&self.sudi, now, &[license(&self.tag, count, None)]).unwrap()
    }
}

async fn press(admin: &Browser, page: &str, form: &str) -> Page {
    admin.submit(admin.get(page).await.form(&format!("form[action$='{form}']"))).await
}

/// The form for a code, on the page where it stands.
async fn upload(admin: &Browser, page: &str, form: &str, file: &[u8]) -> Page {
    let form = admin.get(page).await.form(&format!("form[action$='{form}']"));
    admin.upload(form, ("AC.xml", file)).await
}

async fn uses(lab: &Lab, admin: &Browser, count: &str) -> Page {
    let form = admin.get("/users").await.form("form[action='/users']");
    admin.submit(form.set(&format!("count:{}", lab.tag), count)).await
}

/// F-HL-21, F-HL-18, AS-23, AS-26, AS-28: request, register with a file, modify, create a return
/// code, return; in the words of the manual, step for step.
#[actix_web::test]
async fn licenses_are_reserved_modified_and_returned() {
    let lab = Lab::new();
    let admin = lab.facade.sign_in().await;
    assert_eq!(admin.get("/system/licenses").await.link("click here"), HERE);
    let page = press(&admin, HERE, "/request").await;
    let code = page.one("#code-request");
    assert!(code.starts_with("P:CWMS,S:CWMS000001,U:"), "{code}");
    assert_eq!(admin.get(&format!("{HERE}/code/request")).await.html.trim(), code);

    let page = upload(&admin, HERE, "/install", lab.code(4).as_bytes()).await;
    for words in ["The authorization code is installed.", "Specific license reservation"] {
        assert!(page.text().contains(words), "no {words}: {}", page.text());
    }
    let first = page.one("#code-confirmation");
    assert_eq!(first.len(), 8);
    assert!(uses(&lab, &admin, "4").await.text().contains("Saved."));
    let over = uses(&lab, &admin, "5").await.text();
    assert!(over.contains("5 would be in use, 4 are reserved"), "{over}");
    let page = admin.get("/system/licenses").await.text();
    for words in ["Registered, specific license reservation", "Authorized, reserved"] {
        assert!(page.contains(words), "no {words}: {page}");
    }

    let page = upload(&admin, &format!("{HERE}/modify"), "/modify", lab.code(6).as_bytes()).await;
    assert_ne!(page.one("#code-confirmation"), first);
    assert!(uses(&lab, &admin, "6").await.text().contains("Saved."));

    assert_eq!(admin.get(REGISTRATION).await.link("Create"), format!("{HERE}/return"));
    let question = admin.get(&format!("{HERE}/return")).await;
    assert_eq!(question.link("No"), REGISTRATION);
    let page = press(&admin, &format!("{HERE}/return"), "/return").await;
    assert_eq!(page.path, REGISTRATION);
    let back = page.one("#code-return");
    assert!(back.starts_with('C') && back.len() == 51, "{back}");
    let page = press(&admin, REGISTRATION, "/finish").await.text();
    assert!(page.contains("The reserved licenses are returned."), "{page}");
    let kept = lab.facade.stop().await;
    assert!(!kept.reservation.enabled && kept.reservation.installed.is_none());
}

/// F-HL-21, device-protocol.md 4.5: what is wrong with a code stands at its field; nothing that is
/// too large is read.
#[actix_web::test]
async fn wrong_codes_and_files_are_refused() {
    let lab = Lab::new();
    let admin = lab.facade.sign_in().await;
    press(&admin, HERE, "/request").await;
    let other = lab.code(4).replace("<count>4<", "<count>9<");
    for (file, status, words) in [
        (b"\x1f\x8b\x08\x00".to_vec(), 400, "is an archive (gzip): unpack it"),
        (b"PK\x03\x04".to_vec(), 400, "is an archive (zip)"),
        (vec![0xff, 0xfe, 0x00], 400, "is no text in UTF-8"),
        (b"<a>".to_vec(), 400, "could not be read"),
        (other.into_bytes(), 400, "signature"),
        (vec![b'x'; 70_000], 413, "larger than 64 KiB"),
        (vec![b'x'; 3 << 20], 413, "larger than 64 KiB"),
    ] {
        let page = upload(&admin, HERE, "/install", &file).await;
        assert_eq!(page.status, status, "{words}: {}", page.text());
        assert!(page.text().contains(words), "no {words}: {}", page.text());
    }
    let form = admin.get(HERE).await.form("form[action$='/install']");
    let page = admin.upload(form.set("code", "<a>"), ("AC.xml", b"<b>")).await;
    assert!(page.text().contains("not both"), "{}", page.text());
    let page = press(&admin, HERE, "/install").await;
    assert!(page.text().contains("Choose the file with the code"), "{}", page.text());
    // Pasted, without any file.
    let form = admin.get(HERE).await.form("form[action$='/install']");
    let page = admin.submit(form.set("code", &format!("\"{}\"", lab.code(4)))).await;
    assert!(page.text().contains("The authorization code is installed."), "{}", page.text());
    let forged = admin.post(&format!("{HERE}/modify"), &[("code", "<a>")]).await;
    assert_eq!(forged.status, 403);
    lab.facade.stop().await;
}

/// F-HL-21, AS-29, A-RSV-16: without a root no code is believed; an unused code is given back, and the mode
/// ends.
#[actix_web::test]
async fn an_unused_code_is_returned() {
    let lab = Lab::new();
    let admin = lab.facade.sign_in().await;
    press(&admin, HERE, "/request").await;
    let stranger = Portal::new().unwrap();
    upload(&admin, HERE, "/trust", stranger.ca_pem().as_bytes()).await;
    let page = upload(&admin, HERE, "/return-authorization", lab.code(4).as_bytes()).await;
    assert!(page.text().contains("signature"), "{}", page.text());
    let page = upload(&admin, HERE, "/trust", b"no certificate").await;
    assert!(page.text().contains("PEM form"), "{}", page.text());
    upload(&admin, HERE, "/trust", lab.portal.ca_pem().as_bytes()).await;
    let page = upload(&admin, HERE, "/return-authorization", lab.code(4).as_bytes()).await;
    assert_eq!(page.path, REGISTRATION, "{}", page.text());
    assert_eq!(page.one("#code-return").len(), 51);
    press(&admin, HERE, "/request").await;
    let page = upload(&admin, HERE, "/install", lab.code(4).as_bytes()).await;
    assert!(page.text().contains("was used before"), "{}", page.text());
    press(&admin, HERE, "/cancel").await;
    let page = press(&admin, HERE, "/disable").await.text();
    assert!(page.contains("License reservation is disabled."), "{page}");
    lab.facade.stop().await;
}
