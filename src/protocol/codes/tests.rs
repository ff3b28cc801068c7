//! Codes are written and read; what is altered, cut or of somebody else is told.

use super::*;
use crate::crypto::keys::{KeyKind, PrivateKey};
use crate::crypto::sign::PublicKey;
use crate::domain::time::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

const TAG: &str = "regid.2026-01.com.syncom.SIM,1.0_0b1ae5b3-5f0a-4f43-8b55-0c6d1a1d0100";

fn device() -> Sudi {
    Sudi::hardware("SIM", "000010")
}

fn licenses() -> Vec<Entitlement> {
    let day = |text: &str| text.parse().unwrap();
    let perpetual = Entitlement {
        tag: "regid.a,1.0_x".into(),
        count: 10,
        term: None,
        license_type: "PERPETUAL".into(),
        display_name: "Hosts & <more>".into(),
        description: String::new(),
        subscription: None,
    };
    let term = Some((day("2026-01-05"), day("2026-06-30")));
    vec![
        perpetual.clone(),
        Entitlement { term, license_type: "TERM".into(), count: 2, ..perpetual },
    ]
}

fn written(key: &PrivateKey, device: &Sudi) -> String {
    let body = specific::body(
        Uuid::from_u128(5),
        Timestamp::midnight("2026-01-05".parse().unwrap()),
        &licenses(),
    );
    specific::frame(&body, &key.sign(body.as_bytes()).unwrap(), device, &[])
}

/// A-RSV-07: the template of the published code, on one line, without a declaration.
#[test]
fn the_code_has_the_published_shape() {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let text = written(&key, &device());
    let begin = "<specificPLR><authorizationCode><flag>A</flag><version>C</version><piid>";
    assert!(text.starts_with(begin) && !text.contains('\n'), "{text}");
    assert!(text.ends_with("</signature><udi>P:SIM,S:000010</udi></specificPLR>"), "{text}");
    assert!(text.contains("<startDate></startDate><endDate></endDate><licenseType>PERPETUAL<"));
    assert!(text.contains("<endDate>2026-JUN-30 UTC</endDate><licenseType>TERM<"));
}

/// A-RSV-07: what is written is read, in quotes and in the frame of other people's clients, and
/// its signature holds.
#[test]
fn a_specific_code_comes_back() {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let public = PublicKey::from_spki_der(&key.spki_der()).unwrap();
    let other = written(&key, &Sudi::hardware("SIM", "000011"));
    let own = written(&key, &device());
    let framed = format!("<smartLicense>{other}{own}</smartLicense>");
    for text in [own.clone(), format!("\"{own}\"\n"), framed] {
        let code = AuthorizationCode::read(&text, &device()).unwrap();
        assert_eq!(public.verify(&code.signed_bytes(&device(), TAG), &code.signature()), Ok(()));
        let AuthorizationCode::Specific(code) = code else { panic!("{text}") };
        assert_eq!((code.entitlements, code.udi.as_str()), (licenses(), "P:SIM,S:000010"));
    }
    let foreign = AuthorizationCode::read(&other, &device()).unwrap();
    assert_eq!(foreign.udi(), Some("P:SIM,S:000011"));
}

/// A-RSV-22: the certificates of a satellite come back, in their order; what is no list of one to
/// four certificates is told.
#[test]
fn a_code_brings_its_certificates_along() {
    let text = specific::frame("<b/>", b"s", &device(), &[b"signer".to_vec(), b"above".to_vec()]);
    assert!(text.ends_with("</certificate></certificates></specificPLR>"), "{text}");
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let plain = written(&key, &device());
    let with = |inside: &str| {
        let chain = format!("<certificates>{inside}</certificates></specificPLR>");
        plain.replace("</specificPLR>", &chain)
    };
    let one = "<certificate>c2lnbmVy</certificate>";
    let code = AuthorizationCode::read(&with(&one.repeat(2)), &device()).unwrap();
    assert_eq!(code.certificates(), [b"signer".to_vec(), b"signer".to_vec()]);
    assert!(AuthorizationCode::read(&plain, &device()).unwrap().certificates().is_empty());
    for (inside, problem) in [
        (String::new(), "it brings 0 certificates"),
        (one.repeat(5), "it brings 5 certificates"),
        ("<certificate>?</certificate>".to_owned(), "<certificate> cannot be read"),
        ("<other>x</other>".to_owned(), "<other> among the certificates"),
    ] {
        let told = AuthorizationCode::read(&with(&inside), &device()).unwrap_err().0;
        assert!(told.contains(problem), "{told}");
    }
}

/// A-RSV-07: a universal code is 16 groups of 6, and its signature holds for one device alone.
#[test]
fn a_universal_code_comes_back() {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let public = PublicKey::from_spki_der(&key.spki_der()).unwrap();
    for number in [0, 7, u32::MAX] {
        let signature = key.sign(&universal::body(number, &device(), TAG)).unwrap();
        let text = universal::frame(number, &signature).unwrap();
        assert_eq!((text.len(), text.split('-').count(), text.starts_with("DA")), (111, 16, true));
        let code = AuthorizationCode::read(&text, &device()).unwrap();
        assert_eq!(code.signature(), signature);
        assert!(public.verify(&code.signed_bytes(&device(), TAG), &code.signature()).is_ok());
        let other = code.signed_bytes(&Sudi::hardware("SIM", "2"), TAG);
        assert!(public.verify(&other, &code.signature()).is_err());
    }
}

/// A-RSV-03, AS-24: cut, mistyped, of another version: each has its own words.
#[test]
fn wrong_request_codes_are_told_apart() {
    let good = request::write(&device(), TAG, Kind::Specific, false);
    assert!(good.starts_with("CB-ZSIM:000010-"), "{good}");
    let read = RequestCode::read(&good).unwrap();
    assert_eq!((read.device, read.kind), (device(), Kind::Specific));
    let problem = |text: &str| RequestCode::read(text).unwrap_err().0;
    assert!(problem(&good[..good.len() - 5]).contains("part is missing"));
    assert!(problem(&good.replace("000010", "000011")).contains("mistyped"));
    let body = "AB-ZSIM:1-111111111";
    let old = format!("{body}-{:02X}", check::crc8(body.as_bytes()));
    assert!(problem(&old).contains("version A"));
    assert!(problem("P:UCM").contains("part is missing"));
    let plain = RequestCode::read("P:UCM,S:cc920,U:e53fc968-0253-4d61-a355-ba908a6cc920").unwrap();
    assert_eq!(plain.product, request::Product::Pid("UCM".into()));
    let universal = RequestCode::read(&request::write(&device(), TAG, Kind::Universal, true));
    assert_eq!(universal.unwrap().kind, Kind::Universal);
}

/// A-RSV-12, A-RSV-15: both answers depend on the code and on the device; a slip is told.
#[test]
fn answers_are_bound_to_code_and_device() {
    let (own, other) = (device(), Sudi::hardware("SIM", "000011"));
    let back = return_code(b"code", &own);
    assert_eq!((back.len(), back.starts_with('C'), is_return(&back)), (51, true, Ok(back.clone())));
    assert_ne!(back, return_code(b"code", &other));
    assert_ne!(back, return_code(b"codf", &own));
    let confirmed = confirmation(b"code", &own);
    assert_eq!(is_confirmation(&confirmed.to_uppercase()), Some(confirmed.clone()));
    assert_ne!(confirmed, confirmation(b"code", &other));
    assert_ne!(confirmed, confirmation(b"codf", &own));
    assert_eq!(is_confirmation("1234567"), None);
    let last = if back.ends_with('x') { "y" } else { "x" };
    let slip = format!("{}{last}", &back[..50]);
    assert!(is_return(&slip).unwrap_err().contains("mistyped"));
    assert!(is_return(&back[..50]).is_err());
}

/// A-RSV-07: bombs, other documents and other kinds of file are refused at once.
#[test]
fn hostile_documents_are_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"cccc\">]><specificPLR>&b;</specificPLR>";
    let deep = "<a>".repeat(100);
    let many = format!("<specificPLR>{}</specificPLR>", "<a/>".repeat(5_000));
    let twice = "<specificPLR/><specificPLR/>";
    let unknown = "<specificPLR>&xxe;</specificPLR>";
    let comment = "<specificPLR><!-- x --></specificPLR>";
    let attribute = "<specificPLR xmlns=\"x\"/>";
    let long = "x".repeat(100 << 20);
    let all =
        [bomb, &deep, &many, twice, unknown, comment, attribute, &long, "PK\u{3}\u{4}", "<a>"];
    for text in all {
        assert!(AuthorizationCode::read(text, &device()).is_err(), "{text:.60}");
    }
    let wide = AuthorizationCode::read(bomb, &device()).unwrap_err().0;
    assert!(wide.contains("DOCTYPE"), "{wide}");
}

/// A-RSV-12: a confirmation code always has a letter, because a published parser takes eight decimal
/// digits for a number.
#[test]
fn a_confirmation_code_is_never_a_number() {
    for number in 0_u32..2_000 {
        let code = confirmation(&number.to_be_bytes(), &device());
        assert!(code.len() == 8 && code.parse::<u64>().is_err(), "{code}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// A-RSV-03, A-RSV-07: no input makes a reader panic, and none is taken for a code that is not
    /// one.
    #[test]
    fn readers_take_anything(text in "(<[a-zA-Z]{0,12}/?>|[a-zA-Z0-9:&;#-]{0,9}|DA|CB-Z|P:|<specificPLR>|\\PC){0,24}") {
        let _ = AuthorizationCode::read(&text, &device());
        let _ = RequestCode::read(&text);
        let _ = (is_return(&text), is_confirmation(&text));
    }

    /// A-RSV-03: every single wrong character of a request code is found.
    #[test]
    fn one_wrong_character_is_always_found(at in 0_usize..30, by in "[A-Za-z0-9]") {
        let good = request::write(&device(), TAG, Kind::Specific, false);
        let at = at % good.len();
        let wrong = format!("{}{by}{}", &good[..at], &good[at + 1..]);
        prop_assume!(!wrong.eq_ignore_ascii_case(&good));
        prop_assert!(RequestCode::read(&wrong).is_err(), "{wrong}");
    }

    /// AS-28: a code with one byte changed has no valid signature, or is not read at all.
    #[test]
    fn one_wrong_byte_of_an_authorization_is_found(at in 0_usize..2000, by in "[A-Za-z0-9<>]") {
        let key = PrivateKey::generate(KeyKind::P256).unwrap();
        let public = PublicKey::from_spki_der(&key.spki_der()).unwrap();
        let good = written(&key, &device());
        let at = at % good.len();
        let wrong = format!("{}{by}{}", &good[..at], &good[at + 1..]);
        prop_assume!(wrong != good);
        if let Ok(code) = AuthorizationCode::read(&wrong, &device()) {
            let holds = public.verify(&code.signed_bytes(&device(), TAG), &code.signature()).is_ok();
            prop_assert!(!holds || code.udi() != Some("P:SIM,S:000010"));
        }
    }
}
