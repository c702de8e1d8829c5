import { createTransport } from 'nodemailer';
import type { Config } from '#config/config.ts';
import { SECOND_MS } from '#kernel/clock.ts';

/** Connects to the mail server and logs in, and sends nothing. Null when that works, else what it says. */
export async function mailFault({ url }: NonNullable<Config['mail']>): Promise<string | null> {
  const patience = {
    connectionTimeout: 10 * SECOND_MS,
    greetingTimeout: 10 * SECOND_MS,
    socketTimeout: 10 * SECOND_MS,
  };
  const transport = createTransport({ url, ...patience });
  try {
    await transport.verify();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    transport.close();
  }
}
