//! Cuts texts into tokens, for `compare.py`: `tokenize MODEL|FOLDER [--time] < texts`, one JSON string a line in, one JSON
//! object a line out. MODEL is a SentencePiece model, FOLDER a whole tokenizer. With `--time` it says on standard error how
//! fast it was.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::time::Instant;

use mujaz::model::Directory;
use mujaz::tokenizer::Tokenizer;
use mujaz::tokenizer::sentencepiece::SentencePiece;
use serde_json::{Value, json};

/// From a text to what is compared.
type Cut = Box<dyn Fn(&str) -> mujaz::Result<Value>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, options @ ..] = &arguments[..] else {
        return Err("tokenize MODEL|FOLDER [--time] < texts".into());
    };
    let path = PathBuf::from(path);
    let lines: Result<Vec<_>, _> = std::io::stdin().lock().lines().collect();
    let texts = lines?.iter().map(|line| serde_json::from_str(line)).collect::<Result<Vec<String>, _>>()?;
    let start = Instant::now();
    let cut: Cut = if path.is_dir() {
        let tokenizer = Tokenizer::load(&Directory(path))?;
        Box::new(move |text| {
            let encoding = tokenizer.encode(text, None, None)?;
            Ok(json!({"ids": encoding.ids, "decoded": tokenizer.decode(&encoding.ids).text}))
        })
    } else {
        let model = SentencePiece::parse(&std::fs::read(path)?)?;
        if options.iter().any(|option| option == "--time") {
            let loaded = start.elapsed();
            let pieces: usize = texts.iter().map(|text| model.encode(text).iter().count()).sum();
            let (took, bytes) = (start.elapsed() - loaded, texts.iter().map(String::len).sum::<usize>());
            let speed = bytes as f64 / 1e6 / took.as_secs_f64();
            writeln!(std::io::stderr(), "{speed:.2} MB/s, {pieces} pieces in {took:.2?}, loaded in {loaded:.2?}")?;
            return Ok(());
        }
        Box::new(move |text| {
            let pieces = model.encode(text);
            let ids: Vec<u32> = pieces.iter().map(|piece| piece.id).collect();
            Ok(json!({
                "ids": ids,
                "pieces": pieces.iter().map(|piece| piece.text).collect::<Vec<_>>(),
                "spans": pieces.iter().map(|piece| [piece.span.start, piece.span.end]).collect::<Vec<_>>(),
                "decoded": model.decode(&ids).text,
            }))
        })
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for text in &texts {
        writeln!(out, "{}", cut(text)?)?;
    }
    Ok(())
}
