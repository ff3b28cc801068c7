//! Tags: labels of people's own on virtual accounts and licenses (A-LIC-10, A-VAS-01).

use super::error::{Error, Result};
use std::collections::BTreeMap;

/// The longest tag, in characters (ours).
pub const TAG_LIMIT: usize = 50;
/// The most tags on one thing (ours).
pub const TAGS_LIMIT: usize = 20;

/// Tags from a text with commas: trimmed, each once without regard to case, in the order of
/// the alphabet.
pub fn parse(text: &str) -> Result<Vec<String>> {
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > TAG_LIMIT {
            let problem = format!("'{tag}' is longer than {TAG_LIMIT} characters");
            return Err(Error::invalid("tags", problem));
        }
        if tag.chars().any(char::is_control) {
            return Err(Error::invalid("tags", "control characters are not allowed"));
        }
        tags.entry(key(tag)).or_insert_with(|| tag.to_owned());
    }
    if tags.len() > TAGS_LIMIT {
        let problem = format!("{} tags; at most {TAGS_LIMIT} are allowed", tags.len());
        return Err(Error::invalid("tags", problem));
    }
    Ok(tags.into_values().collect())
}

/// What two tags share when they count as the same.
pub fn key(tag: &str) -> String {
    tag.trim().to_lowercase()
}

/// Whether one of the tags begins with this text: the search *By Tag*.
pub fn any_begins_with(tags: &[String], text: &str) -> bool {
    let wanted = key(text);
    tags.iter().any(|tag| key(tag).starts_with(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A-LIC-10: many tags, each once, bounded.
    #[test]
    fn tags_are_trimmed_unique_and_bounded() {
        assert_eq!(parse(" core, Edge ,,core,CORE").unwrap(), ["core", "Edge"]);
        assert!(parse("").unwrap().is_empty());
        assert!(parse(&"x".repeat(TAG_LIMIT + 1)).is_err());
        let many: Vec<String> = (0..=TAGS_LIMIT).map(|n| n.to_string()).collect();
        assert!(parse(&many.join(",")).is_err());
        assert!(any_begins_with(&["Edge".into()], "ed") && !any_begins_with(&[], "ed"));
    }
}
