import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { lineOf } from './source.ts';
import type { Source } from './source.ts';

export interface Import {
  line: number;
  /** As it is written. */
  specifier: string;
  /** `import type` and `export type … from`: gone when the program runs. */
  typeOnly: boolean;
  /** The file's path from the root, when it is one of ours. */
  file: string | null;
  /** The package or Node module (`node:http`, also when written `http`), when it is not ours. */
  module: string | null;
}

/** Everything a file imports, re-exports or requires, and the dynamic imports whose target cannot be read. */
export function importsOf(source: Source): { imports: Import[]; unreadableLines: number[] } {
  const imports: Import[] = [];
  for (const pattern of [STATEMENT, SIDE_EFFECT, DYNAMIC]) {
    for (const match of source.code.matchAll(pattern)) {
      imports.push(
        makeImport(source, match.index, match.index + match[0].length, match.groups?.['type'] !== undefined),
      );
    }
  }
  const unreadableLines = [...source.code.matchAll(COMPUTED)].map((match) => lineOf(source, match.index));
  return { imports: imports.toSorted((a, b) => a.line - b.line), unreadableLines };
}

/** Each ends with the quote that opens the specifier. They run over the code without the insides of its strings. */
const STATEMENT = /(?<![\w$.])(?:import|export)\s+(?<type>type\s+(?!from\s*['"]))?[\w$*{},\s]*?\bfrom\s*['"]/g;
const SIDE_EFFECT = /(?<![\w$.])import\s*['"]/g;
const DYNAMIC = /(?<![\w$.])(?:import|require|require\.resolve)\s*\(\s*['"`]/g;
const COMPUTED = /(?<![\w$.])(?:import|require)\s*\(\s*(?!['"`\s])/g;

function makeImport(source: Source, start: number, afterQuote: number, typeOnly: boolean): Import {
  const quote = source.text[afterQuote - 1] ?? "'";
  const specifier = source.text.slice(afterQuote, source.text.indexOf(quote, afterQuote));
  const file = fileOf(source.path, specifier);
  return {
    line: lineOf(source, start),
    specifier,
    typeOnly,
    file,
    module: file === null ? moduleOf(specifier) : null,
  };
}

function fileOf(from: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return posix.normalize(`src/${specifier.slice(1)}`);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return null;
}

function moduleOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return builtinModules.includes(specifier) ? `node:${specifier}` : specifier;
}
