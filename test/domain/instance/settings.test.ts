import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editSettings } from '#domain/instance/edit-settings.ts';
import { createSettingsCache, readSettings, type EditableSettings } from '#domain/instance/settings.ts';
import { limits } from '#kernel/limits.ts';
import { outboxOf } from '../../members.ts';
import { openWorld, type World } from '../../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const edit = (changes: Partial<EditableSettings>) => world.commit(editSettings, { actorId: null, changes });

describe('the settings of an instance', () => {
  test('let nobody join until the admin chooses, and ask for 16 years', async () => {
    expect(await readSettings(world.store.read)).toMatchObject({
      registrations: 'closed',
      minimumAge: 16,
      postCharacters: 500,
      defaultLocale: 'en',
      setUpAt: null,
    });
  });

  test('keep what was changed and leave the rest', async () => {
    await edit({ name: '  The Stage ', description: 'Two\nlines' });
    await edit({ registrations: 'approval' });
    expect(await readSettings(world.store.read)).toMatchObject({
      name: 'The Stage',
      description: 'Two\nlines',
      registrations: 'approval',
      minimumAge: 16,
    });
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    ['no name', { name: '   ' }, 'required', 'name'],
    ['a name over lines', { name: 'a\nb' }, 'malformed', 'name'],
    ['a long name', { name: 'x'.repeat(61) }, 'too-long', 'name'],
    ['a mode that does not exist', { registrations: 'everyone' }, 'choice-unknown', 'registrations'],
    ['children', { minimumAge: 12 }, 'too-small', 'minimumAge'],
    ['an age in between', { minimumAge: 16.5 }, 'number-malformed', 'minimumAge'],
    ['no mail address', { contactEmail: 'ana' }, 'email-malformed', 'contactEmail'],
    ['an address with a script', { sourceUrl: 'javascript:alert(1)' }, 'url-malformed', 'sourceUrl'],
    ['a theme outside its folder', { theme: '../plain' }, 'malformed', 'theme'],
    ['endless posts', { postCharacters: limits.postCharactersMax + 1 }, 'too-large', 'postCharacters'],
  ])('refuse %s', async (_, changes, reason, field) => {
    await expect(edit(changes as Partial<EditableSettings>)).rejects.toMatchObject({ code: 'invalid', reason, field });
    expect(await readSettings(world.store.read)).toMatchObject({ name: 'Estrade', registrations: 'closed' });
  });

  test('cannot be made to say that the instance is set up, or where', async () => {
    const forged = { setUpAt: 1, origin: 'https://evil.test' } as Partial<EditableSettings>;
    await expect(edit(forged)).rejects.toMatchObject({ code: 'invalid' });
    expect((await readSettings(world.store.read)).setUpAt).toBeNull();
  });

  test('write who changed what into the log', async () => {
    const actorId = await world.person('ana');
    await world.commit(editSettings, { actorId, changes: { minimumAge: 18, name: 'Stage' } });
    const entries = await world.store.read.select().from(world.store.schema.auditEntries);
    expect(entries).toMatchObject([{ actorId, action: 'settings-edited', details: { keys: 'name minimumAge' } }]);
  });

  test('are local news: no other server is told', async () => {
    await edit({ name: 'Stage' });
    expect(await outboxOf(world, 'instance-updated')).toEqual([]);
  });
});

describe('the cache of settings', () => {
  test('asks the database once until it is dropped', async () => {
    let asked = 0;
    const read: typeof world.store.read.hot = (text, ...values) => {
      asked += 1;
      return world.store.read.hot(text, ...values);
    };
    const cache = createSettingsCache({ hot: read });
    await Promise.all([cache.read(), cache.read()]);
    expect(asked).toBe(1);
    await edit({ name: 'Stage' });
    expect((await cache.read()).name).toBe('Estrade');
    cache.drop();
    expect((await cache.read()).name).toBe('Stage');
    expect(asked).toBe(2);
  });

  test('does not keep what was read before a change and arrives after it', async () => {
    let release = () => undefined as void;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let slow = true;
    const cache = createSettingsCache({
      hot: async (text, ...values) => {
        const rows = await world.store.read.hot(text, ...values);
        if (slow) await gate;
        return rows as never;
      },
    });
    const early = cache.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    slow = false;
    await edit({ name: 'Stage' });
    cache.drop();
    release();
    expect((await early).name).toBe('Estrade');
    expect((await cache.read()).name).toBe('Stage');
  });

  test('asks again after a failure', async () => {
    let broken = true;
    const cache = createSettingsCache({
      hot: (text, ...values) => (broken ? Promise.reject(new Error('disk')) : world.store.read.hot(text, ...values)),
    });
    await expect(cache.read()).rejects.toThrow('disk');
    broken = false;
    expect((await cache.read()).name).toBe('Estrade');
  });
});
