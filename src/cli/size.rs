//! Sizes as people read them.

use std::fmt;

/// A number of bytes, shown as `606 MB`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size(pub(crate) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
        let (mut value, mut unit) = (self.0 as f64, 0);
        // What would be shown as 1000 belongs to the next unit.
        while value >= 999.5 && unit + 1 < UNITS.len() {
            (value, unit) = (value / 1000.0, unit + 1);
        }
        let digits = usize::from(value < 9.95 && unit > 0);
        f.pad(&format!("{value:.digits$} {}", UNITS[unit]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_two_or_three_digits() {
        let sizes = [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (9_949, "9.9 kB"), (9_950, "10 kB")];
        let more =
            [(606_000_000, "606 MB"), (999_600_000, "1.0 GB"), (11_780_000_000, "12 GB"), (u64::MAX, "18446744 TB")];
        for (bytes, expected) in sizes.into_iter().chain(more) {
            assert_eq!(Size(bytes).to_string(), expected);
        }
    }
}
