import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GROUPS, options } from '#config/options.ts';
import type { Option } from '#config/options.ts';

/** From the repository's root. */
export const CONFIGURATION_PAGE = 'docs/admins/configuration.md';

/** The admins' page on configuration, as it is to be committed. */
export function configurationPage(): string {
  const groups = GROUPS.flatMap((group) => [`## ${group}`, ...entries(group)]);
  return `${[INTRODUCTION, ...groups].join('\n\n')}\n`;
}

const INTRODUCTION = `# Configuration

<!-- Made by \`npm run docs:configuration\` from src/config/options.ts; change it there. -->

The server is configured by environment variables. None is required to try it out; for a real instance set \`ORIGIN\`,
and behind a reverse proxy \`TRUSTED_PROXIES\`. Everything else that an instance decides (its name, rules, who may join,
limits, fees, theme) is set in the administration pages and kept in the database.

An empty value counts as none. A value that cannot be used keeps the server from starting, and it says which and why.
Options marked *secret* are never printed.`;

function entries(group: Option['group']): string[] {
  return Object.entries(options)
    .filter(([, option]) => option.group === group)
    .map(([name, option]) => entry(name, option));
}

function entry(name: string, option: Option): string {
  return [
    `### ${name}${option.secret ? ' *(secret)*' : ''}`,
    option.means,
    `- Default: ${defaultInWords(option)}\n- Example: ${option.example.startsWith('(') ? option.example : `\`${option.example}\``}`,
  ].join('\n\n');
}

function defaultInWords(option: Option): string {
  if (option.default === null) return option.otherwise ?? 'none';
  return option.default === '' ? 'none' : `\`${option.default}\``;
}

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, '..', CONFIGURATION_PAGE), configurationPage());
}
