import type { AccountView } from '#domain/accounts/account-view.ts';
import { accountViews, type Reader } from '#domain/accounts/accounts.queries.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { postViews } from '#domain/posts/posts.queries.ts';
import type { HotValue } from '#db/store.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

export interface ReportFilter {
  resolved?: boolean;
  targetId?: number;
  reporterId?: number;
}

export interface ReportLine {
  id: number;
  reporter: AccountView;
  target: AccountView;
  comment: string;
  postIds: number[];
  createdAt: number;
  /** When the target's own server was told. */
  forwardedAt: number | null;
  resolvedAt: number | null;
  /** Null while it is open, and where the command line closed it. */
  resolvedBy: AccountView | null;
}

export interface ReportView extends ReportLine {
  /** Those that are still there. The report discloses them to staff, whoever may see them otherwise. */
  posts: PostView[];
}

interface Row {
  id: number;
  reporter_id: number;
  target_id: number;
  comment: string;
  post_ids: string;
  created_at: number;
  forwarded_at: number | null;
  resolved_at: number | null;
  resolved_by_id: number | null;
}

const SELECT = `select id, reporter_id, target_id, comment, post_ids, created_at, forwarded_at, resolved_at, resolved_by_id
  from reports`;

export async function listReports(reader: Reader, filter: ReportFilter, page: PageRequest): Promise<Page<ReportLine>> {
  const values: HotValue[] = [page.before ?? Number.MAX_SAFE_INTEGER, page.after ?? 0, page.limit + 1];
  const conditions = ['id < $1', 'id > $2'];
  if (filter.resolved !== undefined) conditions.push(`resolved_at is ${filter.resolved ? 'not ' : ''}null`);
  if (filter.targetId !== undefined) conditions.push(`target_id = $${values.push(filter.targetId)}`);
  if (filter.reporterId !== undefined) conditions.push(`reporter_id = $${values.push(filter.reporterId)}`);
  const rows = await reader.read.hot<Row>(
    `${SELECT} where ${conditions.join(' and ')} order by id desc limit $3`,
    ...values,
  );
  const { items, nextBefore } = pageOf(rows, page.limit);
  return { items: await reportLines(reader, items), nextBefore };
}

export async function findReport(reader: Reader, id: number): Promise<ReportView | null> {
  const rows = await reader.read.hot<Row>(`${SELECT} where id = $1`, id);
  const [line] = await reportLines(reader, rows);
  if (!line) return null;
  // With their author's eyes, who sees each of them.
  const posts = await postViews(reader, line.target.id, line.postIds);
  return { ...line, posts: line.postIds.flatMap((postId) => posts.get(postId) ?? []) };
}

export async function countOpenReports({ read }: Pick<Reader, 'read'>): Promise<number> {
  const rows = await read.hot<{ count: number }>('select count(*) as count from reports where resolved_at is null');
  return Number(rows[0]?.count ?? 0);
}

async function reportLines(reader: Reader, rows: readonly Row[]): Promise<ReportLine[]> {
  const accounts = await accountViews(
    reader,
    rows.flatMap((row) => [row.reporter_id, row.target_id, row.resolved_by_id ?? []].flat()),
  );
  return rows.flatMap((row) => {
    const reporter = accounts.get(row.reporter_id);
    const target = accounts.get(row.target_id);
    if (!reporter || !target) return [];
    return [
      {
        id: row.id,
        reporter,
        target,
        comment: row.comment,
        postIds: JSON.parse(row.post_ids) as number[],
        createdAt: row.created_at,
        forwardedAt: row.forwarded_at,
        resolvedAt: row.resolved_at,
        resolvedBy: accounts.get(row.resolved_by_id ?? 0) ?? null,
      },
    ];
  });
}
