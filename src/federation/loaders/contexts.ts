import { preloadedContexts } from '@fedify/vocab-runtime';
import type { DocumentLoader } from '@fedify/vocab-runtime';
import { LITEPUB_CONTEXT, MBIN_CONTEXT } from './vendor-contexts.ts';

/** Other spellings in use. */
const ALIASES: Record<string, string> = {
  'http://www.w3.org/ns/activitystreams': 'https://www.w3.org/ns/activitystreams',
  'https://www.w3.org/ns/activitystreams#': 'https://www.w3.org/ns/activitystreams',
  'http://w3id.org/security/v1': 'https://w3id.org/security/v1',
  'https://web-payments.org/contexts/security-v1.jsonld': 'https://w3id.org/security/v1',
};

const BUNDLED = new Map<string, unknown>(
  Object.entries(preloadedContexts).map(([name, document]) => [name, bundle(document)]),
);

const LITEPUB = bundle(LITEPUB_CONTEXT);

/** Names that differ from instance to instance; what such a host serves there is never asked for. */
const PATTERNS: { name: RegExp; document: unknown }[] = [
  { name: /^https?:\/\/[^/?#]+\/schemas\/litepub-0\.1\.jsonld$/, document: LITEPUB },
  { name: /^https?:\/\/litepub\.social\/(?:litepub\/)?context\.jsonld$/, document: LITEPUB },
  { name: /^https?:\/\/[^/?#]+\/contexts$/, document: bundle(MBIN_CONTEXT) },
];

/** The context that stands for every name which is not bundled: it gives a key its meaning and renames nothing. */
const FALLBACK_CONTEXT = 'https://w3id.org/security/v1';

/** The context of that name as we carry it, or null. */
export function findContext(name: string): unknown {
  return BUNDLED.get(ALIASES[name] ?? name) ?? PATTERNS.find((pattern) => pattern.name.test(name))?.document ?? null;
}

/** The names of all contexts that we carry under a name of their own. */
export function bundledContextNames(): string[] {
  return [...BUNDLED.keys()];
}

/**
 * Answers every context from the bundle and never asks anybody. An unknown name is read as security/v1: an empty
 * answer would lose `publicKey`, and an exception would turn up as a failure of ours inside signature checks.
 */
export const contextLoader: DocumentLoader = async (name) => ({
  contextUrl: null,
  documentUrl: name,
  document: findContext(name) ?? findContext(FALLBACK_CONTEXT),
});

/**
 * One object of terms, the later ones over the earlier. jsonld.js writes into lists of contexts that it was given, so
 * there is none left here, and the rest is frozen: these are shared by all documents.
 */
function bundle(document: unknown): unknown {
  return frozen(structuredClone({ '@context': Object.assign({}, ...termsOf(document)) as unknown }));
}

function termsOf(document: unknown): unknown[] {
  const { '@context': context } = document as { '@context': unknown };
  return [context].flat().flatMap((part) => (typeof part === 'string' ? termsOf(preloadedContexts[part]) : [part]));
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
