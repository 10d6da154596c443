/** Stages of one plan. A plan is read, numbered and shown as a whole, so its size is limited. */
export const mostStages = 100;
/** Activities of one stage. */
export const mostItems = 50;
/** Concurrent imports of one team, on all replicas together. */
export const importsPerTeam = 2;
