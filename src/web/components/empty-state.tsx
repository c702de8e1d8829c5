import type { Child } from '#web/jsx/html.ts';

interface EmptyStateProps {
  /** What will be here. */
  title: string;
  /** How to begin. */
  text?: Child;
  /** A link or form. */
  children?: Child;
}

export function EmptyState({ title, text, children }: EmptyStateProps) {
  return (
    <div class="empty" data-part="empty-state">
      <EmptyStage />
      <p class="empty-title">{title}</p>
      {text ? <p class="empty-text">{text}</p> : null}
      {children ? <div class="empty-actions">{children}</div> : null}
    </div>
  );
}

/** The platform with nobody on it yet. */
export function EmptyStage() {
  return (
    <svg class="empty-stage" width="160" height="84" viewBox="0 0 160 84" aria-hidden="true">
      <linearGradient id="stage-light" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" />
        <stop offset="1" />
      </linearGradient>
      <path class="empty-light" d="M71 2h18l31 54H40Z" />
      <path class="empty-step" d="M34 56h92a3 3 0 0 1 3 3v7H31v-7a3 3 0 0 1 3-3Z" />
      <path class="empty-floor" d="M15 69h130a3 3 0 0 1 3 3v8H12v-8a3 3 0 0 1 3-3Z" />
    </svg>
  );
}
