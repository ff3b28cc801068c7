//! Lines, headings and pairs: what all styles are made of.

/// A text that grows line by line.
#[derive(Debug, Default)]
pub(super) struct Page(String);

impl Page {
    /// A line as it is.
    pub(super) fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.0.push('\n');
    }

    /// A text with a rule of that width under it.
    pub(super) fn heading(&mut self, text: &str, width: usize) {
        self.line(text);
        self.line(&"=".repeat(width));
    }

    /// `  Name: value`, with so many blanks before it.
    pub(super) fn pair(&mut self, indent: usize, name: &str, value: &str) {
        self.line(&format!("{:indent$}{name}: {value}", ""));
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.0
    }
}
