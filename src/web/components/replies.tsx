import type { ThreadPost } from '#domain/timelines/thread.queries.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Post } from '#web/components/post.tsx';

interface Placed extends ThreadPost {
  indent: number;
  /** It is the only answer to the post above it, and goes on with it. */
  continues: boolean;
}

/**
 * The answers below a post. A chain of single answers runs straight down along a line; where several answer one post,
 * each of them is a step further in.
 */
export function Replies({ ctx, replies }: { ctx: ViewContext; replies: readonly ThreadPost[] }) {
  const placed = place(replies);
  return (
    <>
      {placed.map(({ post, indent, continues }, position) => (
        <Post
          ctx={ctx}
          post={post}
          variant="reply"
          depth={indent}
          line={{ above: continues, below: placed[position + 1]?.continues }}
        />
      ))}
    </>
  );
}

function place(replies: readonly ThreadPost[]): Placed[] {
  const answers = new Map<number, number>();
  for (const { post } of replies) answers.set(post.replyToId ?? 0, (answers.get(post.replyToId ?? 0) ?? 0) + 1);
  const indents = new Map<number, number>();
  return replies.map((reply, position) => {
    const parentIndent = reply.depth === 1 ? undefined : indents.get(reply.post.replyToId ?? 0);
    const isAlone = answers.get(reply.post.replyToId ?? 0) === 1;
    const continues = parentIndent !== undefined && isAlone && replies[position - 1]?.post.id === reply.post.replyToId;
    const indent = parentIndent === undefined ? 0 : continues ? parentIndent : parentIndent + 1;
    indents.set(reply.post.id, indent);
    return { ...reply, indent, continues };
  });
}
