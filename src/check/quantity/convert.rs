//! Quantities that say the same in other units.

use super::{Kind, Quantity};

/// The seconds in the units of time, months and years as they are on average.
const SECONDS: [(&str, f64); 9] = [
    ("second", 1.0),
    ("minute", 60.0),
    ("hour", 3_600.0),
    ("day", 86_400.0),
    ("week", 604_800.0),
    ("month", 2_629_800.0),
    ("year", 31_557_600.0),
    ("decade", 315_576_000.0),
    ("century", 3_155_760_000.0),
];

impl Quantity {
    /// The unit of time that it counts, and its length in seconds.
    pub(crate) fn unit_of_time(&self) -> Option<(&'static str, f64)> {
        let units = self.units.iter().filter(|unit| self.kind == Kind::Measure && unit.kind == "time");
        units.filter_map(|unit| SECONDS.iter().find(|(name, _)| *name == unit.name).copied()).next()
    }

    /// Whether it counts hundredths of a percentage point.
    pub(super) fn is_basis_points(&self) -> bool {
        self.units.iter().any(|unit| unit.name == "basis point")
    }

    /// Whether the other says the same in other words: a quarter and 25 percent, 48 hours and two days, half a century and
    /// 50 years, 25 basis points and a quarter of a percentage point.
    pub(crate) fn converts(&self, other: &Self) -> bool {
        let pairs = || self.readings().flat_map(|a| other.readings().map(move |b| (a.to_f64(), b.to_f64())));
        let share = |part: f64, percent: f64| part < 1.0 && (part * 100.0 - percent).abs() < 1.0;
        let of_point = |points: &Self| points.kind == Kind::Percent || points.value.to_f64() < 1.0;
        let points = |basis: f64, points: f64| (points * 100.0 - basis).abs() < 0.5;
        match (self.is_basis_points(), other.is_basis_points()) {
            (true, false) if of_point(other) => return pairs().any(|(one, two)| points(one, two)),
            (false, true) if of_point(self) => return pairs().any(|(one, two)| points(two, one)),
            _ => {}
        }
        match (self.kind == Kind::Percent, other.kind == Kind::Percent) {
            (true, false) => return pairs().any(|(percent, part)| share(part, percent)),
            (false, true) => return pairs().any(|(part, percent)| share(part, percent)),
            _ => {}
        }
        let (Some((name, length)), Some((other_name, other_length))) = (self.unit_of_time(), other.unit_of_time())
        else {
            return false;
        };
        // A month of thirty days is a month.
        let same = |a: f64, b: f64| (a - b).abs() <= 0.03 * a.max(b);
        name != other_name && pairs().any(|(a, b)| same(a * length, b * other_length))
    }
}
