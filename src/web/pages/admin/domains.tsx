import { Hono } from 'hono';
import { z } from 'zod';
import { removeFiles } from '#domain/media/media-storage.ts';
import {
  domainImpact,
  findDomainPolicy,
  listDomainPolicies,
  type DomainImpact,
  type PolicyLine,
} from '#domain/moderation/domains.queries.ts';
import { purgeRemoteMedia } from '#domain/moderation/purge-remote-media.ts';
import { removeDomainPolicy, setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { readDomain } from '#domain/relationships/relationships.policy.ts';
import { restoreSeveredFollows } from '#domain/relationships/restore-severed-follows.ts';
import { invalid, notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { AdminConfirm } from '#web/components/admin-parts.tsx';
import { setFlash } from '#web/flash.ts';
import { errorsOf, field, formEntries, submit, UNTOUCHED } from '#web/forms.ts';
import { PoliciesPage, PolicyPage } from '#web/pages/admin/domain-pages.tsx';
import { frameOf } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/domains';

const schema = z.object({
  severity: z.enum(['none', 'limit', 'suspend']),
  rejectMedia: field.checkbox,
  publicComment: field.text(limits.reportCharacters),
  privateComment: field.text(limits.reportCharacters),
  sure: field.checkbox,
});

/** What this server holds of others. A policy is set on a page that says whom it concerns. */
export function adminDomainRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('domains.edit');
  const { store, commit } = deps;

  app.get(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const after = c.req.query('after') ?? null;
    const page = await listDomainPolicies(store, { after, limit: limits.listPage });
    return c.html(<PoliciesPage frame={frame} page={page} form={UNTOUCHED} />);
  });

  app.get(`${PAGE}/policy`, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const typed = c.req.query('domain') ?? '';
    const domain = readDomain(typed);
    if (domain === null) {
      const page = await listDomainPolicies(store, { after: null, limit: limits.listPage });
      const errors = errorsOf(c, [invalid('domain-malformed', 'domain')]);
      return c.html(<PoliciesPage frame={frame} page={page} form={{ typed: { domain: typed }, errors }} />, 422);
    }
    const present = await presentOf(deps, domain);
    return c.html(<PolicyPage frame={frame} domain={domain} {...present} form={UNTOUCHED} />);
  });

  app.post(`${PAGE}/policy`, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const domain = readDomain((await formEntries(c))['domain'] ?? '');
    if (domain === null) throw notFound();
    const present = await presentOf(deps, domain);
    return submit(c, {
      schema,
      page: (form) => <PolicyPage frame={frame} domain={domain} {...present} form={form} />,
      async act({ sure, ...policy }) {
        const isNew = policy.severity === 'suspend' && present.policy?.severity !== 'suspend';
        const cuts = present.impact.following + present.impact.followers > 0;
        if (isNew && cuts && !sure) throw invalid('not-sure', 'sure');
        const { actorId } = frame;
        const { followsCut, moreFollows } = await commit(setDomainPolicy, { actorId, domain, ...policy });
        if (moreFollows) await restoreFollows(deps, domain);
        if (policy.rejectMedia) await purgeMedia(deps, actorId, domain);
        const message = frame.ctx.t('domains.set', { domain, count: followsCut });
        setFlash(deps, c, { kind: 'success', message });
        return c.redirect(PAGE, 303);
      },
    });
  });

  addRemovals(app, deps);
  return app;
}

interface Present {
  policy: PolicyLine | null;
  impact: DomainImpact;
}

async function presentOf({ store }: WebDeps, domain: string): Promise<Present> {
  return { policy: await findDomainPolicy(store, domain), impact: await domainImpact(store, domain) };
}

/** What takes something away: the policy, or the copies of a server's media. */
function addRemovals(app: Hono<WebEnv>, deps: WebDeps): void {
  const guard = requirePermission('domains.edit');
  const { store, commit } = deps;

  app.get(`${PAGE}/remove`, guard, async (c) => {
    const { ctx, groups } = await frameOf(deps, c);
    const domain = readDomain(c.req.query('domain') ?? '') ?? '';
    if (!(await findDomainPolicy(store, domain))) throw notFound();
    return c.html(
      <AdminConfirm
        ctx={ctx}
        groups={groups}
        title={ctx.t('domains.remove-title', { domain })}
        effects={[ctx.t('admin-effect.policy-lifted', { domain }), ctx.t('admin-effect.policy-restores')]}
        undo={ctx.t('admin-effect.policy-undo')}
        action={`${PAGE}/remove`}
        label={ctx.t('domains.remove')}
        fields={{ domain }}
        cancel={PAGE}
      />,
    );
  });

  app.post(
    `${PAGE}/remove`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, entries }) => {
      const domain = entries['domain'] ?? '';
      const { moreFollows } = await commit(removeDomainPolicy, { actorId, domain });
      if (moreFollows) await restoreFollows(deps, readDomain(domain) ?? '');
      return { kind: 'success', message: c.get('ctx').t('domains.removed', { domain }) };
    }),
  );

  app.get(`${PAGE}/purge`, guard, async (c) => {
    const { ctx, groups } = await frameOf(deps, c);
    const domain = readDomain(c.req.query('domain') ?? '');
    if (domain === null) throw notFound();
    return c.html(
      <AdminConfirm
        ctx={ctx}
        groups={groups}
        title={ctx.t('domains.purge-title', { domain })}
        effects={[ctx.t('admin-effect.purge-copies'), ctx.t('admin-effect.purge-again')]}
        undo={ctx.t('admin-effect.purge-undo')}
        action={`${PAGE}/purge`}
        label={ctx.t('domains.purge')}
        danger
        fields={{ domain }}
        cancel={`${PAGE}/policy?domain=${encodeURIComponent(domain)}`}
      />,
    );
  });

  app.post(
    `${PAGE}/purge`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, entries }) => {
      const count = await purgeMedia(deps, actorId, entries['domain'] ?? '');
      return { kind: 'success', message: c.get('ctx').t('domains.purged', { count }) };
    }),
  );
}

/** A command gives back a limited number of follows; the rest comes back here. */
async function restoreFollows({ commit }: WebDeps, domain: string): Promise<void> {
  for (let more = true; more;) ({ more } = await commit(restoreSeveredFollows, { cause: `domain:${domain}` as const }));
}

/** Returns how many copies are gone. */
async function purgeMedia(deps: WebDeps, actorId: number, domain: string): Promise<number> {
  const stores = { uploads: deps.media.uploads, cache: deps.mediaCache.storage };
  let count = 0;
  for (let more = true; more;) {
    const gone = await deps.commit(purgeRemoteMedia, { actorId, domain });
    await removeFiles(stores, gone);
    count += gone.cache.length;
    more = gone.more;
  }
  return count;
}
