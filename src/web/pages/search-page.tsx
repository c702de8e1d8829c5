import type { AccountView, RelationView } from '#domain/accounts/account-view.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import type { TagView } from '#domain/search/tags.queries.ts';
import type { Page } from '#kernel/page.ts';
import { AccountCard } from '#web/components/account-card.tsx';
import { Card } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Layout } from '#web/components/layout.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Post } from '#web/components/post.tsx';
import { SearchForm } from '#web/components/search-form.tsx';
import { TagList } from '#web/components/tag-list.tsx';
import type { ViewContext } from '#web/view-context.ts';

export interface SearchResults {
  accounts: AccountView[];
  relations: ReadonlyMap<number, RelationView>;
  tags: TagView[];
  posts: Page<PostView>;
}

interface SearchPageProps {
  ctx: ViewContext;
  query: string;
  results: SearchResults;
  error: string | null;
}

export function SearchPage({ ctx, query, results, error }: SearchPageProps) {
  const { t } = ctx;
  return (
    <Layout
      ctx={ctx}
      title={query === '' ? t('nav.search') : t('search.title', { query })}
      heading={t('nav.search')}
      rail={null}
      head={<meta name="robots" content="noindex" />}
    >
      <div class="search-page">
        <SearchForm ctx={ctx} query={query} autofocus={query === ''} />
      </div>
      {error === null ? (
        <Results ctx={ctx} query={query} results={results} />
      ) : (
        <Notice ctx={ctx} kind="error" title={error} />
      )}
    </Layout>
  );
}

function Results({ ctx, query, results }: Omit<SearchPageProps, 'error'>) {
  const { t } = ctx;
  const { accounts, relations, tags, posts } = results;
  if (query === '')
    return <EmptyState title={t('search.begin')} text={t(ctx.viewer ? 'search.begin-text' : 'search.begin-guest')} />;
  if (accounts.length + tags.length + posts.items.length === 0 && posts.nextBefore === null) {
    return (
      <EmptyState
        title={t('search.nothing', { query })}
        text={t(ctx.viewer ? 'search.nothing-text' : 'search.nothing-guest')}
      >
        {ctx.viewer ? null : (
          <a class="button" href={`/login?return_to=${encodeURIComponent(ctx.path)}`}>
            {t('nav.log-in')}
          </a>
        )}
      </EmptyState>
    );
  }
  return (
    <>
      {accounts.length > 0 ? (
        <Card title={t('search.people')}>
          {accounts.map((account) => (
            <AccountCard ctx={ctx} account={account} relation={relations.get(account.id)} />
          ))}
        </Card>
      ) : null}
      {tags.length > 0 ? (
        <Card title={t('search.tags')}>
          <TagList ctx={ctx} tags={tags} />
        </Card>
      ) : null}
      {posts.items.length > 0 ? (
        <Card title={t('search.posts')}>
          {posts.items.map((post) => (
            <Post ctx={ctx} post={post} />
          ))}
        </Card>
      ) : null}
      <Pagination ctx={ctx} nextBefore={posts.nextBefore} />
    </>
  );
}
