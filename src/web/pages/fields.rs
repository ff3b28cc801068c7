//! What a query or a form says.

/// Names and values, from a query or a form; what is missing is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The value of a field.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// The values of a field that may be sent several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The value, if there is one.
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// An address of ours to lead to; anything else leads to `otherwise`.
    pub fn local<'a>(&'a self, name: &str, otherwise: &'a str) -> &'a str {
        let next = self.get(name);
        let inside = next.starts_with('/') && !next.starts_with("//");
        if inside && !next.contains(['\\', '\r', '\n']) { next } else { otherwise }
    }

    /// The same, with one field as it has to be from here on.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let others = self.0.iter().filter(|(known, _)| known != name).cloned();
        Self(others.chain([(name.to_owned(), value.to_owned())]).collect())
    }

    /// Whether a check box is ticked or a button was pressed.
    pub fn yes(&self, name: &str) -> bool {
        self.get(name) == "yes"
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    /// A page that leads to other sites would help forgers.
    #[test]
    fn one_is_led_nowhere_but_to_this_site() {
        let led = |to: &str| Fields(vec![("next".into(), to.into())]).local("next", "/").to_owned();
        assert_eq!(led("/sa/lab.example/alerts?x=1"), "/sa/lab.example/alerts?x=1");
        for elsewhere in ["", "//evil.example", "https://evil.example", "/\\evil", "sa", "/a\r\nb"]
        {
            assert_eq!(led(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
