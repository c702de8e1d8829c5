import type { Config } from '#config/config.ts';
import { mailFault } from '#ports/mail-fault.ts';
import { fault, ok, warning, type Finding } from '#cli/doctor/finding.ts';

/** Whether mail can be sent; nothing is sent. */
export async function* checkMail({ mail }: Config): AsyncGenerator<Finding> {
  if (mail === null) {
    yield warning('no mail: nobody can confirm an address or reset a password (SMTP_URL)');
    return;
  }
  const found = await mailFault(mail);
  yield found === null ? ok('the mail server lets us in') : fault(`the mail server cannot be used: ${found}`);
}
