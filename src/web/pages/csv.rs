//! Tables as files of comma-separated values (RFC 4180).

/// One row; values with commas, quotes or line breaks are quoted.
pub fn row(values: &[&str]) -> String {
    let cells: Vec<String> = values.iter().map(|value| cell(value)).collect();
    format!("{}\r\n", cells.join(","))
}

/// Spreadsheets run what begins with `= + - @`; an apostrophe keeps it text.
fn cell(value: &str) -> String {
    let guarded = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if guarded { format!("'{value}") } else { value.to_owned() };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::row;

    /// AS-21: a Unicode name appears in the file as it is.
    #[test]
    fn values_survive_the_file() {
        assert_eq!(row(&["Zürich 東京", "a, \"b\"", ""]), "Zürich 東京,\"a, \"\"b\"\"\",\r\n");
        assert_eq!(row(&["=1+1"]), "'=1+1\r\n");
    }
}
