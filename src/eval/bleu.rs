//! BLEU (Papineni et al. 2002) with the 13a tokenizer of WMT and exponential smoothing, as sacrebleu has it by default.

use super::ngrams::{matches, ngrams};
use super::{Metric, words};

pub(super) const METRIC: Metric = Metric {
    name: "BLEU",
    signature: "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp",
    higher_is_better: true,
    count,
    score,
};

const ORDER: usize = 4;

/// Length of the hypothesis, of the reference, then matches and totals for each order.
fn count(hypothesis: &str, reference: &str) -> Vec<u64> {
    let (hypothesis, reference) = (tokenize(hypothesis.trim_end()), tokenize(reference.trim_end()));
    let (hypothesis, reference): (Vec<_>, Vec<_>) = (words(&hypothesis).collect(), words(&reference).collect());
    let mut counts = vec![0; 2 + 2 * ORDER];
    counts[0] = hypothesis.len() as u64;
    counts[1] = reference.len() as u64;
    for n in 1..=ORDER {
        counts[1 + n] = matches(&ngrams(&hypothesis, n), &ngrams(&reference, n));
        counts[1 + ORDER + n] = (hypothesis.len() + 1).saturating_sub(n) as u64;
    }
    counts
}

fn score(counts: &[u64]) -> f64 {
    let (hypothesis, reference) = (counts[0] as f64, counts[1] as f64);
    let (correct, total) = counts[2..].split_at(ORDER);
    if correct.iter().all(|&matches| matches == 0) {
        return 0.0;
    }
    let mut smoothing = 1.0;
    let mut logs = 0.0;
    for (&correct, &total) in correct.iter().zip(total) {
        if total == 0 {
            // No n-gram of this order at all: the geometric mean has a zero in it.
            return 0.0;
        }
        let precision = if correct == 0 {
            smoothing *= 2.0;
            100.0 / (smoothing * total as f64)
        } else {
            100.0 * correct as f64 / total as f64
        };
        logs += precision.ln();
    }
    let brevity = if hypothesis < reference { (1.0 - reference / hypothesis).exp() } else { 1.0 };
    brevity * (logs / ORDER as f64).exp()
}

/// The tokens of `mteval-v13a`, set apart by spaces.
fn tokenize(text: &str) -> String {
    let text = text.replace("<skipped>", "").replace("-\n", "").replace('\n', " ");
    let text = text.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let mut spaced = String::with_capacity(text.len() + 16);
    for c in format!(" {text} ").chars() {
        if matches!(c, '{'..='~' | '['..='`' | ' '..='&' | '('..='+' | ':'..='@' | '/') {
            spaced.extend([' ', c, ' ']);
        } else {
            spaced.push(c);
        }
    }
    let point = |c: char| matches!(c, '.' | ',');
    let other = |c: char| !c.is_ascii_digit();
    let spaced = pairs(&spaced, other, point, |a, b| [a, ' ', b, ' ']);
    let spaced = pairs(&spaced, point, other, |a, b| [' ', a, ' ', b]);
    pairs(&spaced, |c| c.is_ascii_digit(), |c| c == '-', |a, b| [a, ' ', b, ' '])
}

/// Replaces pairs of characters that pass the two tests, from the left and without overlap.
fn pairs(
    text: &str,
    first: impl Fn(char) -> bool,
    second: impl Fn(char) -> bool,
    replace: impl Fn(char, char) -> [char; 4],
) -> String {
    let mut result = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match rest.next_if(|&next| first(c) && second(next)) {
            Some(next) => result.extend(replace(c, next)),
            None => result.push(c),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_13a() {
        let tokens = |text| words(&tokenize(text)).map(str::to_owned).collect::<Vec<_>>().join(" ");
        assert_eq!(tokens("He paid $1,234.50, i.e. 5-6%."), "He paid $ 1,234.50 , i . e . 5 - 6 % .");
        assert_eq!(tokens("\"Don't\" &quot;x&quot;"), "\" Don't \" \" x \"");
    }
}
