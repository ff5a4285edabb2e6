//! Answers that are wrong by accident or by intent.

use mujaz::model::hub::Problem;

use crate::server::{self, Reply, Request, Site, item, noise, sha256};
use crate::world::{BIN, World, is};

#[test]
fn a_body_of_another_size_is_refused() {
    let longer = noise(700_010, 1);
    let cases: [fn(Vec<u8>) -> Reply; 3] = [
        |bytes| Reply::new(200, bytes),
        |bytes| Reply { unknown_length: true, ..Reply::new(200, bytes) },
        |bytes| Reply::new(200, &bytes[..1000]),
    ];
    for case in cases {
        let bytes = longer.clone();
        let world = World::with(move |request, _| is(request, BIN).then(|| case(bytes.clone())));
        let (problem, _) = world.problem();
        assert!(matches!(problem, Problem::Size { size: 700_000, .. }), "{problem}");
        assert!(!world.part(BIN).exists());
    }
    // A body whose end is the end of the connection, and that is too short.
    let world = World::with(|request, _| {
        is(request, BIN).then(|| Reply { unknown_length: true, ..Reply::new(200, &noise(700_000, 1)[..1000]) })
    });
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Cut { got: 1000, .. }), "{problem}");
    // What the hub says beside the redirect counts too.
    let world = World::with(|request, _| {
        let whole = Site::marian().file(request, BIN, &noise(700_000, 1));
        is(request, BIN).then(|| whole.with("X-Linked-Size", 7))
    });
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Size { got: 7, .. }), "{problem}");
}

#[test]
fn bytes_that_are_not_what_was_listed_are_refused() {
    let world = World::with(|request, _| is(request, BIN).then(|| Reply::new(200, noise(700_000, 77))));
    let (problem, hint) = world.problem();
    assert!(
        matches!(&problem, Problem::Digest { expected, .. } if *expected == sha256(&noise(700_000, 1))),
        "{problem}"
    );
    assert!(hint.contains("pull again"), "{hint}");
    assert!(!world.part(BIN).exists(), "a wrong part is of no use");
    let world = World::with(|request, _| is(request, "vocab.json").then(|| Reply::new(200, "{\"</s>\": 1}")));
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Digest { .. }), "{problem}");
}

#[test]
fn a_web_page_in_place_of_anything_is_recognised() {
    let page = || Reply::new(200, "<html>Sign in</html>").with("Content-Type", "text/html; charset=utf-8");
    let places: [fn(&Request) -> bool; 4] = [
        |request| is(request, BIN),
        |request| is(request, "config.json"),
        |request| request.path.contains("/revision/"),
        |request| request.path.contains("/tree/"),
    ];
    for place in places {
        let world = World::with(move |request, _| place(request).then(page));
        let (problem, hint) = world.problem();
        assert!(matches!(problem, Problem::Page { .. }), "{problem}");
        assert!(hint.contains("sign in"), "{hint}");
    }
    // Without its content type, and of the right size, the digest tells.
    let world = World::with(|request, _| {
        let mut page = b"<html>".to_vec();
        page.resize(700_000, b' ');
        is(request, BIN).then(|| Reply::new(200, page))
    });
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Digest { .. }), "{problem}");
}

#[test]
fn names_that_climb_out_of_the_cache_are_refused() {
    // In the listing they are passed over: no model needs such a file.
    let climbing = ["../../../evil", "/etc/evil", "..\\\\evil", "C:evil", "a/../../evil", "nul"];
    let world = World::with(move |request, _| {
        let mut items: Vec<_> = Site::marian().files.iter().map(|(name, bytes)| item(name, bytes)).collect();
        items.extend(climbing.iter().map(|name| item(name, b"evil")));
        request.path.contains("/tree/").then(|| Reply::new(200, format!("[{}]", items.join(","))))
    });
    world.pull().unwrap();
    world.all_right();
    // In an index they are asked for, and that is an error.
    let mut site = Site::marian();
    site.files.remove(BIN);
    let index = br#"{"weight_map": {"a": "../../../../evil.bin"}}"#.to_vec();
    site.files.insert("pytorch_model.bin.index.json".into(), index);
    let world = World::of(site, |_, _| None);
    let error = world.pull().unwrap_err();
    assert!(error.to_string().contains("cannot be a file of a model"), "{error}");
    world.nothing_wrong();
}

#[test]
fn a_listing_that_makes_no_sense_is_refused() {
    let (bin, good) = (noise(700_000, 1), Site::marian());
    let listed = |item: String| {
        let others = good.files.iter().filter(|(name, _)| *name != BIN).map(|(name, bytes)| server::item(name, bytes));
        format!("[{}]", others.chain([item]).collect::<Vec<_>>().join(","))
    };
    let item = item(BIN, &bin);
    let wrong = [
        "".into(),
        "{}".into(),
        "[{]".into(),
        "[".repeat(100_000),
        listed(item.replace("700000", "-1")),
        listed(item.replace("700000", "1e400")),
        listed(item.replace(&sha256(&bin), "../../../../evil")),
        listed(item.replace(&sha256(&bin), "")),
    ];
    for listing in wrong {
        let shown: String = listing.chars().take(300).collect();
        let world =
            World::with(move |request, _| request.path.contains("/tree/").then(|| Reply::new(200, listing.clone())));
        let (problem, _) = world.problem();
        assert!(matches!(problem, Problem::Answer(_)), "{problem}: {shown}");
    }
    for sha in ["main", "", "../../evil", "0123456789ABCDEF0123456789ABCDEF01234567"] {
        let answer = format!("{{\"sha\": \"{sha}\"}}");
        let world =
            World::with(move |request, _| request.path.contains("/revision/").then(|| Reply::new(200, answer.clone())));
        let (problem, _) = world.problem();
        assert!(matches!(problem, Problem::Answer(_)), "{problem}");
    }
}

#[test]
fn more_than_the_disk_holds_is_not_begun() {
    for size in ["18446744073709551615", "999999999999999"] {
        let listing = Site::marian().files.iter().map(|(name, bytes)| item(name, bytes)).collect::<Vec<_>>().join(",");
        let listing = format!("[{}]", listing.replace("700000", size));
        let world =
            World::with(move |request, _| request.path.contains("/tree/").then(|| Reply::new(200, listing.clone())));
        let (problem, hint) = world.problem();
        assert!(matches!(problem, Problem::Space { .. }), "{problem}");
        assert!(hint.contains("HF_HUB_CACHE"), "{hint}");
        assert!(world.server.log_of(BIN).is_empty());
    }
}

#[test]
fn a_listing_of_several_pages_is_read_to_its_end_on_the_hub_alone() {
    let pages = |next: &'static str| {
        move |request: &Request, _: usize| {
            let site = Site::marian();
            let items: Vec<_> = site.files.iter().map(|(name, bytes)| item(name, bytes)).collect();
            let page = |items: &[String]| Reply::new(200, format!("[{}]", items.join(",")));
            match request.path.split_once("/tree/")?.1 {
                rest if rest.contains("cursor=2") => Some(page(&items[6..])),
                rest if rest.contains("cursor=1") => Some(
                    page(&items[3..6]).with("Link", format!("<{}>; rel=\"next\"", request.path.replace("=1", "=2"))),
                ),
                _ => {
                    let host = format!("http://{}", request.header("host").unwrap());
                    let next = next.replace("HUB", &host).replace("PATH", &request.path);
                    Some(page(&items[..3]).with("Link", format!("<{next}>; rel=\"next\"")))
                }
            }
        }
    };
    let world = World::with(pages("HUBPATH&cursor=1"));
    world.pull().unwrap();
    world.all_right();
    assert_eq!(world.server.log_of("/tree/").len(), 3);
    let world = World::with(pages("http://evil.example/PATH&cursor=1"));
    let (problem, _) = world.problem();
    assert!(matches!(&problem, Problem::Answer(reason) if reason.contains("another host")), "{problem}");
    // One that never ends does.
    let world = World::with(pages("HUBPATH"));
    let (problem, _) = world.problem();
    assert!(matches!(&problem, Problem::Answer(reason) if reason.contains("pages")), "{problem}");
}
