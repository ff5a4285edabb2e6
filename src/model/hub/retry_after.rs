//! `Retry-After`: how long a server wants to be left alone.
//!
//! Reference: RFC 9110, section 10.2.3.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::http::HeaderMap;

use super::reply::text;

/// What the header says, in seconds or as a date.
pub(crate) fn read(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, "retry-after")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    wait(value.trim(), now).map(Duration::from_secs)
}

fn wait(value: &str, now: u64) -> Option<u64> {
    match value.parse() {
        Ok(seconds) => Some(seconds),
        Err(_) => Some(date(value)?.saturating_sub(now)),
    }
}

/// Seconds since 1970 of a date as `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.split_once(", ")?;
    let parts: Vec<&str> = rest.split(' ').collect();
    let [day, month, year, time, "GMT"] = parts[..] else { return None };
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let (day, year): (u64, u64) = (day.parse().ok()?, year.parse().ok()?);
    let time: Vec<u64> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = time[..] else { return None };
    if !(1970..10_000).contains(&year) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some((days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second)
}

/// Days since 1970-01-01 of a day of the Gregorian calendar; the year begins in March so that leap days come last.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read() {
        // date -u -d '…' +%s
        let dates = [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sat, 29 Feb 2020 23:59:59 GMT", 1_583_020_799),
            ("Fri, 31 Dec 2027 12:00:00 GMT", 1_830_254_400),
        ];
        for (text, seconds) in dates {
            assert_eq!(date(text), Some(seconds), "{text}");
        }
        assert_eq!(wait("120", 0), Some(120));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_770), Some(7));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_999), Some(0));
        for text in
            ["", "-1", "soon", "Sun, 06 Nov 1994", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT"]
        {
            assert_eq!(wait(text, 0), None, "{text}");
        }
    }
}
