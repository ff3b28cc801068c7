//! The progress bar: only where somebody looks.

use crate::device::fleet::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;

/// A bar on standard error, or nothing.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// `silent`: nothing, also on a terminal.
    pub(super) fn new(silent: bool) -> Self {
        if silent || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::no_length();
        let template = "{msg:16} {bar:30} {pos}/{len}  {per_sec}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Watch for Progress {
    fn begin(&self, what: &str, parts: u64) {
        self.0.reset();
        self.0.set_length(parts);
        self.0.set_message(what.to_owned());
    }

    fn done(&self, parts: u64) {
        self.0.inc(parts);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
