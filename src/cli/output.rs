//! Where the product goes: standard output, a file, or a folder; whole or not at all.

use std::fs::{File, OpenOptions, Permissions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;
use mujaz::pipeline::Document;
use mujaz::render::{self, Format};
use mujaz::{Error, Result};
use tempfile::NamedTempFile;

use super::failure::{Failure, wrote};
use super::terminal::Terminal;

/// Options about what is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputOptions {
    /// Format of the output; without it the extension of -o decides, else text
    #[arg(short, long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(render::FORMATS.iter().map(|f| f.name)))]
    format: Option<String>,
    /// Write to this file, or into this folder (with several inputs, or where the path ends in /)
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// End with exit status 1 if a finding of severity error stands
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Where the documents of a call go, one sink for each input, all opened before the work begins.
pub(crate) struct Output {
    format: &'static Format,
    sinks: Vec<Sink>,
    /// Whether several documents share standard output.
    joined: bool,
    written: usize,
}

enum Sink {
    Stdout,
    /// Beside its destination until it is whole.
    File {
        temporary: NamedTempFile,
        path: PathBuf,
    },
    /// A device or a named pipe, which cannot be replaced.
    Special {
        file: File,
        path: PathBuf,
    },
}

impl OutputOptions {
    /// Opens the output for inputs of these names.
    pub(crate) fn open(&self, inputs: &[PathBuf]) -> Result<Output> {
        let format = self.format()?;
        let several = inputs.len() > 1;
        let sinks = match &self.output {
            None if several && format.name == "html" => {
                return Err(Error::Option {
                    what: "--format",
                    value: format.name.into(),
                    reason: "several pages do not fit on standard output; name a folder with -o DIR/".into(),
                });
            }
            None => inputs.iter().map(|_| Sink::Stdout).collect(),
            Some(path) if several || is_folder(path) => files_in(path, inputs, format)?,
            Some(path) => vec![Sink::file(path, inputs)?],
        };
        Ok(Output { format, joined: several && self.output.is_none(), sinks, written: 0 })
    }

    fn format(&self) -> Result<&'static Format> {
        let extension = self.output.as_ref().and_then(|path| path.extension()?.to_str());
        let found = match (&self.format, extension) {
            (Some(name), _) => Format::from_name(name),
            (None, Some(extension)) => Format::from_extension(extension),
            (None, None) => None,
        };
        Ok(found.unwrap_or(&render::FORMATS[0]))
    }
}

impl Output {
    /// Renders a document and writes it to the sink of the input at `index`.
    pub(crate) fn write(&mut self, index: usize, document: &Document, terminal: &Terminal) -> Result<(), Failure> {
        let to_stdout = matches!(self.sinks[index], Sink::Stdout);
        let options = render::Options {
            color: to_stdout && terminal.colors_stdout(),
            width: to_stdout.then(terminal_width).flatten(),
            ..render::Options::default()
        };
        let text = (self.format.render)(document, &options);
        let bytes = text.as_bytes();
        let sink = std::mem::replace(&mut self.sinks[index], Sink::Stdout);
        match sink {
            Sink::Stdout => {
                let mut out = std::io::stdout().lock();
                if self.joined && self.written > 0 && self.format.name != "json" {
                    out.write_all(b"\n").map_err(wrote)?;
                }
                out.write_all(bytes).and_then(|()| out.flush()).map_err(wrote)?;
            }
            Sink::File { mut temporary, path } => {
                let file = temporary.as_file_mut();
                file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::io("write", &path))?;
                temporary.persist(&path).map_err(|error| Error::io("create", &path)(error.error))?;
            }
            Sink::Special { mut file, path } => {
                file.write_all(bytes).and_then(|()| file.flush()).map_err(Error::io("write", &path))?;
            }
        }
        self.written += 1;
        Ok(())
    }
}

/// Writes a file that is whole or not there; one that exists keeps its place until then, and a link stays a link.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let write =
        |mut file: &File| file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::io("write", path));
    match Sink::file(path, &[])? {
        Sink::File { temporary, path } => {
            write(temporary.as_file())?;
            temporary.persist(&path).map_err(|error| Error::io("create", &path)(error.error))?;
            Ok(())
        }
        Sink::Special { mut file, path } => file.write_all(bytes).map_err(Error::io("write", &path)),
        Sink::Stdout => Ok(()),
    }
}

/// Fails early if [`write_whole`] could not write there later.
pub(super) fn see_writable(path: &Path) -> Result<()> {
    Sink::file(path, &[]).map(|_| ())
}

impl Sink {
    fn file(path: &Path, inputs: &[PathBuf]) -> Result<Self> {
        // What is not a plain file is written through, never replaced by one.
        let exists = std::fs::metadata(path);
        if exists.as_ref().is_ok_and(|metadata| !metadata.is_file()) {
            let file = OpenOptions::new().write(true).open(path).map_err(Error::io("write", path))?;
            return Ok(Self::Special { file, path: path.into() });
        }
        // Through a symbolic link, so that the link stays.
        let path = if exists.is_ok() {
            std::fs::canonicalize(path).map_err(Error::io("write", path))?
        } else {
            path.to_path_buf()
        };
        if inputs.iter().any(|input| std::fs::canonicalize(input).is_ok_and(|input| input == path)) {
            let reason = "that is the article itself; name another file".into();
            return Err(Error::Option { what: "--output", value: path.display().to_string(), reason });
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let temporary = builder().tempfile_in(folder).map_err(Error::io("create", &path))?;
        Ok(Self::File { temporary, path })
    }
}

/// Temporary files with the permissions that any new file of the user gets.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mujaz-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(Permissions::from_mode(0o666));
    }
    builder
}

fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(std::path::MAIN_SEPARATOR)
}

/// One file in `folder` for each input, named after it.
fn files_in(folder: &Path, inputs: &[PathBuf], format: &Format) -> Result<Vec<Sink>> {
    std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let mut taken = std::collections::BTreeSet::new();
    inputs
        .iter()
        .map(|input| {
            let stem = input.file_stem().filter(|stem| *stem != "-").unwrap_or("stdin".as_ref());
            let extension = format.extensions.first().copied().unwrap_or(format.name);
            // Two inputs of one name from two folders: the second one counts.
            let mut name = format!("{}.{extension}", stem.to_string_lossy());
            let mut count = 2;
            while !taken.insert(name.clone()) {
                name = format!("{}-{count}.{extension}", stem.to_string_lossy());
                count += 1;
            }
            Sink::file(&folder.join(name), inputs)
        })
        .collect()
}

fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}
