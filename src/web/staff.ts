import type { Context, MiddlewareHandler } from 'hono';
import type { Command } from '#db/unit.ts';
import { requireStaff } from '#domain/membership/member.ts';
import { may, type Permission } from '#domain/membership/permissions.ts';
import { notAllowed, notFound } from '#kernel/errors.ts';
import { requireLogin } from '#web/session.ts';
import type { WebEnv } from '#web/web-deps.ts';

/**
 * Opens a page of the administration to those who may. Visitors are asked to log in; to members who are no staff the
 * page does not exist; staff without the permission is told so.
 */
export function requirePermission(permission: Permission): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    const session = c.get('session');
    if (!session) return requireLogin(c, next);
    if (session.role === 'user') throw notFound();
    if (!may(session.role, permission)) throw notAllowed();
    return next();
  };
}

/** Whether the person of this request may do it, for what a page shows. */
export function mayHere(c: Context<WebEnv>, permission: Permission): boolean {
  const session = c.get('session');
  return session !== null && may(session.role, permission);
}

/** The same command, which asks in its transaction whether its actor still may: for commands that do not ask. */
export function asStaff<Input, Output>(
  permission: Permission,
  command: Command<Input, Output>,
): Command<Input & { actorId: number }, Output> {
  return async (unit, input) => {
    await requireStaff(unit, input.actorId, permission);
    return command(unit, input);
  };
}
