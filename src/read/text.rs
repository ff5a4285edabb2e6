//! Plain text: the text as it is, a block for each line, or for each paragraph if the lines were wrapped.

use super::lines::{Line, ends_line, lines, wrap_width};
use super::roles::{Draft, assign};
use super::tables::Tables;
use crate::article::{Block, Outline, Span};

pub(super) fn read(mut text: String, tables: &Tables) -> Outline {
    let mut found = lines(&text);
    let mut notices = Vec::new();
    if let Some(width) = wrap_width(&text, &found) {
        found = unwrap(&mut text, &found);
        notices.push(format!("the lines are wrapped at {width} characters: read as paragraphs"));
    }
    let drafts: Vec<Draft> = found.iter().map(Draft::from).collect();
    let roles = assign(&text, &drafts, tables);
    let blocks =
        drafts.iter().zip(roles).map(|(draft, role)| Block { role, span: draft.span, markup: Vec::new() }).collect();
    Outline { text, blocks, notices, ..Outline::default() }
}

/// Makes one line of each paragraph. Line ends inside become spaces of the same length, so that offsets stay.
fn unwrap(text: &mut String, wrapped: &[Line]) -> Vec<Line> {
    let mut paragraphs: Vec<Line> = Vec::new();
    for line in wrapped {
        match paragraphs.last_mut() {
            Some(last) if !line.gap => {
                last.span.end = line.span.end;
                last.chars += 1 + line.chars;
            }
            _ => paragraphs.push(*line),
        }
    }
    let mut joined = String::with_capacity(text.len());
    let mut end = 0;
    for paragraph in &paragraphs {
        joined.push_str(&text[end..paragraph.span.start]);
        for c in paragraph.span.of(text).chars() {
            if ends_line(c) {
                joined.extend(std::iter::repeat_n(' ', c.len_utf8()));
            } else {
                joined.push(c);
            }
        }
        end = paragraph.span.end;
    }
    joined.push_str(&text[end..]);
    *text = joined;
    paragraphs
}

impl From<&Line> for Draft {
    fn from(line: &Line) -> Self {
        Self { span: Span::new(line.span.start, line.span.end), gap: line.gap, chars: line.chars, role: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Role;

    fn roles(text: &str) -> Vec<Role> {
        read(text.to_owned(), Tables::bundled()).blocks.into_iter().map(|block| block.role).collect()
    }

    #[test]
    fn wrapped_lines_become_paragraphs_and_keep_their_offsets() {
        let paragraph = "أعلنت وزارة النقل في بيان لها اليوم أن خط القطار\nالجديد بين المدينتين سيبدأ العمل مطلع الشهر المقبل،\nوأن قيمة التذكرة ستحدد لاحقا بالتنسيق مع البلديات\nالمعنية وشركات التشغيل.";
        let text = format!("القطار ينطلق\n\n{paragraph}\n\n{paragraph}\r\n\r\n{}", paragraph.replace('\n', "\r\n"));
        let outline = read(text.clone(), Tables::bundled());
        assert_eq!(outline.text.len(), text.len());
        assert_eq!(outline.blocks.len(), 4, "{:?}", outline.blocks);
        assert!(!outline.blocks[3].span.of(&outline.text).contains(['\n', '\r']));
        assert_eq!(outline.notices.len(), 1);
    }

    #[test]
    fn sentences_that_differ_in_a_word_or_a_number_are_no_captions() {
        let gold = [(24, 3850), (21, 3370), (18, 2890)].map(|(carat, pounds)| {
            format!("وسجل سعر غرام الذهب من عيار {carat} في السوق المحلية صباح اليوم نحو {pounds} جنيهاً.")
        });
        let snow = ["إربد", "جرش", "الكرك"]
            .map(|city| format!("وأغلقت مديرية الأشغال الطرق المؤدية إلى مدينة {city} صباح اليوم بسبب تراكم الثلوج."));
        for lines in [gold, snow] {
            let text = format!("أخبار اليوم في سطور قليلة\n\n{}\n", lines.join("\n\n"));
            assert_eq!(roles(&text)[1..], [Role::Paragraph; 3], "{text}");
        }
    }

    #[test]
    fn lines_that_are_paragraphs_stay() {
        assert_eq!(roles("عنوان الخبر\nفقرة أولى.\nفقرة ثانية.\n"), [Role::Headline, Role::Paragraph, Role::Paragraph]);
    }
}
