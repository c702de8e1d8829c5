/** Who a post is for. `direct` is visible to its author and the accounts it mentions. */
export const VISIBILITIES = ['public', 'unlisted', 'followers', 'direct'] as const;

export type Visibility = (typeof VISIBILITIES)[number];
