import { ConfigError } from '#config/config.ts';
import { AlreadyRunning } from '#db/server-lock.ts';
import { DomainError } from '#kernel/errors.ts';
import { VERSION } from '#kernel/version.ts';
import { ArchiveUnusable } from '#ports/backup-archive.ts';
import { SecretUnusable } from '#ports/secret-file.ts';
import { createTranslator } from '#web/i18n.ts';
import { account } from '#cli/account.ts';
import { backup } from '#cli/backup.ts';
import { Refused, UsageError, type CliCommand } from '#cli/command.ts';
import { doctor } from '#cli/doctor.ts';
import { migrate } from '#cli/migrate.ts';
import { rebuild } from '#cli/rebuild.ts';
import { restore } from '#cli/restore.ts';

/*
 * `npm run estrade -- <command>`: what whoever has the server itself can do, with the options of the server in the
 * environment. Exit codes: 0 done, 1 not done or a fault found, 2 not understood.
 */
const commands: Record<string, CliCommand> = { account, backup, restore, migrate, rebuild, doctor };

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help') {
    console.log(help());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    console.log(VERSION);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    console.error(`There is no command "${name}".\n\n${help()}`);
    return 2;
  }
  if (args.includes('--help')) {
    console.log(helpOf(command));
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${helpOf(command)}`);
      return 2;
    }
    console.error(wordsFor(error));
    return 1;
  }
}

/** What is expected to happen is a line; anything else comes with where it happened. */
function wordsFor(error: unknown): string {
  if (error instanceof DomainError) {
    const t = createTranslator('en');
    return t.has(`error.${error.reason}`) ? t.error(error.reason, error.values) : error.message;
  }
  const isExpected = [ConfigError, Refused, AlreadyRunning, SecretUnusable, ArchiveUnusable].some(
    (kind) => error instanceof kind,
  );
  if (!(error instanceof Error)) return String(error);
  if (isExpected) return error.message;
  // The error of a query tells the query's values, and so may tell secrets; what caused it does not.
  if (error.cause instanceof Error) return wordsFor(error.cause);
  return error.stack ?? error.message;
}

function help(): string {
  return [`Estrade ${VERSION}. Commands:`, ...Object.values(commands).map(helpOf)].join('\n\n');
}

function helpOf({ usage, does }: CliCommand): string {
  return [...usage.map((line) => `  estrade ${line}`), `      ${does}`].join('\n');
}

process.exitCode = await main(process.argv.slice(2));
