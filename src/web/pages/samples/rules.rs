//! The house rules, checked on every sample page.

use super::{Sample, all};
use scraper::{ElementRef, Html, Selector};
use std::collections::HashSet;

fn select<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(css).unwrap()).collect()
}

fn check(rule: impl Fn(&Sample, &Html)) {
    let pages = all();
    assert!(pages.len() > 30, "only {} samples", pages.len());
    for sample in &pages {
        rule(sample, &Html::parse_document(&sample.html));
    }
}

/// A-SHL-08: a page works as a page: one heading, one main, a title.
#[test]
fn every_page_has_one_heading_one_main_and_a_title() {
    check(|sample, page| {
        for css in ["h1", "main", "title", "link[rel=stylesheet]"] {
            assert_eq!(select(page, css).len(), 1, "{css} of {}", sample.name);
        }
        let title: String = select(page, "title").iter().flat_map(ElementRef::text).collect();
        assert!(title.len() > " · Syncom CSSM".len(), "{}: {title}", sample.name);
    });
}

/// The policy is `default-src 'self'`.
#[test]
fn no_page_has_scripts_styles_or_handlers_inline() {
    check(|sample, page| {
        assert!(select(page, "style, [style], script:not([src])").is_empty(), "{}", sample.name);
        for element in select(page, "*") {
            for (name, value) in element.value().attrs() {
                assert!(!name.starts_with("on"), "{}: {name}", sample.name);
                assert!(!value.starts_with("javascript:"), "{}: {value}", sample.name);
            }
        }
    });
}

/// Every form that changes something carries the secret of its session.
#[test]
fn every_post_form_carries_the_csrf_secret() {
    check(|sample, page| {
        for form in select(page, "form[method=post]") {
            let secret = Selector::parse("input[type=hidden][name=csrf]").unwrap();
            let values: Vec<_> =
                form.select(&secret).filter_map(|input| input.attr("value")).collect();
            assert_eq!(values, ["c2VjcmV0"], "{}: {:?}", sample.name, form.attr("action"));
        }
    });
}

/// Ids are unique, and what refers to an id finds it.
#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    check(|sample, page| {
        let mut ids = HashSet::new();
        for element in select(page, "[id]") {
            let id = element.attr("id").unwrap();
            assert!(ids.insert(id.to_owned()), "{}: id {id} twice", sample.name);
        }
        for attribute in ["for", "aria-describedby", "aria-labelledby", "popovertarget"] {
            for element in select(page, &format!("[{attribute}]")) {
                let id = element.attr(attribute).unwrap();
                assert!(ids.contains(id), "{}: {attribute}={id}", sample.name);
            }
        }
    });
}

/// Whoever cannot see the page is told what each control is.
#[test]
fn every_control_has_a_name() {
    check(|sample, page| {
        for element in select(page, "input:not([type=hidden]), select, textarea") {
            let inside_label = element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(|parent| parent.value().name() == "label");
            let labelled = element
                .attr("id")
                .is_some_and(|id| !select(page, &format!("label[for=\"{id}\"]")).is_empty());
            let named = inside_label || labelled || element.attr("aria-label").is_some();
            assert!(named, "{}: {:?}", sample.name, element.html());
        }
        for element in select(page, "a, button") {
            let text: String = element.text().collect();
            let named = !text.trim().is_empty() || element.attr("aria-label").is_some();
            assert!(named, "{}: {}", sample.name, element.html());
        }
    });
}

/// A-SHL-08: a link into a dialog is an ordinary link to an ordinary page.
#[test]
fn links_that_open_dialogs_lead_to_addresses() {
    check(|sample, page| {
        for link in select(page, "[data-dialog]") {
            let href = link.attr("href").unwrap_or_default();
            assert!(href.starts_with('/'), "{}: {}", sample.name, link.html());
        }
    });
}

/// A-LIC-01: below zero stands a real minus, red, with the word.
#[test]
fn a_shortage_is_shown_with_sign_colour_and_word() {
    let pages = all();
    let licenses = pages.iter().find(|p| p.name == "licenses").unwrap();
    let page = Html::parse_document(&licenses.html);
    let cell = select(&page, "tr.short td.balance");
    let text: String = cell.iter().flat_map(ElementRef::text).collect();
    let words: Vec<_> = text.split_whitespace().collect();
    assert_eq!(words, ["−3", "Insufficient"]);
    assert_eq!(select(&page, "tr.short .minus").len(), 1);
}

/// AS-18: a transfer that leaves a shortage asks again, naming it.
#[test]
fn a_transfer_into_a_shortage_names_the_shortage_on_its_button() {
    let pages = all();
    let find = |name: &str| pages.iter().find(|p| p.name == name).unwrap();
    let buttons = |name: &str| {
        let page = Html::parse_document(&find(name).html);
        select(&page, ".sheet-foot button").iter().flat_map(ElementRef::text).collect::<String>()
    };
    assert_eq!(buttons("transfer-preview-short"), "Transfer anyway, Tokyo will be short of 5");
    assert_eq!(buttons("transfer-preview"), "Transfer 3 licenses");
}

/// Writes the samples for a person to look at.
#[test]
fn samples_can_be_written_to_a_folder() {
    let Some(folder) = std::env::var_os("SYNCOM_PREVIEW").map(std::path::PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(folder.join("static")).unwrap();
    for asset in &crate::web::pages::assets::ALL {
        std::fs::write(folder.join("static").join(asset.name), asset.body).unwrap();
    }
    for sample in all() {
        std::fs::write(folder.join(format!("{}.html", sample.name)), sample.html).unwrap();
    }
}
