/** One command of the command line. */
export interface CliCommand {
  /** One line a form, without the program's name. */
  usage: readonly string[];
  /** What it does, as a sentence. */
  does: string;
  /** The exit code: 0 when all went well, 1 otherwise. @throws UsageError, or whatever stands in the way. */
  run(args: string[]): Promise<number>;
}

/** The command was not understood; nothing was done. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** It cannot be done as things are; the message says why and what would help. */
export class Refused extends Error {
  override name = 'Refused';
}

/** What `parseArgs` throws for options that do not exist becomes a `UsageError`. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code?.startsWith('ERR_PARSE_ARGS')) throw new UsageError(message);
    throw error;
  }
}
