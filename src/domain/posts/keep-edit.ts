import type { Unit } from '#db/unit.ts';

interface Earlier {
  id: number;
  contentHtml: string;
  warning: string | null;
  sensitive: boolean;
  editedAt: number | null;
  createdAt: number;
}

/** Keeps what a post says now in its history, before it is changed. */
export async function keepEdit(unit: Unit, post: Earlier): Promise<void> {
  const media = await unit.tx.hot<{ url: string | null; description: string | null }>(
    'select coalesce(file, remote_url) as url, description from media where post_id = $1 order by position',
    post.id,
  );
  const options = await unit.tx.hot<{ title: string }>(
    'select title from poll_options where post_id = $1 order by position',
    post.id,
  );
  const { postEdits } = unit.schema;
  await unit.tx.insert(postEdits).values({
    id: unit.newId(),
    postId: post.id,
    contentHtml: post.contentHtml,
    warning: post.warning,
    sensitive: post.sensitive,
    media,
    pollOptions: options.map(({ title }) => title),
    createdAt: post.editedAt ?? post.createdAt,
  });
}
