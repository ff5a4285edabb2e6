//! Segments texts with a SentencePiece model, for `compare.py`: `tokenize MODEL < texts`, one JSON string a line in, one JSON
//! object a line out. With `--time` it says on standard error how fast it was.

use std::io::{BufRead, Write};
use std::time::Instant;

use mujaz::tokenizer::sentencepiece::SentencePiece;
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, options @ ..] = &arguments[..] else { return Err("tokenize MODEL [--time] < texts".into()) };
    let model = SentencePiece::parse(&std::fs::read(model)?)?;
    let lines: Result<Vec<_>, _> = std::io::stdin().lock().lines().collect();
    let texts = lines?.iter().map(|line| serde_json::from_str(line)).collect::<Result<Vec<String>, _>>()?;
    if options.iter().any(|option| option == "--time") {
        let start = Instant::now();
        let pieces: usize = texts.iter().map(|text| model.encode(text).iter().count()).sum();
        let (seconds, bytes) = (start.elapsed().as_secs_f64(), texts.iter().map(String::len).sum::<usize>());
        let mut stderr = std::io::stderr().lock();
        writeln!(stderr, "{:.2} MB/s, {pieces} pieces in {seconds:.3} s", bytes as f64 / 1e6 / seconds)?;
        return Ok(());
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for text in texts {
        let pieces = model.encode(&text);
        let ids: Vec<u32> = pieces.iter().map(|piece| piece.id).collect();
        let line = json!({
            "ids": ids,
            "pieces": pieces.iter().map(|piece| piece.text).collect::<Vec<_>>(),
            "spans": pieces.iter().map(|piece| [piece.span.start, piece.span.end]).collect::<Vec<_>>(),
            "decoded": model.decode(&ids).text,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
