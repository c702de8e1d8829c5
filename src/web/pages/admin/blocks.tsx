import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { blockAddress, unblockAddress } from '#domain/moderation/block-address.ts';
import { blockEmailDomain, unblockEmailDomain } from '#domain/moderation/block-email-domain.ts';
import {
  listAddressBlocks,
  listEmailDomainBlocks,
  type AddressBlock,
  type EmailDomainBlock,
} from '#domain/moderation/blocks.queries.ts';
import type { NamePage } from '#domain/moderation/domains.queries.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { isInNetwork, parseAddress } from '#kernel/networks.ts';
import type { Page } from '#kernel/page.ts';
import { setFlash } from '#web/flash.ts';
import { field, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { ADDRESS_DAYS, BlocksPage, EMAIL_DAYS } from '#web/pages/admin/block-pages.tsx';
import { frameOf } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/blocks';

const daysOf = (choices: readonly number[]) =>
  z.coerce.number().pipe(z.number().refine((days) => choices.includes(days)));

const addressSchema = z.object({
  cidr: field.required(100),
  days: daysOf(ADDRESS_DAYS),
  comment: field.text(limits.reportCharacters),
});

const emailSchema = z.object({
  domain: field.required(limits.emailCharacters),
  emailDays: daysOf(EMAIL_DAYS),
  emailComment: field.text(limits.reportCharacters),
});

export interface Blocks {
  addresses: Page<AddressBlock>;
  emailDomains: NamePage<EmailDomainBlock>;
}

/** Networks that may not sign up or log in, and mail providers whose addresses are not taken. */
export function adminBlockRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('blocks.edit');
  const { commit, clock } = deps;

  const draw = async (c: Context<WebEnv>) => {
    const [frame, blocks] = [await frameOf(deps, c), await presentBlocks(deps, c)];
    return (address: FormState, email: FormState) => (
      <BlocksPage frame={frame} blocks={blocks} address={address} email={email} />
    );
  };

  app.get(PAGE, guard, async (c) => c.html((await draw(c))(UNTOUCHED, UNTOUCHED)));

  app.post(`${PAGE}/addresses`, guard, async (c) => {
    const [page, { actorId, ctx }] = [await draw(c), await frameOf(deps, c)];
    return submit(c, {
      schema: addressSchema,
      page: (form) => page(form, UNTOUCHED),
      async act({ cidr, days, comment }) {
        const own = parseAddress(c.get('address') ?? '');
        if (own && isInNetwork(own, cidr)) throw invalid('block-own-network', 'cidr');
        const expiresAt = clock.now() + days * DAY_MS;
        await commit(blockAddress, { actorId, cidr, comment, expiresAt });
        setFlash(deps, c, { kind: 'success', message: ctx.t('blocks.added') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.post(
    `${PAGE}/addresses/:id{[0-9]+}/remove`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      await commit(unblockAddress, { actorId, blockId: id });
      return { kind: 'success', message: c.get('ctx').t('blocks.removed') };
    }),
  );

  app.post(`${PAGE}/email-domains`, guard, async (c) => {
    const [page, { actorId, ctx }] = [await draw(c), await frameOf(deps, c)];
    return submit(c, {
      schema: emailSchema,
      page: (form) => page(UNTOUCHED, form),
      async act({ domain, emailDays, emailComment }) {
        const expiresAt = emailDays === 0 ? null : clock.now() + emailDays * DAY_MS;
        await commit(blockEmailDomain, { actorId, domain, comment: emailComment, expiresAt });
        setFlash(deps, c, { kind: 'success', message: ctx.t('blocks.added') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.post(
    `${PAGE}/email-domains/remove`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, entries }) => {
      await commit(unblockEmailDomain, { actorId, domain: entries['domain'] ?? '' });
      return { kind: 'success', message: c.get('ctx').t('blocks.removed') };
    }),
  );

  return app;
}

async function presentBlocks({ store, clock }: WebDeps, c: Context<WebEnv>): Promise<Blocks> {
  const after = c.req.query('after') ?? null;
  return {
    addresses: await listAddressBlocks(store, pageRequestOf(c, limits.listPage), clock.now()),
    emailDomains: await listEmailDomainBlocks(store, { after, limit: limits.listPage }, clock.now()),
  };
}
