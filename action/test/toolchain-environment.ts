const NAMES = ['PATH', 'HOME', 'RUSTUP_HOME', 'CARGO_HOME'];

/** What toolchains need of this process's environment, for a child that is to have no more of it. */
export function toolchainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    NAMES.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])),
  );
}
