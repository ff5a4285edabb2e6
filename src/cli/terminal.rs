//! What the user sees beside the product: progress, notices and errors, all on standard error.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use mujaz::Error;
use mujaz::progress::{Event, Progress};

use super::failure::Failure;

/// Options of every command about what is shown.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Terminal")]
pub(crate) struct TerminalOptions {
    /// Show errors only: no progress and no notices
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more about what is being done
    #[arg(short, long, global = true)]
    verbose: bool,
    /// When to use colour; auto looks at the terminal and at NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: When,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

/// Standard error as the user wants it, and the word that the user wants to stop.
pub(crate) struct Terminal {
    quiet: bool,
    verbose: bool,
    when: When,
    color: bool,
    bars: MultiProgress,
    running: Mutex<BTreeMap<String, ProgressBar>>,
    interrupted: Arc<AtomicBool>,
}

impl Terminal {
    /// As the options say.
    pub(crate) fn new(options: &TerminalOptions) -> Self {
        let on_terminal = std::io::stderr().is_terminal();
        let target = if options.quiet || !on_terminal {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(10)
        };
        Self {
            quiet: options.quiet,
            verbose: options.verbose,
            when: options.color,
            color: wanted(options.color, on_terminal),
            bars: MultiProgress::with_draw_target(target),
            running: Mutex::default(),
            interrupted: Arc::default(),
        }
    }

    /// Makes the first Ctrl-C ask for an orderly stop; the second one ends the process at once.
    pub(crate) fn stop_on_interrupt(&self) {
        let interrupted = Arc::clone(&self.interrupted);
        // Without a handler Ctrl-C still works, only less tidily, so a failure to install one is no reason to stop.
        let _ = ctrlc::set_handler(move || {
            if interrupted.swap(true, Ordering::SeqCst) {
                #[allow(clippy::exit, reason = "the user insists")]
                std::process::exit(130);
            }
        });
    }

    /// Whether standard output is to be coloured.
    pub(crate) fn colors_stdout(&self) -> bool {
        wanted(self.when, std::io::stdout().is_terminal())
    }

    /// Something that only a user who asked for more wants to know.
    pub(crate) fn detail(&self, text: &str) {
        if self.verbose {
            self.notice(text);
        }
    }

    /// Something the user should know.
    pub(crate) fn notice(&self, text: &str) {
        if !self.quiet {
            self.line("note", AnsiColor::Cyan, text);
        }
    }

    /// An error, its causes and its hint, as the end of a command.
    pub(crate) fn failure(&self, failure: &Failure) {
        match failure {
            Failure::Error(error) => self.error(error),
            Failure::Interrupted => self.line("error", AnsiColor::Red, "interrupted; nothing half-written was left"),
            Failure::Shown(count) => {
                let inputs = if *count == 1 { "1 input was".into() } else { format!("{count} inputs were") };
                self.line("error", AnsiColor::Red, &format!("{inputs} passed over, see above"));
            }
            Failure::ClosedPipe => {}
        }
    }

    /// An error, its causes and its hint.
    pub(crate) fn error(&self, error: &Error) {
        self.line("error", AnsiColor::Red, &error.to_string());
        let mut cause = error.source();
        while let Some(error) = cause {
            self.line("  caused by", AnsiColor::Red, &error.to_string());
            cause = error.source();
        }
        if let Some(hint) = error.hint() {
            self.line("hint", AnsiColor::Green, &hint);
        }
    }

    fn line(&self, label: &str, color: AnsiColor, text: &str) {
        let style = if self.color { Style::new().bold().fg_color(Some(color.into())) } else { Style::new() };
        self.bars.suspend(|| eprintln!("{style}{label}:{style:#} {text}"));
    }

    fn bar(&self, stage: &str, name: &str, total: Option<u64>) -> ProgressBar {
        let bar = match total {
            Some(total) if BYTES.contains(&stage) => ProgressBar::new(total).with_style(style(
                "{msg} {bar:24} {decimal_bytes:>9} of {decimal_total_bytes:9} {decimal_bytes_per_sec:>12} {eta:>4}",
            )),
            Some(total) => ProgressBar::new(total).with_style(style("{msg} {bar:24} {pos}/{len} {eta:>4}")),
            None => ProgressBar::new_spinner().with_style(style("{msg} {spinner} {pos}")),
        };
        self.bars.add(bar.with_message(format!("{stage} {name}")))
    }
}

/// Stages whose units are bytes.
const BYTES: &[&str] = &["pulling", "verifying", "exporting", "importing"];

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates above are valid")
}

fn wanted(when: When, on_terminal: bool) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => on_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}

impl Progress for Terminal {
    fn on(&self, event: Event) {
        let mut running = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match event {
            Event::Start { stage, name, total } => {
                let bar = self.bar(stage, &name, total);
                if let Some(old) = running.insert(name, bar) {
                    old.finish_and_clear();
                }
            }
            Event::Advance { name, done } => {
                if let Some(bar) = running.get(&name) {
                    let begins = bar.position() == 0;
                    bar.set_position(done);
                    if begins {
                        // What was there before says nothing of how fast the rest comes.
                        bar.reset_eta();
                    }
                }
            }
            Event::Finish { name } => {
                if let Some(bar) = running.remove(&name) {
                    bar.finish_and_clear();
                }
            }
            Event::Notice(text) => {
                drop(running);
                self.notice(&text);
            }
            _ => {}
        }
    }

    fn cancelled(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }
}
