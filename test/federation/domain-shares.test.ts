import { expect, test } from 'vitest';
import { createDomainShares, registrableDomainOf } from '#federation/domain-shares.ts';
import { ManualClock } from '#kernel/clock.ts';

test.each([
  ['social.example', 'social.example'],
  ['a.b.c.social.example', 'social.example'],
  ['www.bbc.co.uk', 'bbc.co.uk'],
  ['w1.evil.test', 'evil.test'],
  // Each of these people has a domain of their own.
  ['alice.github.io', 'alice.github.io'],
  ['www.alice.github.io', 'alice.github.io'],
  ['github.io', 'github.io'],
  ['127.0.0.1', '127.0.0.1'],
  ['[::1]', '[::1]'],
  ['localhost', 'localhost'],
])('%s belongs to %s', (hostname, domain) => expect(registrableDomainOf(hostname)).toBe(domain));

test('all names of a domain have one share, which is whole again after a while', () => {
  const clock = new ManualClock();
  const shares = createDomainShares({ tries: 2, seconds: 60 }, clock);
  expect(['a.evil.test', 'b.evil.test', 'c.evil.test', 'honest.test'].map((host) => shares.take(host))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  clock.advance(60_000);
  expect(shares.take('d.evil.test')).toBe(true);
});
