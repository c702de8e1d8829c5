import { configure, getTextFormatter, jsonLinesFormatter } from '@logtape/logtape';
import type { Config } from '#config/config.ts';

/** To standard error, as lines for people or as JSON. Never bodies, tokens, cookies or mail addresses: callers see to it. */
export async function configureLogging({ level, format }: Config['log']): Promise<void> {
  const formatter = format === 'json' ? jsonLinesFormatter : getTextFormatter();
  await configure({
    reset: true,
    sinks: {
      stderr: (record) => {
        const line = formatter(record);
        process.stderr.write(typeof line === 'string' ? line : String(line));
      },
    },
    loggers: [
      { category: ['estrade'], lowestLevel: level, sinks: ['stderr'] },
      // Fedify tells of every signature that does not hold; we do so ourselves.
      { category: ['fedify'], lowestLevel: 'error', sinks: ['stderr'] },
      { category: ['logtape', 'meta'], lowestLevel: 'warning', sinks: ['stderr'] },
    ],
  });
}
