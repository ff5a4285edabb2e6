//! Exact values of quantities: fractions in lowest terms.

use std::fmt;

/// An exact value that is not negative: 2.5 million, a third.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Value {
    numerator: u128,
    denominator: u128,
}

impl Value {
    /// A whole number.
    pub(crate) const fn whole(number: u128) -> Self {
        Self { numerator: number, denominator: 1 }
    }

    /// In lowest terms; `None` if the denominator is zero.
    pub(crate) fn fraction(numerator: u128, denominator: u128) -> Option<Self> {
        let divisor = greatest_common_divisor(numerator, denominator);
        (denominator != 0).then(|| Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// ASCII digits, the last `decimals` of which stand after the point; `None` if they are too many.
    pub(crate) fn decimal(digits: &str, decimals: usize) -> Option<Self> {
        let scale = 10_u128.checked_pow(u32::try_from(decimals).ok()?)?;
        Self::fraction(digits.parse().ok()?, scale)
    }

    /// `None` if the sum is too great to hold.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let one = self.numerator.checked_mul(other.denominator)?;
        let two = other.numerator.checked_mul(self.denominator)?;
        Self::fraction(one.checked_add(two)?, self.denominator.checked_mul(other.denominator)?)
    }

    /// `None` if the product is too great to hold.
    pub(crate) fn times(self, other: Self) -> Option<Self> {
        let numerator = self.numerator.checked_mul(other.numerator)?;
        Self::fraction(numerator, self.denominator.checked_mul(other.denominator)?)
    }

    /// `None` for zero.
    pub(crate) fn inverse(self) -> Option<Self> {
        Self::fraction(self.denominator, self.numerator)
    }

    /// The number, if it is a whole one.
    pub(crate) fn to_whole(self) -> Option<u128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// Near enough for comparing sizes.
    pub(crate) fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The decimal digits without zeros at the ends, and the power of ten of the last; `None` for a third.
    pub(crate) fn significand(self) -> Option<(u128, i32)> {
        let (mut digits, mut rest, mut power) = (self.numerator, self.denominator, 0);
        while rest != 1 {
            let factor = if rest.is_multiple_of(10) {
                (1, 10)
            } else if rest.is_multiple_of(2) {
                (5, 2)
            } else if rest.is_multiple_of(5) {
                (2, 5)
            } else {
                return None;
            };
            digits = digits.checked_mul(factor.0)?;
            rest /= factor.1;
            power -= 1;
        }
        while digits != 0 && digits.is_multiple_of(10) {
            digits /= 10;
            power += 1;
        }
        Some((digits, power))
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// As English newspapers print it: `4,892`, `2.5`, `600 million`, `1/3`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((digits, power)) = self.significand() else {
            return write!(f, "{}/{}", self.numerator, self.denominator);
        };
        for (zeros, name) in [(12, "trillion"), (9, "billion"), (6, "million")] {
            let size = 10_f64.powi(zeros);
            if (size..size * 1e3).contains(&self.to_f64()) && power >= zeros - 3 {
                return write!(f, "{} {name}", decimal(digits, power - zeros));
            }
        }
        f.write_str(&decimal(digits, power))
    }
}

/// `digits` times ten to the `power`, with commas between thousands.
fn decimal(digits: u128, power: i32) -> String {
    let mut text = digits.to_string();
    text.extend(std::iter::repeat_n('0', usize::try_from(power).unwrap_or(0)));
    let decimals = usize::try_from(-power).unwrap_or(0);
    if text.len() <= decimals {
        text.insert_str(0, &"0".repeat(decimals + 1 - text.len()));
    }
    let (whole, fraction) = text.split_at(text.len() - decimals);
    let mut grouped = String::new();
    for (i, digit) in whole.char_indices() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if fraction.is_empty() { grouped } else { format!("{grouped}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_newspapers_do() {
        let value = |digits, decimals| Value::decimal(digits, decimals).unwrap().to_string();
        assert_eq!(value("4892", 0), "4,892");
        assert_eq!(value("896", 1), "89.6");
        assert_eq!(value("005", 2), "0.05");
        assert_eq!(value("39702451", 0), "39,702,451");
        assert_eq!(value("600000000", 0), "600 million");
        assert_eq!(value("39700000", 0), "39.7 million");
        assert_eq!(value("1500000000000", 0), "1.5 trillion");
        assert_eq!(Value::fraction(4, 6).unwrap().to_string(), "2/3");
    }

    #[test]
    fn arithmetic_is_exact_and_never_overflows() {
        let half = Value::fraction(1, 2).unwrap();
        assert_eq!(half.times(Value::whole(3)).unwrap().plus(half).unwrap(), Value::whole(2));
        assert_eq!(Value::whole(u128::MAX).times(Value::whole(2)), None);
        assert_eq!(Value::decimal("1", 60), None);
        assert_eq!(Value::fraction(1, 0), None);
    }
}
