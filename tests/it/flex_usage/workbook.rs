//! The workbook, opened by somebody else's library.

use super::{customer_x, customer_y};
use crate::support::app::TestApp;
use crate::support::databases::on_both_databases;
use crate::support::tools;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

on_both_databases!(a_workbook_has_the_numbers_of_the_page, the_custom_report_is_of_whom_one_chose);

/// The sheets as `openpyxl` reads them: name to rows.
fn opened(python: &Path, bytes: &[u8]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.xlsx");
    std::fs::write(&file, bytes).unwrap();
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/clients/read_workbook.py");
    let output = Command::new(python).arg(script).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn rows<'a>(book: &'a Value, sheet: &str) -> &'a [Value] {
    book[sheet].as_array().unwrap_or_else(|| panic!("{sheet}: {book}"))
}

/// AS-57, F-FU-12, F-FU-21: the workbook has the page's numbers; numbers are numbers, days are days.
async fn a_workbook_has_the_numbers_of_the_page(app: &TestApp) {
    let Some(python) = tools::need("openpyxl", tools::python("openpyxl")) else { return };
    customer_y(app).await;
    let vic = app.sign_in("paula").await;
    let page = vic.get("/hub/lyra/ucm-cloud?timeline=7").await;
    let path = page.attributes("a[href*='report.xlsx']", "href").remove(0);
    let name = vic.file_name(&path).await;
    assert_eq!(name, "lyra_flex-usage_2026-01-01_2026-01-07.xlsx");
    let (status, bytes) = vic.bytes(&path).await;
    assert_eq!(status, 200);
    let book = opened(&python, &bytes);
    let sheets: Vec<_> = book.as_object().unwrap().keys().cloned().collect();
    assert_eq!(sheets.len(), 4, "{sheets:?}");
    summary(&book);
    types_clusters_and_days(&book);
    let shown = page.texts("tbody tr");
    assert!(shown.iter().any(|row| row.contains("100 104 4 100.3 99")), "{shown:?}");
}

/// What the first sheet says of Y, and of what nobody has told of yet.
fn summary(book: &Value) {
    let summary = rows(book, "Summary");
    let heads = json!([
        "Customer",
        "Subscription ID",
        "Flex license model",
        "Start",
        "End",
        "Purchased",
        "Consumed",
        "Overage",
        "Compliance",
        "Subscription status"
    ]);
    assert_eq!(summary[0], heads);
    let y = json!([
        "Lyra Works",
        "Sub-Y",
        "Flex 2.0",
        "2026-01-01",
        "2026-01-07",
        100,
        104,
        4,
        "Not compliant",
        "Active"
    ]);
    assert!(summary.contains(&y), "{summary:?}");
    let waiting = json!([
        "Lyra Works",
        "Sub-204132",
        "Flex 2.0",
        "2026-01-01",
        "2026-01-07",
        348,
        null,
        null,
        "Not collected yet",
        "Active"
    ]);
    assert!(summary.contains(&waiting), "{summary:?}");
}

/// What the other sheets say of Y.
fn types_clusters_and_days(book: &Value) {
    let types = rows(book, "By type");
    let kw = types.iter().find(|row| row[1] == "Sub-Y" && row[3] == "Knowledge Worker").unwrap();
    let wanted = json!([100, 104, 4, "Not compliant"]);
    assert_eq!(&json!([kw[4], kw[5], kw[6], kw[7]]), &wanted);
    assert!((kw[8].as_f64().unwrap() - 301.0 / 3.0).abs() < 1e-9, "{kw}");
    assert_eq!(kw[9], 99);
    let clusters = rows(book, "By cluster");
    assert!(clusters.iter().any(|row| row[4] == "Lille" && row[6] == 104), "{clusters:?}");
    let daily = rows(book, "Daily");
    let series: Vec<_> = daily
        .iter()
        .filter(|row| row[4] == "Knowledge Worker")
        .map(|row| (row[3].as_str().unwrap(), row[6].as_i64().unwrap(), row[7].as_i64().unwrap()))
        .collect();
    assert_eq!(series, [("2026-01-05", 98, 0), ("2026-01-06", 104, 4), ("2026-01-07", 99, 0)]);
}

/// F-FU-12, F-FU-14: the Custom report is of all customers or of those that were ticked, over a
/// month or from a day to a day; in Dutch it has Dutch words.
async fn the_custom_report_is_of_whom_one_chose(app: &TestApp) {
    let Some(python) = tools::need("openpyxl", tools::python("openpyxl")) else { return };
    customer_x(app, "2026-01-05").await;
    let paula = app.sign_in("paula").await;
    let form = paula.get("/hub/relay/customer-license-usage/custom").await;
    assert_eq!(form.attributes("input[name=customer]", "value").len(), 5);
    let base = "/hub/relay/customer-license-usage/report.xlsx";
    let customers = |book: &Value, sheet: &str| {
        let all = rows(book, sheet).iter().skip(1);
        let mut names: Vec<_> = all.map(|row| row[0].as_str().unwrap().to_owned()).collect();
        names.dedup();
        names
    };
    let (status, bytes) = paula.bytes(&format!("{base}?month=2025-12")).await;
    assert_eq!(status, 200);
    let book = opened(&python, &bytes);
    let all = ["Altair Shipping", "Deneb Schools", "Lyra Works", "Mira Clinics", "Vega Foods"];
    assert_eq!(customers(&book, "Summary"), all);
    assert_eq!(rows(&book, "Summary")[1][3], "2025-12-01");
    let days = rows(&book, "Daily").len() - 1;
    assert_eq!(days, 31 * (4 + 4 + 3), "a row for each day and type of three customers");
    paula.get("/hub/language/nl?next=/hub").await;
    let some = format!("{base}?customer=vega&customer=mira&from=2025-12-30&to=2026-01-05");
    let book = opened(&python, &paula.bytes(&some).await.1);
    assert_eq!(customers(&book, "Overzicht"), ["Mira Clinics", "Vega Foods"]);
    let x = rows(&book, "Overzicht").iter().find(|row| row[1] == "Sub-X").unwrap();
    assert_eq!(json!([x[5], x[6], x[7], x[8]]), json!([115, 115, 3, "Niet conform"]));
    assert!(rows(&book, "Per type").iter().any(|row| row[3] == "Kenniswerker"));
}
