//! The command line: one file a command, and the options that they share.

mod brief;
mod doctor;
mod environment;
mod eval;
pub(crate) mod failure;
mod input;
mod model;
mod models;
mod output;
mod schema;
mod size;
mod store;
pub(crate) mod terminal;
mod wording;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;
use terminal::{Terminal, TerminalOptions};

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done: exit status 0.
    Done,
    /// Done, but `--strict` was given and a finding of severity error stands: exit status 1.
    Findings,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
        }
    }
}

/// Arabic articles in, English articles and a quotable English brief out, offline.
#[derive(Debug, Parser)]
#[command(name = "mujaz", version, max_term_width = 100, propagate_version = true, subcommand_required = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) terminal: TerminalOptions,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Brief(Box<brief::Brief>),
    Translate(Box<brief::Translate>),
    Summarize(Box<brief::Summarize>),
    Eval(Box<eval::Eval>),
    Models(models::Models),
    Doctor(doctor::Doctor),
    Schema(schema::Schema),
}

/// Runs a command.
pub(crate) fn run(command: Command, terminal: &Terminal) -> Result<Outcome, Failure> {
    match command {
        Command::Brief(brief) => brief.run(terminal),
        Command::Translate(translate) => translate.run(terminal),
        Command::Summarize(summarize) => summarize.run(terminal),
        Command::Eval(eval) => eval.run(terminal),
        Command::Models(models) => models.run(terminal),
        Command::Doctor(doctor) => doctor.run(terminal),
        Command::Schema(schema) => schema.run(),
    }
}
