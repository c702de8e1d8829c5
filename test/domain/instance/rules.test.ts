import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addRule } from '#domain/instance/add-rule.ts';
import { editRule } from '#domain/instance/edit-rule.ts';
import { policyText, policyTextVersions, ruleById, rulesInForce } from '#domain/instance/instance.queries.ts';
import { moveRule } from '#domain/instance/move-rule.ts';
import { publishPolicyText, type NewPolicyText } from '#domain/instance/publish-policy-text.ts';
import { retireRule } from '#domain/instance/retire-rule.ts';
import { limits } from '#kernel/limits.ts';
import { openWorld, type World } from '../../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const add = (text: string, hint = '') => world.commit(addRule, { actorId: null, text, hint });
const texts = async () => (await rulesInForce(world.store.read)).map((rule) => rule.text);

describe('rules', () => {
  test('stand in the order in which they were given, and can be moved', async () => {
    await add('Be kind');
    const second = await add('No advertising');
    await add('Describe your pictures');
    await world.commit(moveRule, { id: second, direction: 'up' });
    expect(await texts()).toEqual(['No advertising', 'Be kind', 'Describe your pictures']);
    await world.commit(moveRule, { id: second, direction: 'up' });
    expect(await texts()).toEqual(['No advertising', 'Be kind', 'Describe your pictures']);
    await world.commit(moveRule, { id: second, direction: 'down' });
    await world.commit(moveRule, { id: second, direction: 'down' });
    expect(await texts()).toEqual(['Be kind', 'Describe your pictures', 'No advertising']);
  });

  test('that say something else are new ones in the same place, and the old words are kept', async () => {
    const first = await add('Be kind');
    await add('No advertising');
    const changed = await world.commit(editRule, { actorId: null, id: first, text: 'Be kind, always', hint: '' });
    expect(changed).not.toBe(first);
    expect(await texts()).toEqual(['Be kind, always', 'No advertising']);
    expect(await ruleById(world.store.read, first)).toMatchObject({ text: 'Be kind', retiredAt: world.clock.now() });
  });

  test('whose hint changes are the same rules', async () => {
    const id = await add('Be kind');
    expect(await world.commit(editRule, { actorId: null, id, text: ' Be kind ', hint: 'Also to newcomers' })).toBe(id);
    expect(await rulesInForce(world.store.read)).toEqual([{ id, text: 'Be kind', hint: 'Also to newcomers' }]);
  });

  test('that were retired are not retired, edited or moved again', async () => {
    const id = await add('Be kind');
    await world.commit(retireRule, { actorId: null, id });
    expect(await texts()).toEqual([]);
    await expect(world.commit(retireRule, { actorId: null, id })).rejects.toMatchObject({ code: 'not-found' });
    await expect(world.commit(editRule, { actorId: null, id, text: 'x', hint: '' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(world.commit(moveRule, { id, direction: 'up' })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('say something, and are neither too long nor too many', async () => {
    await expect(add('  ')).rejects.toMatchObject({ reason: 'required', field: 'text' });
    await expect(add('x'.repeat(limits.ruleCharacters + 1))).rejects.toMatchObject({
      reason: 'too-long',
      field: 'text',
    });
    await expect(add('x', 'x'.repeat(limits.ruleHintCharacters + 1))).rejects.toMatchObject({ field: 'hint' });
    for (let n = 0; n < limits.rules; n += 1) await add(`Rule ${n}`);
    await expect(add('One more')).rejects.toMatchObject({ code: 'too-many' });
  });
});

describe('policy texts', () => {
  const publish = (kind: NewPolicyText['kind'], locale: 'en' | 'fr', markdown: string) =>
    world.commit(publishPolicyText, { actorId: null, kind, locale, markdown });

  test('are shown in the reader’s language, else in the other', async () => {
    await publish('terms', 'en', '# Terms');
    expect(await policyText(world.store.read, 'terms', 'fr')).toMatchObject({ locale: 'en', markdown: '# Terms' });
    await publish('terms', 'fr', '# Conditions');
    expect(await policyText(world.store.read, 'terms', 'fr')).toMatchObject({ locale: 'fr', markdown: '# Conditions' });
    expect(await policyText(world.store.read, 'privacy', 'fr')).toBeNull();
  });

  test('keep every version, and none for a text that did not change', async () => {
    const first = await publish('imprint', 'en', 'Ana, Street 1\r\nTown');
    expect(await publish('imprint', 'en', 'Ana, Street 1\nTown  ')).toBe(first);
    await publish('imprint', 'en', 'Ana, Street 2');
    const versions = await policyTextVersions(world.store.read, 'imprint', 'en');
    expect(versions.map((version) => version.markdown)).toEqual(['Ana, Street 2', 'Ana, Street 1\nTown']);
  });

  test('can be withdrawn', async () => {
    await publish('privacy', 'en', 'We keep little.');
    await publish('privacy', 'en', '');
    expect(await policyText(world.store.read, 'privacy', 'en')).toBeNull();
    expect(await policyTextVersions(world.store.read, 'privacy', 'en')).toHaveLength(2);
  });

  test('have an end', async () => {
    await expect(publish('terms', 'en', 'x'.repeat(limits.policyTextCharacters + 1))).rejects.toMatchObject({
      reason: 'too-long',
      field: 'markdown',
    });
  });
});
