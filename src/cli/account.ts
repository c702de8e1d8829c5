import { parseArgs } from 'node:util';
import { findAccount } from '#domain/accounts/accounts.queries.ts';
import { readSettings } from '#domain/instance/settings.ts';
import { addMember } from '#domain/membership/add-member.ts';
import { checkPassword } from '#domain/membership/membership.policy.ts';
import { ownMembership } from '#domain/membership/membership.queries.ts';
import { ROLES, type Role } from '#domain/membership/permissions.ts';
import { resetTotp } from '#domain/membership/reset-totp.ts';
import { setPassword } from '#domain/membership/set-password.ts';
import { deleteAccounts } from '#domain/moderation/delete-accounts.ts';
import { suspendAccount } from '#domain/moderation/suspend-account.ts';
import { unsuspendAccount } from '#domain/moderation/unsuspend-account.ts';
import { restoreSeveredFollows } from '#domain/relationships/restore-severed-follows.ts';
import { makeKeys } from '#federation/keys.ts';
import { hashPassword } from '#kernel/password.ts';
import { parsed, Refused, UsageError, type CliCommand } from '#cli/command.ts';
import { withInstance, type OpenInstance } from '#cli/open-instance.ts';
import { readPassword } from '#cli/read-password.ts';

export const account: CliCommand = {
  usage: [
    'account create <name> --email <address> [--role user|moderator|admin|owner] [--password <text>]',
    'account password <name> [--password <text>]',
    'account suspend <name | name@server>',
    'account unsuspend <name | name@server>',
    'account delete <name | name@server> --yes',
    'account reset-2fa <name>',
  ],
  does: 'Looks after accounts. Without --password the password is read from standard input.',
  async run(args) {
    const { positionals, values } = parsed(() =>
      parseArgs({
        args,
        allowPositionals: true,
        options: {
          email: { type: 'string' },
          password: { type: 'string' },
          role: { type: 'string' },
          yes: { type: 'boolean' },
        },
      }),
    );
    const [verb = '', name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new UsageError('It takes what to do and one name.');
    const act = verbs[verb];
    if (!act) throw new UsageError(`There is no "account ${verb}".`);
    const unwanted = (Object.keys(values) as (keyof Given)[]).filter((option) => !act.takes.includes(option));
    if (unwanted.length > 0) throw new UsageError(`"account ${verb}" takes no --${unwanted[0]}.`);
    console.log(await act.run(name, values));
    return 0;
  },
};

interface Given {
  email?: string | undefined;
  password?: string | undefined;
  role?: string | undefined;
  yes?: boolean | undefined;
}

interface Verb {
  takes: readonly (keyof Given)[];
  /** What was done, as a line. */
  run(name: string, given: Given): Promise<string>;
}

const verbs: Record<string, Verb> = {
  create: { takes: ['email', 'password', 'role'], run: create },
  password: {
    takes: ['password'],
    async run(name, given) {
      const password = given.password ?? (await readPassword());
      return withInstance(async (instance) => {
        const { id, email } = await findMember(instance, name);
        checkPassword(password, { handle: name, email });
        await instance.commit(setPassword, { accountId: id, passwordHash: await hashPassword(password) });
        return `${name} has a new password, and every session of theirs has ended.`;
      });
    },
  },
  suspend: {
    takes: [],
    run: (name) =>
      withInstance(async (instance) => {
        await instance.commit(suspendAccount, { actorId: null, accountId: await findId(instance, name) });
        return `${name} is suspended.`;
      }),
  },
  unsuspend: { takes: [], run: unsuspend },
  delete: {
    takes: ['yes'],
    async run(name, { yes }) {
      if (!yes) throw new UsageError('Deleting cannot be undone. Say --yes if you are sure.');
      return withInstance(async (instance) => {
        await instance.commit(deleteAccounts, { actorId: null, accountIds: [await findId(instance, name)] });
        return `${name} is deleted.`;
      });
    },
  },
  'reset-2fa': {
    takes: [],
    run: (name) =>
      withInstance(async (instance) => {
        const { id } = await findMember(instance, name);
        const had = await instance.commit(resetTotp, { accountId: id });
        return had ? `${name} logs in with the password alone from now on.` : `${name} has no second factor.`;
      }),
  },
};

async function create(handle: string, { email, password: given, role = 'user' }: Given): Promise<string> {
  if (email === undefined) throw new UsageError('It needs --email.');
  if (!isRole(role)) throw new UsageError(`There is no role "${role}"; there are ${ROLES.join(', ')}.`);
  const password = given ?? (await readPassword());
  return withInstance(async ({ store, commit, sealer, site }) => {
    const { setUpAt } = await readSettings(store.read);
    if (setUpAt === null) throw new Refused('The instance is not set up yet: open the link that the server shows.');
    checkPassword(password, { handle, email });
    const [passwordHash, keys] = await Promise.all([hashPassword(password), makeKeys(sealer)]);
    await commit(addMember, { handle, email, passwordHash, role, keys });
    return `@${handle}@${site.handleDomain} is here, as ${role}.`;
  });
}

async function unsuspend(name: string): Promise<string> {
  return withInstance(async (instance) => {
    const accountId = await findId(instance, name);
    let { moreFollows } = await instance.commit(unsuspendAccount, { actorId: null, accountId });
    while (moreFollows) {
      moreFollows = (await instance.commit(restoreSeveredFollows, { cause: `account:${accountId}` })).more;
    }
    return `${name} is no longer suspended.`;
  });
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** @throws Refused for a name that is nobody's. */
async function findId({ store, site }: OpenInstance, name: string): Promise<number> {
  const [, handle = '', domain = ''] = /^@?([^@]+)(?:@([^@]+))?$/.exec(name) ?? [];
  const isHere = [site.handleDomain, site.host].includes(domain.toLowerCase());
  const found = await findAccount(store, handle, isHere ? '' : domain);
  if (found === null) throw new Refused(`There is no account ${name}.`);
  return found.id;
}

async function findMember(instance: OpenInstance, name: string): Promise<{ id: number; email: string }> {
  const id = await findId(instance, name);
  const membership = await ownMembership(instance.store.read, id);
  if (membership === null) throw new Refused(`${name} is no member of this instance.`);
  return { id, email: membership.email };
}
