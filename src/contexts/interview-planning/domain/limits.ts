/** A plan is read, numbered and shown as a whole. */
export const mostStages = 100;
/** Activities of one stage. */
export const mostItems = 50;
/** Imports of one team at a time, on all replicas together. */
export const importsPerTeam = 2;
