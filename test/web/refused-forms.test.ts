import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMember, sessionOf } from '../members.ts';
import { elementsOf, find, wordsOf, type Element } from './markup.ts';
import { openSite, type Site } from './site.ts';
import { Visitor } from './visitor.ts';

/* What comes back when a form is refused, whichever form it was. */

let site: Site;
let ana: number;

beforeEach(async () => {
  site = await openSite();
  ana = await addMember(site.world, 'ana');
});

afterEach(() => site.close());

async function member(language = 'en'): Promise<Visitor> {
  return new Visitor(site, ana, await sessionOf(site.world, ana), language);
}

function title({ document }: Visitor): string {
  return find(document, ({ name }) => name === 'title')
    .map(wordsOf)
    .join('');
}

/** The lines above the form, each with where it leads. */
function summary({ document }: Visitor): string[] {
  const [notice] = find(document, (one) => one.attributes.get('data-part') === 'error-summary');
  return notice ? find(notice, ({ name }) => name === 'li').map(wordsOf) : [];
}

/** Links of the page to places that it does not have. */
function deadLinks({ document }: Visitor): string[] {
  const ids = new Set([...elementsOf(document)].map(({ attributes }) => attributes.get('id')));
  const links = find(document, isLinkWithin).map(({ attributes }) => attributes.get('href') ?? '');
  return links.filter((href) => !ids.has(href.slice(1)));
}

function isLinkWithin({ name, attributes }: Element): boolean {
  return name === 'a' && (attributes.get('href') ?? '').startsWith('#');
}

describe('a form that is refused', () => {
  test('whose title said nothing of it: it is the first thing that is read out', async () => {
    const reader = await (await member()).visit('/settings/account');
    expect(title(reader)).toMatch(/^Account ·/);
    await reader.submit('/settings/account/email', { email: '', current_password: '' });
    expect(title(reader)).toMatch(/^Error: Account ·/);
    const french = await (await member('fr')).visit('/settings/account');
    await french.submit('/settings/account/email', { email: '', current_password: '' });
    expect(title(french)).toMatch(/^Erreur : Compte ·/);
  });

  test('said twice that something is missing, and not what', async () => {
    const reader = await (await member()).visit('/settings/account');
    await reader.submit('/settings/account/email', { email: '', current_password: '' });
    expect(summary(reader)).toEqual([
      'New address: Something is missing here.',
      'Present password: Something is missing here.',
    ]);
    expect(deadLinks(reader)).toEqual([]);
  });
});
