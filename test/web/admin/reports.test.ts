import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportAccount } from '#domain/moderation/report-account.ts';
import { countOpenReports, findReport } from '#domain/moderation/reports.queries.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import { addMember } from '../../members.ts';
import type { Browser } from '../browser.ts';
import { openStaffedSite, type StaffedSite } from './staff.ts';

let site: StaffedSite;
let browser: Browser;
let rude: number;

beforeEach(async () => {
  site = await openStaffedSite();
  browser = await site.as('moderator');
  rude = await addMember(site.world, 'rude');
});

afterEach(() => site.close());

async function report(comment: string, options: { reporterId?: number; targetId?: number; postIds?: number[] } = {}) {
  const { reporterId = site.ids.user, targetId = rude, postIds = [] } = options;
  return site.world.commit(reportAccount, { reporterId, targetId, postIds, comment, forward: false });
}

async function post(text: string): Promise<number> {
  return site.world.commit(publishPost, {
    authorId: rude,
    text,
    warning: null,
    sensitive: false,
    language: null,
    visibility: 'followers',
    replyToId: null,
    mediaIds: [],
    poll: null,
  });
}

describe('reports', () => {
  test('wait in a list, with a number beside its name, until somebody resolves them', async () => {
    const id = await report('He shouts <b>all</b> day');
    await browser.get('/admin/reports');
    expect(browser.page?.words).toContain('He shouts <b>all</b> day');
    expect(browser.page?.words).toContain('By @the_user');
    expect(browser.page?.text).toContain('<span class="unread">');

    await browser.get(`/admin/reports/${id}`);
    await browser.submit(`/admin/reports/${id}/resolve`);
    expect(browser.page).toMatchObject({ status: 303, location: `/admin/reports/${id}` });
    await browser.follow();
    expect(browser.page?.words).toContain('The report is resolved.');
    expect(browser.page?.words).toContain('Resolved by @the_moderator');
    expect(await countOpenReports(site.world.store)).toBe(0);
    expect((await browser.get('/admin/reports')).words).toContain('No open reports');
    expect((await browser.get('/admin/reports?state=resolved')).words).toContain('He shouts');
  });

  test('that were resolved by mistake are opened again from the message that says so', async () => {
    const id = await report('Again and again');
    await browser.get(`/admin/reports/${id}`);
    await browser.submit(`/admin/reports/${id}/resolve`);
    await browser.follow();
    await browser.submit(`/admin/reports/${id}/reopen`);
    expect(await countOpenReports(site.world.store)).toBe(1);
    expect((await site.audited()).map(({ action }) => action)).toEqual(['report-resolved', 'report-reopened']);
  });

  test('show the posts that came with them, whoever else may see those, and say which are gone', async () => {
    const kept = await report('');
    const [first, second] = [await post('One nasty thing'), await post('Another nasty thing')];
    await site.world.store.write((tx) =>
      tx.hot('update reports set post_ids = $1 where id = $2', JSON.stringify([first, second, 12345]), kept),
    );
    await browser.get(`/admin/reports/${kept}`);
    expect(browser.page?.words).toContain('One nasty thing');
    expect(browser.page?.words).toContain('Another nasty thing');
    expect(browser.page?.words).toContain('One of them is no longer there.');
    expect(browser.page?.words).toContain('Nothing was written.');
  });

  test('lead to what can be done to the account, and back to the report', async () => {
    const id = await report('Spam');
    await browser.get(`/admin/reports/${id}`);
    const link = /href="(\/admin\/accounts\/\d+\/suspend[^"]*)"/.exec(browser.page?.text ?? '')?.[1] ?? '';
    await browser.get(link.replaceAll('&amp;', '&'));
    await browser.submit(`/admin/accounts/${rude}/suspend`);
    expect(browser.page?.location).toBe(`/admin/reports/${id}`);
    await browser.follow();
    expect(browser.page?.words).toContain('@rude is suspended.');
    expect((await findReport(site.world.store, id))?.target.suspended).toBe(true);
  });

  test('on oneself are somebody else’s: neither what was said nor who said it is shown', async () => {
    const id = await report('The moderator is unfair', { targetId: site.ids.moderator });
    expect((await browser.get('/admin/reports')).words).not.toContain('unfair');
    const page = await browser.get(`/admin/reports/${id}`);
    expect(page.status).toBe(403);
    expect(page.words).toContain('This report is about you.');
    expect(page.words).not.toContain('unfair');
    expect((await browser.get(`/admin/accounts/${site.ids.moderator}`)).words).not.toContain('unfair');
    const other = await site.as('admin');
    expect((await other.get(`/admin/reports/${id}`)).words).toContain('unfair');
  });

  test('that are not there have no page', async () => {
    for (const path of ['/admin/reports/1', '/admin/reports/x', '/admin/reports/99999999999999999999']) {
      expect((await browser.get(path)).status).toBe(404);
    }
  });
});
