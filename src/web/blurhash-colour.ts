const BASE83 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';

/**
 * The mean colour that a BlurHash carries in its third to sixth character (DC component, sRGB), as `#rrggbb`;
 * null for what is not a BlurHash.
 */
export function averageColour(blurhash: string): string | null {
  if (blurhash.length < 6 || blurhash.length > 200) return null;
  let value = 0;
  for (const character of blurhash.slice(2, 6)) {
    const digit = BASE83.indexOf(character);
    if (digit < 0) return null;
    value = value * 83 + digit;
  }
  return value <= 0xffffff ? `#${value.toString(16).padStart(6, '0')}` : null;
}
