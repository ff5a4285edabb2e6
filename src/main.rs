//! The program: parse, run the command, say how it ended.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the one place that talks to a terminal")]

mod cli;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = cli::Cli::parse();
    let terminal = cli::terminal::Terminal::new(&arguments.terminal);
    match cli::run(arguments.command, &terminal) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            terminal.failure(&failure);
            failure.exit_code()
        }
    }
}
