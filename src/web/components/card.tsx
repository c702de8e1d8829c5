import type { Child } from '#web/jsx/html.ts';

interface CardProps {
  title?: string | undefined;
  /** The heading's level on this page. */
  level?: 2 | 3 | undefined;
  actions?: Child;
  children?: Child;
}

/** A part of a page under a heading, set off by a hairline rather than a box. */
export function Card({ title, level = 2, actions, children }: CardProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section class="card" data-part="card">
      {title ? (
        <div class="card-head">
          <Heading class="card-title">{title}</Heading>
          {actions}
        </div>
      ) : null}
      {children}
    </section>
  );
}

export interface KeyValue {
  key: string;
  value: Child;
}

export function KeyValueList({ items }: { items: KeyValue[] }) {
  return (
    <dl class="key-values" data-part="key-values">
      {items.map((item) => (
        <div class="key-value">
          <dt>{item.key}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface StatProps {
  label: string;
  /** Already formatted. */
  value: string;
  hint?: string | undefined;
  href?: string | undefined;
}

export function Stat({ label, value, hint, href }: StatProps) {
  return (
    <div class="stat" data-part="stat">
      <p class="stat-label">{href ? <a href={href}>{label}</a> : label}</p>
      <p class="stat-value">{value}</p>
      {hint ? <p class="stat-hint">{hint}</p> : null}
    </div>
  );
}

export function StatRow({ children }: { children?: Child }) {
  return <div class="stat-row">{children}</div>;
}
