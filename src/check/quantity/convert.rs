//! Quantities that say the same in other units.

use super::{Kind, Quantity, Unit};

/// The seconds in the units of time, months and years as they are on average; the metres, kilograms, square metres, litres
/// and kilowatts in those of other sizes.
const SIZES: [(&str, f64); 28] = [
    ("second", 1.0),
    ("minute", 60.0),
    ("hour", 3_600.0),
    ("day", 86_400.0),
    ("week", 604_800.0),
    ("month", 2_629_800.0),
    ("year", 31_557_600.0),
    ("decade", 315_576_000.0),
    ("century", 3_155_760_000.0),
    ("kilometre", 1_000.0),
    ("metre", 1.0),
    ("centimetre", 0.01),
    ("millimetre", 0.001),
    ("mile", 1_609.344),
    ("foot", 0.3048),
    ("inch", 0.0254),
    ("tonne", 1_000.0),
    ("kilogram", 1.0),
    ("gram", 0.001),
    ("pound", 0.453_592),
    ("hectare", 10_000.0),
    ("dunam", 1_000.0),
    ("acre", 4_046.86),
    ("litre", 1.0),
    ("barrel", 158.987),
    ("kilowatt", 1.0),
    ("megawatt", 1_000.0),
    ("gigawatt", 1_000_000.0),
];
/// Units for which newspapers round what they convert: 10 km (6 miles).
const ROUND: [&str; 5] = ["mile", "foot", "inch", "pound", "acre"];

impl Quantity {
    /// The unit of time that it counts, and its length in seconds.
    pub(crate) fn unit_of_time(&self) -> Option<(&'static str, f64)> {
        let units = self.units.iter().filter(|unit| self.kind == Kind::Measure && unit.kind == "time");
        units.filter_map(|unit| SIZES.iter().find(|(name, _)| *name == unit.name).copied()).next()
    }

    /// The units that it may count, and their sizes.
    fn sizes(&self) -> impl Iterator<Item = (&'static Unit, f64)> {
        // A weight in pounds may look like a sum.
        let counts = matches!(self.kind, Kind::Measure | Kind::Money);
        let units = self.units.iter().filter(move |unit| counts && unit.kind != "money");
        units.filter_map(|unit| SIZES.iter().find(|(name, _)| *name == unit.name).map(|(_, size)| (unit, *size)))
    }

    /// Whether it counts degrees.
    fn is_degrees(&self) -> bool {
        self.units.iter().any(|unit| unit.kind == "degree")
    }

    /// Whether it counts hundredths of a percentage point.
    pub(super) fn is_basis_points(&self) -> bool {
        self.units.iter().any(|unit| unit.name == "basis point")
    }

    /// Whether the other says the same in other words: a quarter and 25 percent, 48 hours and two days, half a century and
    /// 50 years, 25 basis points and a quarter of a percentage point, 10 kilometres and 6 miles, 45 degrees and 113 degrees.
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
        // Below sixty the one may as well be the other with wrong digits.
        let fahrenheit = |celsius: f64, other: f64| other >= 60.0 && (celsius * 1.8 + 32.0 - other).abs() <= 1.0;
        if self.is_degrees() && other.is_degrees() {
            return pairs().any(|(a, b)| fahrenheit(a, b) || fahrenheit(b, a));
        }
        let is_same = |(one, size): (&Unit, f64), (two, other_size): (&Unit, f64)| {
            // A month of thirty days is a month; a few miles are whole ones.
            let whole = |unit: &Unit, value: f64, size: f64| {
                if ROUND.contains(&unit.name) && value < 10.0 { size / 2.0 } else { 0.0 }
            };
            let same = |a: f64, b: f64| {
                let leeway =
                    (0.035 * (a * size).max(b * other_size)).max(whole(one, a, size)).max(whole(two, b, other_size));
                (a * size - b * other_size).abs() <= leeway
            };
            one.kind == two.kind && one.name != two.name && pairs().any(|(a, b)| same(a, b))
        };
        self.sizes().any(|one| other.sizes().any(|two| is_same(one, two)))
    }
}

#[cfg(test)]
mod tests {
    use crate::check::quantity::{Quantity, Written, read_arabic, read_english};

    /// Whether every number of either side is on the other.
    fn says_the_same(arabic: &str, english: &str) -> bool {
        let (one, other) = (read_arabic(arabic), read_english(english));
        let answered = |asked: &[Quantity], by: &[Quantity]| {
            let mut asked = asked.iter().filter(|quantity| quantity.written != Written::Hint);
            asked.all(|asked| by.iter().any(|other| asked.agrees(other) || asked.converts(other)))
        };
        answered(&one, &other) && answered(&other, &one)
    }

    #[test]
    fn other_units_and_other_words_say_the_same() {
        for (arabic, english) in [
            ("على بعد 10 كيلومترات", "10 km (6 miles) away"),
            ("على بعد 100 كيلومتر", "60 miles away"),
            ("على بعد 3 كيلومترات", "2 miles away"),
            ("طوله 1500 متر", "it is 1.5 km long"),
            ("وزنه 50 كيلوغراماً", "it weighs 50 kg (110 lb)"),
            ("بلغت 45 درجة مئوية", "it was 113 degrees Fahrenheit (45 degrees Celsius)"),
            ("مساحته 500 دونم", "it covers 50 hectares"),
            ("3 من كل 4", "75 percent"),
            ("واحد من كل خمسة", "20 percent"),
            ("75 في المئة", "three in four"),
            ("في الدقيقة 90+3", "in the 93rd minute"),
            ("في الدقيقة 93", "in the 90+3 minute"),
            ("ارتفع بنسبة 100 في المئة", "it doubled"),
            ("ارتفع بنسبة 200 في المئة", "it tripled"),
            ("انخفض بنسبة 50 في المئة", "it was halved"),
            ("فاز بهدف دون رد", "won 1-0"),
            ("فاز بهدفين دون رد", "won 2-0"),
            ("تعادلا بهدف لمثله", "drew 1-1"),
            ("في مدينة الخمس", "in the city of Khoms"),
            ("في بئر السبع", "in Beersheba"),
            ("المزيد: https://example.org/water?id=77", "More: https: example. org water id 77"),
        ] {
            assert!(says_the_same(arabic, english), "{arabic} / {english}");
        }
    }

    #[test]
    fn what_is_converted_wrongly_says_something_else() {
        for (arabic, english) in [
            ("على بعد 10 كيلومترات", "10 km (16 miles) away"),
            ("على بعد 100 كيلومتر", "160 miles away"),
            ("على بعد 160 كيلومتراً", "106 miles away"),
            ("بلغت 45 درجة مئوية", "it was 131 degrees Fahrenheit"),
            ("مساحته 500 دونم", "it covers 5 hectares"),
            ("3 من كل 4", "60 percent"),
            ("في الدقيقة 90+3", "in the 94th minute"),
            ("ارتفع بنسبة 100 في المئة", "it tripled"),
            ("فاز بهدف دون رد", "won 3-0"),
            ("بهدف المساعدة", "to help 1 man"),
            ("قتل خمسة", "people were killed"),
        ] {
            assert!(!says_the_same(arabic, english), "{arabic} / {english}");
        }
    }
}
