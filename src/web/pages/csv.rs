//! Tables as files of comma-separated values (RFC 4180), with a mark of order first, so that
//! spreadsheets read UTF-8 (C-REP-07; ours).

use super::ask::Ask;
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

/// A table as a download: `lab.example_events_20260105-0900.csv`.
pub fn file(ask: &Ask, report: &str, table: &str) -> HttpResponse {
    let stamp = ask.now().utc().format("%Y%m%d-%H%M");
    let name = format!("attachment; filename=\"{}_{report}_{stamp}.csv\"", ask.domain());
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(format!("\u{feff}{table}"))
}

/// One row; values with commas, quotes or line breaks are quoted.
pub fn row(values: &[&str]) -> String {
    let cells: Vec<String> = values.iter().map(|value| cell(value)).collect();
    format!("{}\r\n", cells.join(","))
}

/// Spreadsheets run what begins with `= + - @`; an apostrophe keeps it text. Numbers stay
/// numbers.
fn cell(value: &str) -> String {
    let number = value.parse::<i64>().is_ok();
    let guarded = !number && value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if guarded { format!("'{value}") } else { value.to_owned() };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::row;

    /// AS-21, C-REP-07: a Unicode name appears in the file as it is.
    #[test]
    fn values_survive_the_file() {
        assert_eq!(row(&["Zürich 東京", "a, \"b\"", ""]), "Zürich 東京,\"a, \"\"b\"\"\",\r\n");
        assert_eq!(row(&["=1+1", "-2+3", "-3"]), "'=1+1,'-2+3,-3\r\n");
    }
}
