//! How the machine stands on which a process runs: what the kernel tells, nothing invented. Where it
//! tells nothing, there is nothing.

use std::path::Path;

/// How much of something is taken, in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// Taken.
    pub used: u64,
    /// All there is; more than 0.
    pub total: u64,
}

impl Gauge {
    /// Taken, in percent, rounded down; a load may be more than 100.
    pub fn percent(self) -> u64 {
        self.used.saturating_mul(100).checked_div(self.total).unwrap_or(0)
    }
}

/// How the machine stands (B-SHL-06).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Work that waited or ran in the last minute, of all processors, in hundredths of one.
    pub load: Option<Gauge>,
    /// Memory that cannot be had any more, in bytes.
    pub memory: Option<Gauge>,
    /// The file system of the data, in bytes.
    pub disk: Option<Gauge>,
}

/// Asks the kernel; `data` is a path on the file system whose room is asked for. It blocks.
pub fn look(data: Option<&Path>) -> Health {
    let text = |path| std::fs::read_to_string(path).ok();
    let processors = std::thread::available_parallelism().ok();
    let processors = processors.and_then(|count| u64::try_from(count.get()).ok());
    Health {
        load: text("/proc/loadavg").and_then(|text| load(&text, processors?)),
        memory: text("/proc/meminfo").and_then(|text| memory(&text)),
        disk: data.and_then(disk),
    }
}

/// The first figure of `/proc/loadavg`: the average of a minute.
fn load(text: &str, processors: u64) -> Option<Gauge> {
    let (whole, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    let (whole, hundredths) = (whole.parse::<u64>().ok()?, hundredths.parse::<u64>().ok()?);
    let used = whole.checked_mul(100)?.checked_add(hundredths)?;
    gauge(used, processors.checked_mul(100)?)
}

/// `MemTotal` and `MemAvailable` of `/proc/meminfo`, in kB.
fn memory(text: &str) -> Option<Gauge> {
    let bytes = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1_024)
    };
    let total = bytes("MemTotal")?;
    gauge(total.checked_sub(bytes("MemAvailable")?)?, total)
}

/// As `df` counts: what is kept for the system is neither used nor to be had.
fn disk(path: &Path) -> Option<Gauge> {
    let of = rustix::fs::statvfs(path).ok()?;
    let used = of.f_blocks.checked_sub(of.f_bfree)?;
    let bytes = |blocks: u64| blocks.checked_mul(of.f_frsize);
    gauge(bytes(used)?, bytes(used.checked_add(of.f_bavail)?)?)
}

fn gauge(used: u64, total: u64) -> Option<Gauge> {
    (total > 0).then_some(Gauge { used, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-SHL-06: texts as the kernel writes them; others are no figures.
    #[test]
    fn figures_are_read_as_the_kernel_writes_them() {
        let one = load("1.07 0.70 0.50 2/345 6789\n", 2).unwrap();
        assert_eq!((one, one.percent()), (Gauge { used: 107, total: 200 }, 53));
        assert_eq!(load("12.00 1.0 1.0 1/1 1", 4).unwrap().percent(), 300);
        let text = "MemTotal:        1000 kB\nMemFree: 5 kB\nMemAvailable:     250 kB\n";
        let some = memory(text).unwrap();
        assert_eq!((some.total, some.percent()), (1_024_000, 75));
        for (bad, processors) in [("", 2), ("x.y", 2), ("1", 2), ("1.00", 0)] {
            assert_eq!(load(bad, processors), None, "{bad:?}");
        }
        for bad in ["", "MemTotal: 10 kB", "MemTotal: 0 kB\nMemAvailable: 0 kB", "MemTotal: 9 MB"] {
            assert_eq!(memory(bad), None, "{bad:?}");
        }
    }

    /// B-SHL-06: a folder has room; a path that is not there has none, and breaks nothing.
    #[test]
    fn a_disk_is_asked_and_may_be_away() {
        let here = disk(Path::new("/")).unwrap();
        assert!(here.used <= here.total && here.percent() <= 100, "{here:?}");
        assert_eq!(disk(Path::new("/nowhere/at/all")), None);
        assert_eq!(look(None).disk, None);
    }
}
