//! The program: parse, run the command, say how it ended.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the one place that talks to a terminal")]

#[allow(dead_code, reason = "the commands land one by one")]
mod cli;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = cli::Cli::parse();
    let terminal = cli::terminal::Terminal::new(&arguments.terminal);
    terminal.stop_on_interrupt();
    match cli::run(arguments.command, &terminal) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            terminal.failure(&failure);
            failure.exit_code()
        }
    }
}
