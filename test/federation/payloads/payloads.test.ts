import { describe, expect, test } from 'vitest';
import { captured } from './captured.ts';
import { expectations } from './expectations.ts';
import type { Expectation, ExpectedPost } from './expectations.ts';
import { outcomeOf } from './outcome.ts';

describe.skipIf(captured === null)('captured documents', () => {
  test('each has its expectation, and each expectation its document', () => {
    expect([...(captured?.keys() ?? [])].toSorted()).toEqual(Object.keys(expectations).toSorted());
  });

  test.each(Object.entries(expectations))('%s', (name, expectation) => {
    expect(captured?.has(name)).toBe(true);
    expect(outcomeOf(captured?.get(name))).toMatchObject(matching(expectation));
  });

  test('of those that carry a post at least nine in ten become posts', () => {
    const all = Object.keys(expectations).filter((name) => carriesPost(expectations[name]));
    const become = all.filter((name) => outcomeOf(captured?.get(name))['is'] !== 'refused');
    expect(all.length).toBeGreaterThan(50);
    expect(become.length / all.length).toBeGreaterThanOrEqual(0.9);
  });
});

function carriesPost(expectation: Expectation | undefined): boolean {
  if (expectation?.is === 'refused') return expectation.carriesPost === true;
  return expectation?.is === 'post';
}

/** Texts are expected by their beginning; a post that no activity brings says so. */
function matching(expectation: Expectation): object {
  if (expectation.is === 'post') return { ...expectation, ...textOf(expectation) };
  if (expectation.is === 'announce' && expectation.brings) {
    return { ...expectation, brings: { ...expectation.brings, ...textOf(expectation.brings) } };
  }
  if (expectation.is === 'collection') {
    return { ...expectation, posts: expectation.posts.map((post) => ({ ...post, ...textOf(post) })) };
  }
  if (expectation.is === 'refused') return { is: 'refused', why: expectation.why };
  return expectation;
}

function textOf(post: ExpectedPost): { text: unknown } {
  const begins = post.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return { text: post.text === '' ? '' : expect.stringMatching(new RegExp(`^${begins}`)) };
}
