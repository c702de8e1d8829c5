import { invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

/**
 * Whether a password may be taken; doors ask before they hash it. Length decides, not kinds of characters
 * (NIST SP 800-63B §5.1.1.2).
 * @throws invalid.
 */
export function checkPassword(password: string, known: { handle?: string; email?: string } = {}): void {
  const characters = [...password].length;
  if (characters < limits.passwordCharactersMin) {
    throw invalid('password-too-short', 'password', { min: limits.passwordCharactersMin });
  }
  if (characters > limits.passwordCharactersMax) {
    throw invalid('password-too-long', 'password', { max: limits.passwordCharactersMax });
  }
  const folded = password.toLowerCase();
  const guessable = [known.handle, known.email, known.email?.split('@')[0]].filter(Boolean);
  if (new Set(folded).size < 3 || guessable.some((text) => text?.toLowerCase() === folded)) {
    throw invalid('password-guessable', 'password');
  }
}
