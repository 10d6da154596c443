/** Postgres keeps every character but NUL, and no half of a pair; with one a text would be our fault instead of the sender's. */
export const keepable = /^[^\0\p{Surrogate}]*$/u;
