import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test.each(['docker/Dockerfile', 'docs/admins/install.md'])(
  '%s starts the server with the flags of `npm start`',
  (path) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: { start: string } };
    const flags = scripts.start.match(/--\S+/g)?.join(' ') ?? 'none';
    expect(read(path)).toContain(flags);
  },
);
