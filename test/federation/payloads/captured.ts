import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { asObject } from '#federation/translate/read.ts';

/*
 * Documents that servers of all kinds really sent. They belong to other projects and are not in the repository: they
 * lie in ESTRADE_SHARED_DATA, or in `shared/data` beside the repository.
 */
const FOLDER = resolve(
  process.env['ESTRADE_SHARED_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data'),
  'activitypub',
);

export const captured = existsSync(FOLDER) ? readCaptured() : null;

if (captured === null) {
  console.warn(`Skipped: no captured documents in ${FOLDER}. ESTRADE_SHARED_DATA names the folder above it.`);
}

function readCaptured(): Map<string, unknown> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && name !== 'manifest.json');
  return new Map(files.map((name) => [name, bodyOf(JSON.parse(readFileSync(resolve(FOLDER, name), 'utf8')))]));
}

/** Some were kept together with the headers of their answer. */
function bodyOf(document: unknown): unknown {
  const body = asObject(document)?.['response'] ? asObject(document)?.['body'] : undefined;
  if (typeof body !== 'string') return document;
  return body.startsWith('{') ? JSON.parse(body) : body;
}
