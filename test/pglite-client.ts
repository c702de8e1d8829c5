import { Mutex, messages, protocol, type PGlite } from '@electric-sql/pglite';
import { drizzle, type PgliteDatabase } from 'drizzle-orm/pglite';

const { serialize } = protocol;

type Value = string | number | bigint | boolean | null | undefined;

interface Answer {
  rows: unknown[];
}

interface Statement {
  name: string;
  parameterTypes: number[];
  fields: { name: string; dataTypeID: number }[];
}

interface Asking {
  query(text: string, values?: readonly Value[], options?: { rowMode?: 'array' | 'object' }): Promise<Answer>;
}

/** Then all are forgotten: a test may write its values into the text. */
const STATEMENTS_MAX = 1000;

/**
 * Drizzle on a PGlite whose statements stay prepared. PGlite itself parses and plans each anew, in six rounds, and for
 * the options that drizzle gives it copies its table of types each time; that was most of what a short query took.
 */
export function drizzleOn(pglite: PGlite): PgliteDatabase {
  return drizzle(createClient(pglite) as unknown as PGlite);
}

function createClient(pglite: PGlite): Asking & { transaction<T>(work: (tx: Asking) => Promise<T>): Promise<T> } {
  const turn = new Mutex();
  const prepare = createPrepare(pglite);
  return {
    query: (text, values, options) => turn.runExclusive(() => run(pglite, prepare(text), values, options?.rowMode)),
    transaction: (work) =>
      turn.runExclusive(async () => {
        let isOver = false;
        const tx: Asking = {
          async query(text, values, options) {
            if (isOver) throw new Error('the transaction is over');
            return run(pglite, prepare(text), values, options?.rowMode);
          },
        };
        ask(pglite, serialize.query('begin'));
        try {
          const result = await work(tx);
          ask(pglite, serialize.query('commit'));
          return result;
        } catch (error) {
          ask(pglite, serialize.query('rollback'));
          throw error;
        } finally {
          isOver = true;
        }
      }),
  };
}

function createPrepare(pglite: PGlite): (text: string) => Statement {
  const statements = new Map<string, Statement>();
  let count = 0;
  return (text) => {
    const known = statements.get(text);
    if (known) return known;
    if (statements.size >= STATEMENTS_MAX) {
      ask(pglite, serialize.query('deallocate all'));
      statements.clear();
    }
    count += 1;
    const statement: Statement = { name: `s${count}`, parameterTypes: [], fields: [] };
    const { name } = statement;
    const answers = ask(
      pglite,
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    for (const answer of answers) {
      if (answer instanceof messages.ParameterDescriptionMessage) statement.parameterTypes = answer.dataTypeIDs;
      if (answer instanceof messages.RowDescriptionMessage) statement.fields = answer.fields;
    }
    statements.set(text, statement);
    return statement;
  };
}

function run(
  pglite: PGlite,
  { name, parameterTypes, fields }: Statement,
  values: readonly Value[] = [],
  rowMode: 'array' | 'object' = 'object',
): Answer {
  const asText = (value: Value, index: number) =>
    value === null || value === undefined
      ? null
      : (pglite.serializers[parameterTypes[index] ?? 0]?.(value) ?? String(value));
  const answers = ask(
    pglite,
    serialize.bind({ statement: name, values: values.map(asText) }),
    serialize.execute({}),
    serialize.sync(),
  );
  const rows = answers.flatMap((answer) => {
    if (!(answer instanceof messages.DataRowMessage)) return [];
    const cells = answer.fields.map((cell, column) => {
      const parse = pglite.parsers[fields[column]?.dataTypeID ?? 0];
      return cell === null || !parse ? cell : (parse(cell) as unknown);
    });
    if (rowMode === 'array') return [cells];
    return [Object.fromEntries(cells.map((cell, column) => [fields[column]?.name ?? '', cell]))];
  });
  return { rows };
}

/** What the database answers to messages of PostgreSQL's protocol. It lives in this thread, so nothing comes between. */
function ask(pglite: PGlite, ...asked: Uint8Array[]): messages.BackendMessage[] {
  const answers: messages.BackendMessage[] = [];
  const parser = new protocol.Parser();
  parser.parse(pglite.execProtocolRawSync(Buffer.concat(asked)), (answer) => void answers.push(answer));
  const failure = answers.find((answer) => answer instanceof messages.DatabaseError);
  if (failure) throw failure;
  return answers;
}
