//! Parse, dispatch, exit code: nothing else.

fn main() -> std::process::ExitCode {
    tastemaker::commands::main()
}
