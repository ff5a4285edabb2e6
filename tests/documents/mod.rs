//! Documents built by hand, for the tests of everything that shows them.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test binary uses a part, and may panic")]

pub mod builder;

use builder::{Builder, links};
use mujaz::article::{MarkupKind, Role};
use mujaz::brief::{Brief, Style};
use mujaz::check::Severity;
use mujaz::pipeline::Document;
use mujaz::translate::Provenance;

/// A news article with every role, several sentences in a section, markup, word links, findings and a brief.
pub fn news() -> Document {
    let mut b = Builder::new("ferry.html");
    b.section(
        Role::Headline,
        &[(
            "الأردن ومصر يتفقان على توسيع خط العبّارات بين العقبة ونويبع",
            "Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line",
        )],
    );
    b.section(
        Role::Standfirst,
        &[(
            "وزيرا النقل في البلدين يعلنان تشغيل ثلاث عبّارات جديدة قبل نهاية العام، ويتوقعان ارتفاع عدد المسافرين إلى 1.4 مليون سنوياً.",
            "The two countries' transport ministers say three new ferries will enter service before the end of the year, and expect passenger numbers to rise to 1.4 million a year.",
        )],
    );
    b.section(Role::Byline, &[("عمّان - ليلى الحوراني", "Amman – Layla al-Hourani")]);
    b.section(Role::Dateline, &[("12 تشرين الأول/أكتوبر 2026", "12 October 2026")]);
    b.section(
        Role::Caption,
        &[(
            "عبّارة ترسو في ميناء العقبة جنوبي الأردن (أرشيف)",
            "A ferry docks at the port of Aqaba in southern Jordan (archive)",
        )],
    );
    b.section(
        Role::Paragraph,
        &[
            (
                "أعلن وزير النقل الأردني سامر القضاة، اليوم الإثنين، أن عمّان والقاهرة اتفقتا على توسيع خط العبّارات الذي يربط ميناء العقبة بميناء نويبع المصري.",
                "Jordan's transport minister, Samer al-Qudah, announced on Monday that Amman and Cairo had agreed to expand the ferry line that links the port of Aqaba with the Egyptian port of Nuweiba.",
            ),
            (
                "وقال في مؤتمر صحافي إن الاتفاق يشمل ثلاث عبّارات جديدة تبلغ كلفتها 96 مليون دولار.",
                "He told a news conference that the agreement covers three new ferries at a cost of $69 million.",
            ),
        ],
    );
    b.section(
        Role::Paragraph,
        &[(
            "وأضاف أن عدد المسافرين على الخط بلغ ٨٧٤ ألفاً و٣٢٠ مسافراً في عام 2025، بزيادة نسبتها 11.5% عن العام السابق.",
            "He added that 874,320 passengers used the line in 2025, an increase of 11.5% on the previous year.",
        )],
    );
    b.section(Role::Subheading, &[("رحلتان كل يوم", "Two crossings a day")]);
    b.section(
        Role::Paragraph,
        &[(
            "وبموجب الاتفاق ترتفع الرحلات من رحلة واحدة إلى رحلتين يومياً، وتُخفَّض رسوم عبور الشاحنات بنسبة 20%.",
            "Under the agreement, crossings will rise from one to two a day, and transit fees for lorries will be cut by 20%.",
        )],
    );
    b.section(
        Role::Quote,
        &[(
            "«هذا الخط شريان يصل المشرق العربي بأفريقيا، ولن نتركه رهينة لموسم السياحة».",
            "“This line is an artery that joins the Arab East to Africa, and we will not leave it hostage to the tourist season.”",
        )],
    );
    b.section(
        Role::Paragraph,
        &[(
            "وكان تقرير نشره موقع \"Blue Corridor\" الشهر الماضي قد حذّر من أن الأرصفة الحالية لا تستوعب السفن التي يزيد طولها على 150 متراً.",
            "A report published last month by the website \"Blue Corridor\" had warned that the present berths cannot take ships longer than 150 metres.",
        )],
    );
    b.section(
        Role::ListItem,
        &[("ثلاث عبّارات جديدة سعة كل منها 1200 راكب", "Three new ferries, each carrying 1,200 passengers")],
    );
    b.section(
        Role::ListItem,
        &[("رصيف إضافي في نويبع بحلول منتصف عام 2027", "An additional berth at Nuweiba by mid-2027")],
    );
    b.section(Role::Table, &[("الشاحنات\t40 ديناراً", "Lorries\t40 dinars")]);
    b.section(
        Role::Paragraph,
        &[(
            "ولم تعلن هيئة الموانئ المصرية موعداً لبدء أعمال التوسعة.",
            "Egypt's ports authority has not announced a date for the works to begin.",
        )],
    );
    b.section(
        Role::Related,
        &[("اقرأ أيضاً: هل يعود قطار الحجاز إلى العمل؟", "Read also: Will the Hejaz Railway run again?")],
    );
    b.section(Role::Tags, &[("الأردن، مصر، النقل البحري", "Jordan, Egypt, maritime transport")]);
    b.untranslated(Role::Boilerplate, &["جميع الحقوق محفوظة"]);

    b.score((1, 1), -0.18);
    b.score((6, 2), -1.25);
    b.align((1, 1), &links("الأردن=Jordan ومصر=and ومصر=Egypt يتفقان=agree على=to توسيع=expand خط=line العبّارات=ferry العقبة=Aqaba ونويبع=Nuweiba"));
    b.align(
        (2, 1),
        &links(
            "وزيرا=ministers النقل=transport البلدين=countries' البلدين=two يعلنان=say تشغيل=service ثلاث=three عبّارات=ferries جديدة=new قبل=before نهاية=end العام،=year, ويتوقعان=expect ارتفاع=rise عدد=numbers المسافرين=passenger إلى=to 1.4=1.4 مليون=million سنوياً=year.",
        ),
    );
    b.align(
        (6, 1),
        &links(
            "أعلن=announced وزير=minister النقل=transport الأردني=Jordan's سامر=Samer القضاة=al-Qudah الإثنين=Monday أن=that عمّان=Amman والقاهرة=and والقاهرة=Cairo اتفقتا=agreed على=to توسيع=expand خط=line العبّارات=ferry الذي=that يربط=links ميناء=port العقبة=Aqaba بميناء=with بميناء=port#2 نويبع=Nuweiba المصري=Egyptian",
        ),
    );
    b.align(
        (6, 2),
        &links("وقال=He وقال=told مؤتمر=conference صحافي=news إن=that الاتفاق=agreement يشمل=covers ثلاث=three عبّارات=ferries جديدة=new تبلغ=at كلفتها=cost 96=69 مليون=million دولار=$"),
    );
    b.align((7, 1), &links("وأضاف=He وأضاف=added أن=that المسافرين=passengers الخط=line ٨٧٤=874,320 ألفاً=874,320 و٣٢٠=874,320 2025=2025 بزيادة=increase 11.5=11.5 العام=year السابق=previous"));
    b.align((11, 1), &links("تقرير=report نشره=published موقع=website Blue=Blue Corridor=Corridor الشهر=month الماضي=last حذّر=warned الأرصفة=berths الحالية=present لا=cannot تستوعب=take السفن=ships طولها=longer 150=150 متراً=metres"));

    b.markup((11, 1), "تقرير", "report", MarkupKind::Link("https://example.org/reports?id=7&lang=ar".into()));
    b.markup((11, 1), "Blue Corridor", "Blue Corridor", MarkupKind::Emphasis);
    b.markup((9, 1), "بنسبة 20%", "by 20%", MarkupKind::Strong);
    b.markup(
        (16, 1),
        "هل يعود قطار الحجاز إلى العمل؟",
        "Will the Hejaz Railway run again?",
        MarkupKind::Link("https://example.org/hejaz".into()),
    );

    b.finding(
        (6, 2),
        "numbers",
        Severity::Error,
        "The source says 96; the English says 69.",
        ("96 مليون", "$69 million"),
    );
    b.finding(
        (7, 1),
        "names",
        Severity::Info,
        "The line is called ‘the line’ in Arabic (الخط); its name stands in the headline.",
        ("الخط", "the line"),
    );
    b.finding((15, 1), "confidence", Severity::Warning, "The model was unsure of this sentence.", ("", ""));

    b.claim(&[(1, 1)]);
    b.claim(&[(2, 1)]);
    b.claim(&[(6, 1)]);
    b.claim(&[(9, 1)]);
    b.claim(&[(15, 1)]);
    b.repaired(
        "Egypt has set no date, although both countries want the new berth by mid-2027.",
        "Egypt has set no date, although both countries want the berth by mid-2072.",
        &[(13, 1), (15, 1)],
    );
    b.dropped.push("The minister resigned.".into());
    b.title = Some("الأردن ومصر يتفقان على توسيع خط العبّارات".into());
    b.published = Some("2026-10-12T14:05:00+03:00".into());
    b.notices.push("The encoding was guessed: windows-1256.".into());
    let mut document = b.build();
    document.translator = demonstration();
    document
}

/// The same in another style.
pub fn styled(style: Style) -> Document {
    let mut document = news();
    let brief = document.brief.take().unwrap();
    let claims = if style == Style::OneLine { vec![brief.claims[1].clone()] } else { brief.claims };
    document.brief = Some(Brief::new(&document, brief.method, style, claims));
    document
}

/// Text that would break out of every format if it were let: markup, terminal controls, direction overrides.
pub fn hostile() -> Document {
    let mut b = Builder::new("<img src=x onerror=alert(1)>.txt");
    b.section(
        Role::Headline,
        &[("عنوان <script>alert('س')</script> & \"نهاية\"", "# Title <script>alert('x')</script> & \"end\"")],
    );
    b.section(
        Role::Paragraph,
        &[
            (
                "نص *مائل* و`كود` و[رابط](javascript:alert(1)).",
                "Some *stars*, _lines_, `code` and [a link](javascript:alert(1)).",
            ),
            (
                "--> ]]> </style> \u{1b}[31m أحمر \u{202e}txt.exe",
                "1. --> ]]> </style></script> \u{1b}[31m red \u{202e}txt.exe\u{0} &lt; &amp;lt;",
            ),
        ],
    );
    b.section(
        Role::Quote,
        &[("> اقتباس\n# ليس عنواناً\n- ولا قائمة", "> quoted\n# no heading\n- no list\n---\n+ x\n1) y")],
    );
    b.untranslated(Role::Boilerplate, &["<iframe src=//example.org></iframe>"]);
    b.markup((2, 1), "رابط", "link", MarkupKind::Link("javascript:alert(1)".into()));
    b.markup((2, 1), "مائل", "stars", MarkupKind::Link("https://example.org/\"><script>alert(2)</script>".into()));
    b.finding((2, 1), "links", Severity::Warning, "<b>bold</b> & `code`", ("كود", "code"));
    b.claim(&[(1, 1)]);
    b.summarized("</script><script>alert(3)</script>", &[(2, 1), (2, 2)]);
    b.build()
}

/// One sentence, no brief, nothing found, a real model.
pub fn single() -> Document {
    let mut b = Builder::new("-");
    b.section(Role::Paragraph, &[("وصل الوفد إلى بيروت.", "The delegation arrived in Beirut.")]);
    b.align((1, 1), &links("وصل=arrived الوفد=delegation إلى=in بيروت=Beirut"));
    b.build()
}

/// An English article that was only summarised.
pub fn english() -> Document {
    let mut b = Builder::new("english.txt");
    b.language = "en".into();
    b.untranslated(Role::Headline, &["Ferry line to grow"]);
    b.untranslated(Role::Paragraph, &["Two ministers signed the agreement.", "Work begins in May."]);
    b.claim(&[(1, 1)]);
    b.claim(&[(2, 1)]);
    b.build()
}

/// A sentence that came out empty, in a section of several.
pub fn gaps() -> Document {
    let mut b = Builder::new("gaps.txt");
    b.section(
        Role::Paragraph,
        &[("جملة أولى.", "A first sentence."), ("جملة ثانية.", ""), ("جملة ثالثة 😀.", "A third sentence 😀.")],
    );
    b.finding(
        (1, 2),
        "completeness",
        Severity::Error,
        "Nothing came out of the translation of this sentence.",
        ("", ""),
    );
    b.retry((1, 2), "Nothing came out of the translation of this sentence.", None);
    b.retry((1, 3), "“جملة” was left in Arabic.", Some("A third جملة 😀."));
    b.finding(
        (1, 3),
        "retry",
        Severity::Info,
        "Translated again because the first translation was found wrong: “جملة” was left in Arabic.",
        ("", ""),
    );
    b.build()
}

/// All of them, with a name for messages.
pub fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("news", news()),
        ("wire", styled(Style::Wire)),
        ("one line", styled(Style::OneLine)),
        ("hostile", hostile()),
        ("single", single()),
        ("english", english()),
        ("gaps", gaps()),
    ]
}

fn demonstration() -> Provenance {
    Provenance {
        name: "demo-ar-en".into(),
        files: [("config.json".to_owned(), "0f".repeat(32)), ("model.safetensors".to_owned(), "a5".repeat(32))].into(),
        license: Some("CC-BY-4.0".into()),
        device: "cpu".into(),
        precision: "f32".into(),
        beam: 4,
        demonstration: true,
        ..Provenance::default()
    }
}
