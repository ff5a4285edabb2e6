//! The command line: one file a command, and the options that they share.

pub(crate) mod doctor;
pub(crate) mod failure;
pub(crate) mod terminal;

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
    Doctor(doctor::Doctor),
}

/// Runs a command.
pub(crate) fn run(command: Command, terminal: &Terminal) -> Result<Outcome, Failure> {
    match command {
        Command::Doctor(doctor) => doctor.run(terminal),
    }
}
