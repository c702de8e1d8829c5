import type { MessageKey } from '#web/i18n.ts';

/** What a page says before something is done to an account. */
export interface StepWords {
  /** What will happen to somebody who lives here … */
  local: readonly MessageKey[];
  /** … and to somebody of another server. */
  remote: readonly MessageKey[];
  /** The way back, or that there is none. */
  undo: MessageKey;
}

export const LIMIT: StepWords = {
  local: ['admin-effect.limit-hidden', 'admin-effect.limit-consent'],
  remote: ['admin-effect.limit-remote'],
  undo: 'admin-effect.limit-undo',
};

export const SUSPEND: StepWords = {
  local: ['admin-effect.suspend-hidden', 'admin-effect.suspend-sessions'],
  remote: ['admin-effect.suspend-remote'],
  undo: 'admin-effect.suspend-undo',
};

export const UNSUSPEND: StepWords = {
  local: ['admin-effect.unsuspend-local'],
  remote: ['admin-effect.unsuspend-remote'],
  undo: 'admin-effect.unsuspend-undo',
};

export const DELETE: StepWords = {
  local: ['admin-effect.delete-local', 'admin-effect.delete-handle'],
  remote: ['admin-effect.delete-remote'],
  undo: 'admin-effect.delete-undo',
};

export const RESET_TOTP: StepWords = {
  local: ['admin-effect.totp-off', 'admin-effect.totp-mail'],
  remote: [],
  undo: 'admin-effect.totp-undo',
};

export const RESET_PASSWORD: StepWords = {
  local: ['admin-effect.password-sessions', 'admin-effect.password-mail'],
  remote: [],
  undo: 'admin-effect.password-undo',
};
