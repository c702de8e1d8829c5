import { z } from 'zod';
import type { Query } from '#db/store.ts';
import { limits } from '#kernel/limits.ts';

export const REGISTRATIONS = ['closed', 'approval', 'invite', 'open'] as const;

/** Who may join: nobody, those whom staff approves, those with an invite, everyone. */
export type Registrations = (typeof REGISTRATIONS)[number];

const line = (charactersMax: number) =>
  z
    .string()
    .trim()
    .max(charactersMax)
    .regex(/^[^\r\n]*$/);
const text = (charactersMax: number) => z.string().trim().max(charactersMax);

/** What the admin decides, and may decide anew at any time. */
export const editableSettings = z.object({
  name: line(limits.instanceNameCharacters).min(1),
  /** One or two sentences, for lists of servers and search engines. */
  description: text(limits.instanceDescriptionCharacters),
  /** Markdown, for the about page. */
  longDescription: text(limits.instanceTextCharacters),
  /** Empty where none is shown. */
  contactEmail: z.literal('').or(z.email().max(limits.emailCharacters)),
  registrations: z.enum(REGISTRATIONS),
  minimumAge: z.int().min(limits.minimumAgeLeast).max(limits.minimumAgeMost),
  /** The theme of visitors and of everyone here; a theme's folder name. */
  theme: line(40).regex(/^[a-z0-9][a-z0-9-]*$/),
  defaultLocale: z.enum(['en', 'fr']),
  /** Where the running source can be had (AGPL-3.0 §13); empty where it is the unchanged release. */
  sourceUrl: z.literal('').or(z.url({ protocol: /^https?$/ }).max(2000)),
  postCharacters: z.int().min(1).max(limits.postCharactersMax),
  /** Whether the front page shows visitors what people here have posted of late. */
  showLatestPosts: z.boolean(),
  /** Whether the about page says which servers are limited or suspended here, with the public comments. */
  showDomainPolicies: z.boolean(),
});

export type EditableSettings = z.infer<typeof editableSettings>;

const allSettings = editableSettings.extend({
  /** Null until the set-up is complete. */
  setUpAt: z.int().nullable(),
  /** Recorded at set-up: with others every id of the instance would die. */
  origin: z.string().nullable(),
  handleDomain: z.string().nullable(),
});

/** Everything that the instance knows of itself. */
export type Settings = z.infer<typeof allSettings>;

const DEFAULTS: Settings = {
  name: 'Estrade',
  description: '',
  longDescription: '',
  contactEmail: '',
  registrations: 'closed',
  minimumAge: 16,
  theme: 'plain',
  defaultLocale: 'en',
  sourceUrl: '',
  postCharacters: limits.postCharacters,
  showLatestPosts: true,
  showDomainPolicies: true,
  setUpAt: null,
  origin: null,
  handleDomain: null,
};

/** What is stored, over the defaults. Commands read it in their transaction; pages by a `SettingsCache`. */
export async function readSettings(read: Pick<Query, 'hot'>): Promise<Settings> {
  const rows = await read.hot<{ key: string; value: string }>('select key, value from settings');
  const stored = Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
  return allSettings.parse({ ...DEFAULTS, ...stored });
}

export interface SettingsCache {
  read(): Promise<Settings>;
  /** To be called after every commit of this process and of others. */
  drop(): void;
}

/** The settings of an answer, without a query where nothing was committed since they were read. */
export function createSettingsCache(read: Pick<Query, 'hot'>): SettingsCache {
  let kept: Promise<Settings> | null = null;
  return {
    read() {
      // A read that began before a commit is dropped with it: what it may have missed is not kept.
      kept ??= readSettings(read).catch((error: unknown) => {
        kept = null;
        throw error;
      });
      return kept;
    },
    drop() {
      kept = null;
    },
  };
}
