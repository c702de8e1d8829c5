import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { Refused } from '#cli/command.ts';

/**
 * A password from the terminal, typed twice without being shown, or from standard input, where it is the first line.
 * Neither leaves it in the list of processes or the shell's history, as an argument does.
 */
export async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    const [line = ''] = (await text(process.stdin)).split(/\r?\n/);
    if (line === '') throw new Refused('Give the password on standard input, or as --password.');
    return line;
  }
  const first = await ask('Password: ');
  if ((await ask('Once more: ')) !== first) throw new Refused('The two differ. Nothing was changed.');
  return first;
}

async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  // The terminal shows what the interface writes, so it writes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
