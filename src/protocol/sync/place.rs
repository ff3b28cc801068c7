//! Reading one line, and saying where in it a rule is broken.

use super::BadFile;
use serde::de::DeserializeOwned;

/// The longest complaint, in characters: a value that breaks a rule may be very long.
const LONGEST_COMPLAINT: usize = 300;

/// Reads a line without its line break.
pub(super) fn read<T: DeserializeOwned>(number: u64, line: &[u8]) -> Result<T, BadFile> {
    serde_json::from_slice(line).map_err(|error| {
        let text = error.to_string();
        let problem = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
        let problem: String = problem.chars().take(LONGEST_COMPLAINT).collect();
        BadFile::line(number, member_at(line, error.column()), problem)
    })
}

/// The path of the member that is being read at a byte of a line, such as `instance.udi.pid`.
fn member_at(line: &[u8], column: usize) -> String {
    let mut path: Vec<Option<String>> = Vec::new();
    let mut text: Option<Vec<u8>> = None;
    let mut last = Vec::new();
    let mut escaped = false;
    for byte in line.iter().take(column) {
        match (&mut text, byte) {
            (Some(_), b'"') if !escaped => last = text.take().unwrap_or_default(),
            (Some(text), other) => {
                escaped = *other == b'\\' && !escaped;
                text.push(*other);
            }
            (None, b'"') => text = Some(Vec::new()),
            (None, b'{' | b'[') => path.push(None),
            (None, b'}' | b']') => drop(path.pop()),
            (None, b',') => path.iter_mut().last().into_iter().for_each(|key| *key = None),
            (None, b':') => {
                let name = String::from_utf8_lossy(&last).chars().take(80).collect();
                path.iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|key| *key = Some(String::clone(&name)));
            }
            (None, _) => {}
        }
    }
    let names: Vec<String> = path.into_iter().flatten().collect();
    if names.is_empty() { "line".to_owned() } else { names.join(".") }
}

#[cfg(test)]
mod tests {
    use super::member_at;

    /// B-SYN-13: a complaint names the member, also behind quotes, lists and other members.
    #[test]
    fn the_member_at_a_byte_is_named_with_its_path() {
        let line = br#"{"a":{"b\"":[1,2],"c":"x:{","d":5}}"#;
        for (part, path) in [("1", "a.b\\\""), ("{\"", "a.c"), ("5", "a.d"), ("\"d", "a")] {
            let text = String::from_utf8_lossy(line);
            let column = text.rfind(part).unwrap() + 1;
            assert_eq!(member_at(line, column), path, "{part}");
        }
        for odd in [&b"]]}}:::,"[..], b"\"", b"", b"\\\"", b"{\"a\":"] {
            assert!(!member_at(odd, 100).is_empty());
        }
    }
}
