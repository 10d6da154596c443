/**
 * Text that Postgres can store: no NUL and no lone surrogate. Other text is refused as the sender's error; otherwise it would
 * fail as a server error.
 */
export const storableText = /^[^\0\p{Surrogate}]*$/u;
